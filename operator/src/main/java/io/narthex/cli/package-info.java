/**
 * The command line: makes the commands, which are packages below, and runs the one that is asked for.
 *
 * <p>Enters: arguments, standard input. Leaves: results on standard output, all else on standard error, the exit code. Must
 * not know: how anything is compiled, rolled out or observed.
 */
@NullMarked
package io.narthex.cli;

import org.jspecify.annotations.NullMarked;
