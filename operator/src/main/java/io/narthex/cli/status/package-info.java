/**
 * The command status: how the targets are, of a run, of any Prometheus or of an operator's servers.
 *
 * <p>Enters: a state folder, the URL of a Prometheus or of an operator. Leaves: tables, documents. Must not know: other
 * commands.
 */
@NullMarked
package io.narthex.cli.status;

import org.jspecify.annotations.NullMarked;
