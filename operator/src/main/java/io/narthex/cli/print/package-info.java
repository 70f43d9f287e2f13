/**
 * How results look: diagnostics as text, JSON or SARIF, tables, colours, text made safe for a terminal.
 *
 * <p>Enters: diagnostics and the lines they speak of, the status of a server. Leaves: text. Must not know: commands,
 * arguments, where the diagnostics come from.
 */
@NullMarked
package io.narthex.cli.print;

import org.jspecify.annotations.NullMarked;
