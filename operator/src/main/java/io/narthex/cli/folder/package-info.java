/**
 * The commands that look at files, make some or check what is at hand for them: lint, render, diff, doctor, init, import.
 *
 * <p>Enters: a folder, a file or standard input. Leaves: reports, files. Must not know: other commands.
 */
@NullMarked
package io.narthex.cli.folder;

import org.jspecify.annotations.NullMarked;
