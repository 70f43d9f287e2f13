package io.narthex.cli.terminal;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is connected to.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: everything else
 * @param interactive whether standard output is a terminal
 * @param size how large the terminal is now
 * @param environment the environment variables
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        Size size,
        Map<String, String> environment) {

    /** How large a terminal is, asked each time, since a window changes its size. */
    public interface Size {
        /** What is assumed where nothing is known. */
        Size USUAL = () -> Optional.empty();

        /** Returns columns and rows; empty where there is no terminal, or it doesn't tell. */
        Optional<WindowSize> now();
    }

    private static final int USUAL_WIDTH = 100;
    private static final int NARROWEST = 40;
    private static final int WIDEST = 500;

    /** Returns the terminal of this process. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again where there is no terminal
    public static Terminal ofProcess() {
        Console console = System.console();
        boolean interactive = console != null && console.isTerminal();
        return new Terminal(
                System.in,
                System.out,
                System.err,
                interactive,
                interactive ? new WindowSizes()::ofStandardOutput : Size.USUAL,
                System.getenv());
    }

    /** Returns an environment variable; empty where it isn't set. */
    public String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Returns the columns to print for: those of {@code COLUMNS}, the terminal's, or a usual number. */
    public int width() {
        return Math.clamp(
                number(variable("COLUMNS"))
                        .or(() -> size.now().map(WindowSize::columns))
                        .orElse(USUAL_WIDTH),
                NARROWEST,
                WIDEST);
    }

    /** Returns the terminal's rows; very many where it doesn't tell. */
    int height() {
        return size.now().map(WindowSize::rows).orElse(Integer.MAX_VALUE);
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(number -> number > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
