/**
 * The rollout's driver for services of a Docker Swarm. Enters: what ought to run, and what Docker tells of the Swarm.
 * Leaves: configs, services and what the engine is to know of them. It must not know where resources come from, nor
 * decide what happens next.
 */
@NullMarked
package io.narthex.rollout.swarm;

import org.jspecify.annotations.NullMarked;
