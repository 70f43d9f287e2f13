/**
 * The command run: what a run of a folder does, told as it happens.
 *
 * <p>Enters: a folder, what the run's loop reports. Leaves: lines that are drawn anew, or one event a line. Must not know:
 * other commands.
 */
@NullMarked
package io.narthex.cli.run;

import org.jspecify.annotations.NullMarked;
