package io.narthex.cli.terminal;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.cli.print.DiagnosticText;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.SourceLines;
import io.narthex.cli.print.Style;

/**
 * How one command prints, as its options and the terminal ask for it.
 *
 * @param terminal where it prints
 * @param format the form of results
 * @param quiet whether to leave out what is not the result itself
 * @param verbose whether to tell more on standard error
 * @param style whether to use colours
 */
public record Output(Terminal terminal, OutputFormat format, boolean quiet, boolean verbose, Style style) {

    /** Returns whether results are asked for as text. */
    public boolean isText() {
        return format == OutputFormat.text;
    }

    /** Returns whether lines may be drawn anew in their place. */
    public boolean isLive() {
        return isText() && terminal.interactive() && !terminal.variable("TERM").equals("dumb");
    }

    /** Prints a line of the result. */
    public void line(String text) {
        terminal.out().println(text);
    }

    /** Prints text of the result as it is. */
    public void print(String text) {
        terminal.out().print(text);
    }

    /** Prints a line that is part of the result, but not under {@code -q}. */
    public void aside(String text) {
        if (!quiet) {
            terminal.out().println(text);
        }
    }

    /** Prints a document. */
    public void json(JsonNode document) {
        terminal.out().println(Json.pretty(document));
    }

    /** Prints one document of a stream. */
    public void jsonLine(JsonNode document) {
        terminal.out().println(Json.line(document));
        terminal.out().flush();
    }

    /** Prints a note to the user on standard error, but not under {@code -q}. */
    public void note(String text) {
        if (!quiet) {
            terminal.err().println(text);
        }
    }

    /** Prints a detail on standard error under {@code -v}. */
    void detail(String text) {
        if (verbose) {
            terminal.err().println(text);
        }
    }

    /** Returns the printer of diagnostics. */
    public DiagnosticText diagnostics(SourceLines lines) {
        return new DiagnosticText(lines, style, terminal.width());
    }
}
