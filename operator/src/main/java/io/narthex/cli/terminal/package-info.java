/**
 * What a command is connected to and how it ends: the terminal, how it prints there, its failures and exit codes.
 *
 * <p>Enters: the process's streams and environment, the options of printing. Leaves: what is printed, exit codes. Must not
 * know: what a command is about.
 */
@NullMarked
package io.narthex.cli.terminal;

import org.jspecify.annotations.NullMarked;
