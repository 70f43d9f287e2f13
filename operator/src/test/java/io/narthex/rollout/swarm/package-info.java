/** Tests of the driver for services of a Swarm. */
package io.narthex.rollout.swarm;
