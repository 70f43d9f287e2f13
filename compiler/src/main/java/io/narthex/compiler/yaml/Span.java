package io.narthex.compiler.yaml;

import io.narthex.compiler.model.Position;

/**
 * A stretch of one line of a file.
 *
 * @param line the line, from 1
 * @param column the column in code points, from 1
 * @param length how many code points; at least 1
 */
record Span(int line, int column, int length) {

    Position in(String file) {
        return new Position(file, line, column, length);
    }
}
