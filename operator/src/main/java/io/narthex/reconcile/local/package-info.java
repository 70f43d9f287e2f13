/**
 * Runs a folder's server on this machine, change after change.
 *
 * <p>Enters: snapshots of a folder. Leaves: bundles for the rollout to a local process, and events that say what became
 * of each change. Must not know: how users are told, how a file is written or a process started.
 */
@NullMarked
package io.narthex.reconcile.local;

import org.jspecify.annotations.NullMarked;
