/**
 * The command line: reads arguments, calls the other rooms, prints what they answer, chooses the exit code.
 *
 * <p>Enters: arguments, standard input. Leaves: results on standard output, all else on standard error. Must not know:
 * how anything is compiled, rolled out or observed.
 */
@NullMarked
package io.narthex.cli;

import org.jspecify.annotations.NullMarked;
