package io.narthex.cli.terminal;

/**
 * The size of a terminal's window, in characters.
 *
 * @param columns at least 1
 * @param rows at least 1
 */
public record WindowSize(int columns, int rows) {}
