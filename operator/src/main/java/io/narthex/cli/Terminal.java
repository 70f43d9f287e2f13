package io.narthex.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command is connected to.
 *
 * @param in standard input
 * @param out standard output: results only
 * @param err standard error: everything else
 * @param interactive whether standard output is a terminal
 * @param width the terminal's columns
 * @param environment the environment variables
 */
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        boolean interactive,
        int width,
        Map<String, String> environment) {

    private static final int USUAL_WIDTH = 100;

    /** Returns the terminal of this process. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again where there is no terminal
    static Terminal ofProcess() {
        Console console = System.console();
        boolean interactive = console != null && console.isTerminal();
        Map<String, String> environment = System.getenv();
        return new Terminal(System.in, System.out, System.err, interactive, width(environment), environment);
    }

    /** Returns an environment variable; empty where it isn't set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    private static int width(Map<String, String> environment) {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
            return Math.clamp(columns, 40, 500);
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }
}
