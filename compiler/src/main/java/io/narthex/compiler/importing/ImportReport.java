package io.narthex.compiler.importing;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what an import has to tell. */
final class ImportReport {

    private final List<Diagnostic> problems = new ArrayList<>();
    private final Map<Diagnostic, String> notes = new LinkedHashMap<>();
    private final List<Imported.Line> lines = new ArrayList<>();
    private int fixable;

    void same(String what, String becomes) {
        lines.add(new Imported.Line(Imported.Kind.SAME, what, becomes));
    }

    void differs(String what, String how) {
        lines.add(new Imported.Line(Imported.Kind.DIFFERS, what, how));
    }

    void notMapped(String what, String why) {
        lines.add(new Imported.Line(Imported.Kind.NOT_MAPPED, what, why));
    }

    void error(DiagnosticCode code, Position place, String message, String allowed, String remedy) {
        problems.add(new Diagnostic(
                code, code.severity(), Optional.empty(), FieldPath.ROOT, Optional.of(place), message, allowed, remedy));
    }

    void addAll(List<Diagnostic> others) {
        problems.addAll(others);
    }

    /** Tells of a field that Prometheus would refuse; {@code note} may be empty text. */
    void unknown(Position place, String field, Optional<String> nearest, String note) {
        fixable += nearest.isPresent() ? 1 : 0;
        Diagnostic problem = new Diagnostic(
                DiagnosticCode.IMPORT_FIELD_UNKNOWN,
                DiagnosticCode.IMPORT_FIELD_UNKNOWN.severity(),
                Optional.empty(),
                FieldPath.ROOT,
                Optional.of(place),
                "unknown field " + Quoting.quote(field)
                        + nearest.map(name -> "; did you mean " + Quoting.quote(name) + "?")
                                .orElse(""),
                "",
                "");
        problems.add(problem);
        if (!note.isEmpty()) {
            notes.put(problem, note);
        }
    }

    void note(Position place, String text) {
        for (Diagnostic problem : problems) {
            if (problem.position().equals(Optional.of(place))) {
                notes.put(problem, text);
            }
        }
    }

    List<Diagnostic> problems() {
        return problems;
    }

    Map<Diagnostic, String> notes() {
        return notes;
    }

    List<Imported.Line> lines() {
        return lines;
    }

    int fixable() {
        return fixable;
    }
}
