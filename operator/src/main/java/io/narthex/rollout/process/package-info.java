/**
 * Carries out the rollout engine's actions on one Prometheus of this machine.
 *
 * <p>Enters: bundles, the state folder, the supervisor of the process. Leaves: files, signals, observations, status.
 * Must not know: how a bundle came to be, how a status is shown.
 */
@NullMarked
package io.narthex.rollout.process;

import org.jspecify.annotations.NullMarked;
