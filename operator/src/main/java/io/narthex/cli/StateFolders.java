package io.narthex.cli;

import java.nio.file.Path;

/** Where {@code narthex run} keeps its state unless told otherwise. */
final class StateFolders {

    private StateFolders() {}

    /** Returns {@code .narthex} in the folder, or beside a single file; an absolute path. */
    static Path of(Path input) {
        return Input.folderOf(input).resolve(".narthex");
    }
}
