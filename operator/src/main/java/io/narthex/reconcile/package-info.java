/**
 * Joins the stages, for all platforms: what a source declares, compiled, rolled out, observed.
 *
 * <p>Enters: what was declared, and what Prometheus took or refused. Leaves: what is to run. Must not know: one platform,
 * how users are told, how a file is written or a process started.
 */
@NullMarked
package io.narthex.reconcile;

import org.jspecify.annotations.NullMarked;
