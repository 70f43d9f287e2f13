package io.narthex.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where {@code narthex run} keeps its state unless told otherwise. */
final class StateFolders {

    private StateFolders() {}

    /** Returns {@code .narthex} in the folder, or beside a single file. */
    static Path of(Path input) {
        Path parent = input.toAbsolutePath().normalize().getParent();
        Path base = Files.isRegularFile(input) && parent != null ? parent : input;
        return base.resolve(".narthex");
    }
}
