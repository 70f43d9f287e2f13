/** Tests of what a Swarm declares, on what a real daemon said. */
package io.narthex.source.swarm;
