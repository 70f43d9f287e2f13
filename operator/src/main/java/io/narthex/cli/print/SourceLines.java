package io.narthex.cli.print;

import java.util.Optional;

/** Gives the lines that positions speak of. */
@FunctionalInterface
public interface SourceLines {

    /** For inputs that have no lines. */
    SourceLines NONE = (file, line) -> Optional.empty();

    /** Returns line {@code line} (from 1) of {@code file} without its end; empty where it can't be had. */
    Optional<String> line(String file, int line);
}
