/**
 * Reads declared resources and credentials from a folder, a file or standard input, and watches the folder.
 *
 * <p>Enters: a path. Leaves: snapshots of what is declared there, with what is wrong. Must not know: what the resources
 * mean, how they are compiled, what runs because of them.
 */
@NullMarked
package io.narthex.source.directory;

import org.jspecify.annotations.NullMarked;
