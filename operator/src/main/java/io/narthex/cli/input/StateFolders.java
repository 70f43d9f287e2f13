package io.narthex.cli.input;

import java.nio.file.Path;

/** Where {@code narthex run} keeps its state unless told otherwise. */
public final class StateFolders {

    private StateFolders() {}

    /** Returns {@code .narthex} in the folder, or beside a single file; an absolute path. */
    public static Path of(Path input) {
        return Input.folderOf(input).resolve(".narthex");
    }
}
