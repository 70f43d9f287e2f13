/**
 * The client of a running Prometheus: its version, readiness, loaded configuration, targets, rules and queries.
 *
 * <p>Enters: where it is and how to be let in. Leaves: an {@code Answer} to each question, which says in the type why
 * there is none; everything is read as a stream, under a limit of time and bytes. Must not know: what was declared, how
 * it was compiled, who runs the process.
 */
@NullMarked
package io.narthex.prometheus;

import org.jspecify.annotations.NullMarked;
