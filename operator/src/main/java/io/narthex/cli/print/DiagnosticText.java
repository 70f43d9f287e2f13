package io.narthex.cli.print;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import java.util.Locale;
import java.util.Optional;

/** Diagnostics as people read them: where and what in one line, the source line with the place marked, the remedy. */
public final class DiagnosticText {

    private final SourceLines lines;
    private final Style style;
    private final int width;

    /**
     * Creates the printer.
     *
     * @param lines the lines that the diagnostics speak of
     * @param style whether to use colours
     * @param width the columns of the terminal
     */
    public DiagnosticText(SourceLines lines, Style style, int width) {
        this.lines = lines;
        this.style = style;
        this.width = width;
    }

    /** Returns the whole of one diagnostic, several lines with an end to each. */
    public String block(Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder(256);
        text.append(headline(diagnostic)).append('\n');
        Optional<String> source = diagnostic
                .position()
                .flatMap(position -> lines.line(position.file(), position.line()))
                .flatMap(line -> Concealed.line(diagnostic, line));
        int gutter = source.isPresent()
                ? String.valueOf(diagnostic.position().orElseThrow().line()).length()
                : 1;
        String margin = " ".repeat(gutter + 1);
        source.ifPresent(line -> quote(text, diagnostic, line, margin));
        if (source.isEmpty() && !diagnostic.allowed().isEmpty()) {
            line(text, margin, "allowed", diagnostic.allowed());
        }
        if (!diagnostic.remedy().isEmpty()) {
            line(text, margin, "help", diagnostic.remedy());
        }
        line(text, margin, "more", "narthex explain " + diagnostic.code().id());
        return text.toString();
    }

    /** Returns place, severity, code and message in one line without an end. */
    public String headline(Diagnostic diagnostic) {
        String where = diagnostic
                .position()
                .map(Position::toString)
                .or(() -> diagnostic
                        .resource()
                        .map(key -> diagnostic.field().equals(FieldPath.ROOT)
                                ? key.toString()
                                : key + " " + diagnostic.field()))
                .map(place -> style.bold(Visible.of(place)) + ": ")
                .orElse("");
        String severity = diagnostic.severity().name().toLowerCase(Locale.ROOT) + "["
                + diagnostic.code().id() + "]";
        return where + colored(diagnostic.severity(), severity) + ": " + Visible.of(diagnostic.message());
    }

    private void quote(StringBuilder text, Diagnostic diagnostic, String source, String margin) {
        Position position = diagnostic.position().orElseThrow();
        Snippet snippet = Snippet.of(source, position.column(), position.length(), Math.max(40, width - 8));
        text.append(style.blue(margin + "|")).append('\n');
        text.append(style.blue(position.line() + " |"))
                .append(snippet.line().isEmpty() ? "" : " ")
                .append(snippet.line())
                .append('\n');
        String allowed = diagnostic.allowed().isEmpty() ? "" : " allowed: " + Visible.of(diagnostic.allowed());
        text.append(style.blue(margin + "|"))
                .append(" ".repeat(snippet.indent() + 1))
                .append(colored(diagnostic.severity(), "^".repeat(snippet.marks()) + allowed))
                .append('\n');
    }

    private void line(StringBuilder text, String margin, String label, String content) {
        text.append(margin)
                .append(style.blue("="))
                .append(' ')
                .append(style.bold(label + ":"))
                .append(' ')
                .append(Visible.of(content))
                .append('\n');
    }

    private String colored(Severity severity, String text) {
        return switch (severity) {
            case ERROR -> style.red(text);
            case WARNING -> style.yellow(text);
            case INFO -> style.blue(text);
        };
    }
}
