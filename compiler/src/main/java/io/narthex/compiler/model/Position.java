package io.narthex.compiler.model;

/**
 * A place in a file that a user wrote.
 *
 * @param file the file as the user named it; {@code -} for standard input
 * @param line the line, from 1
 * @param column the column in code points, from 1
 * @param length how many code points of the line are meant; at least 1
 */
public record Position(String file, int line, int column, int length) {

    public Position {
        if (line < 1 || column < 1 || length < 1) {
            throw new IllegalArgumentException("not a position: " + line + ":" + column + "+" + length);
        }
    }

    /** Returns {@code file:line:column}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
