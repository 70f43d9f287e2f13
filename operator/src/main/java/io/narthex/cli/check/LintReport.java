package io.narthex.cli.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.DiagnosticText;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Sarif;
import io.narthex.cli.print.SourceLines;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.Version;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.Optional;

/**
 * What was found wrong with an input.
 *
 * @param diagnostics all of it, ordered
 * @param files how many files were read
 * @param resources how many resources these hold
 * @param parser who checked PromQL; empty for nobody
 * @param note what else the user should know
 */
public record LintReport(List<Diagnostic> diagnostics, int files, int resources, String parser, Optional<String> note) {

    /** Returns whether nothing is wrong; under {@code strict} not even a warning. */
    boolean isClean(boolean strict) {
        return count(Severity.ERROR) == 0 && (!strict || count(Severity.WARNING) == 0);
    }

    private int count(Severity severity) {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == severity)
                .count();
    }

    void print(Output output, SourceLines lines, boolean strict) {
        switch (output.format()) {
            case text -> {
                note.ifPresent(words -> output.note("note: " + words));
                DiagnosticText text = output.diagnostics(lines);
                diagnostics.forEach(diagnostic -> output.print(text.block(diagnostic)));
                output.aside(Count.of(files, "file") + ", " + Count.of(resources, "resource") + ": "
                        + Count.of(count(Severity.ERROR), "error") + ", "
                        + Count.of(count(Severity.WARNING), "warning"));
            }
            case json -> {
                ObjectNode document = Json.document("lint")
                        .put("clean", isClean(strict))
                        .put("files", files)
                        .put("resources", resources)
                        .put("errors", count(Severity.ERROR))
                        .put("warnings", count(Severity.WARNING));
                document.put("promql", parser);
                note.ifPresent(words -> document.put("note", words));
                Json.putDiagnostics(document, diagnostics);
                output.json(document);
            }
            case sarif -> output.json(Sarif.log(diagnostics, Version.text()));
        }
    }
}
