/** Tests of the driver for services of a Swarm. */
@org.jspecify.annotations.NullMarked
package io.narthex.rollout.swarm;
