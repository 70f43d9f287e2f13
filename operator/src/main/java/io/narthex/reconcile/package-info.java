/**
 * Joins the stages: what a source declares, compiled, rolled out, observed.
 *
 * <p>Enters: a source's snapshots. Leaves: bundles for the rollout, and events that say what became of each change.
 * Must not know: how users are told, how a file is written or a process started.
 */
@NullMarked
package io.narthex.reconcile;

import org.jspecify.annotations.NullMarked;
