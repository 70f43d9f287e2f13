/**
 * What the user is told of a running server: its state, its jobs and targets, and in words why a scrape fails.
 *
 * <p>Enters: answers of a running Prometheus, what the supervisor sees, the jobs that were compiled. Leaves: immutable
 * snapshots. Must not know: how they are shown, how the configuration came to be loaded.
 */
@NullMarked
package io.narthex.status;

import org.jspecify.annotations.NullMarked;
