/**
 * What users name on the command line: folders and files, a run's state folder, a Docker daemon, URLs, names.
 *
 * <p>Enters: arguments and options as text. Leaves: what they name, read and checked, or a failure that says how to write
 * it. Must not know: what a command does with it.
 */
@NullMarked
package io.narthex.cli.input;

import org.jspecify.annotations.NullMarked;
