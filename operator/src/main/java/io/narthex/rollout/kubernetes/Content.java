package io.narthex.rollout.kubernetes;

import java.util.Optional;

/** Where the content of a release's files is. */
@FunctionalInterface
interface Content {

    /** Returns a file's content; empty where this isn't known to hold it. */
    Optional<byte[]> find(String path, String digest);

    /** Returns what looks here first, and there where it isn't here. */
    default Content or(Content other) {
        return (path, digest) -> find(path, digest).or(() -> other.find(path, digest));
    }
}
