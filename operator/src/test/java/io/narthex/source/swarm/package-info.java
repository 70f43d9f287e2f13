/** Tests of what a Swarm declares, on what a real daemon said. */
@org.jspecify.annotations.NullMarked
package io.narthex.source.swarm;
