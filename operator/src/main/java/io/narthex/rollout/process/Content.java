package io.narthex.rollout.process;

import java.io.IOException;
import java.nio.file.Path;

/** Where the content of a release's files is. */
@FunctionalInterface
interface Content {

    /**
     * Writes a file's content to {@code target}, a new file that only its user can read. Returns false where this isn't
     * known to hold the content.
     */
    boolean write(String path, String digest, Path target) throws IOException;

    /** Returns what looks here first, and there where it isn't here. */
    default Content or(Content other) {
        return (path, digest, target) -> write(path, digest, target) || other.write(path, digest, target);
    }
}
