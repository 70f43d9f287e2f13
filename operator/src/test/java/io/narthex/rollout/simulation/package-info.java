/**
 * Runs the rollout engine against a simulated world in which everything goes wrong that a seed says, and holds it to
 * its promises after each step.
 *
 * <p>Enters: a {@link io.narthex.rollout.RolloutEngine} and a seed. Leaves: nothing, or a {@link
 * io.narthex.rollout.simulation.Violation} that tells the seed and the steps that led there. Must not know: how the
 * engine decides.
 */
@NullMarked
package io.narthex.rollout.simulation;

import org.jspecify.annotations.NullMarked;
