package io.narthex.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.narthex.cli.print.Style;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options that every command takes. */
public final class OutputOptions {

    @Option(
            names = {"-o", "--format"},
            paramLabel = "FORMAT",
            description = "How to print the result: text or json (lint: sarif, too).")
    private OutputFormat format = OutputFormat.text;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print the result alone.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Tell more on standard error; show the trace of a bug.")
    private boolean verbose;

    @Option(names = "--no-color", description = "Use no colours; so does the variable NO_COLOR, and any pipe or file.")
    private boolean noColor;

    /** Returns how a command without SARIF prints. */
    public Output on(Terminal terminal) {
        if (format == OutputFormat.sarif) {
            throw Failure.usage("-o sarif is for narthex lint alone", "use -o text or -o json");
        }
        return withSarif(terminal);
    }

    /** Returns how a command prints that knows SARIF. */
    public Output withSarif(Terminal terminal) {
        if (verbose) {
            logAll();
        }
        return new Output(terminal, format, quiet, verbose, style(terminal));
    }

    boolean verbose() {
        return verbose;
    }

    private Style style(Terminal terminal) {
        // https://no-color.org: set to anything but the empty text.
        boolean plain = noColor
                || !terminal.interactive()
                || !terminal.variable("NO_COLOR").isEmpty()
                || terminal.variable("TERM").equals("dumb");
        return plain ? Style.PLAIN : Style.COLOR;
    }

    private static void logAll() {
        if (LoggerFactory.getLogger("io.narthex") instanceof Logger logger) {
            logger.setLevel(Level.DEBUG);
        }
    }
}
