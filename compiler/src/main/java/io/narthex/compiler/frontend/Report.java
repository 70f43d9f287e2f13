package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Checked;
import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.model.SourceMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one resource, for the length of one look at it. */
final class Report {

    private final Declared<?> resource;
    private final List<Diagnostic> found = new ArrayList<>();
    private int errors;

    Report(Declared<?> resource) {
        this.resource = resource;
    }

    /** Returns a report that nobody reads: of what was checked, and told of, elsewhere. */
    static Report unheard(ResourceKey resource) {
        return new Report(new Declared<>(resource, Map.of(), Map.of(), "", SourceMap.NONE));
    }

    /** Notes a problem with its code's usual severity. */
    void add(DiagnosticCode code, FieldPath field, String message, String allowed, String remedy) {
        add(code, code.severity(), field, message, allowed, remedy);
    }

    /** Notes a problem. */
    void add(DiagnosticCode code, Severity severity, FieldPath field, String message, String allowed, String remedy) {
        found.add(new Diagnostic(
                code,
                severity,
                Optional.of(resource.key()),
                field,
                resource.source().locate(field),
                message,
                allowed,
                remedy));
        errors += severity == Severity.ERROR ? 1 : 0;
    }

    /** Notes a problem at a character of the text {@code field}, which {@code index} counts in code points. */
    void addInside(DiagnosticCode code, FieldPath field, int index, String message, String allowed, String remedy) {
        found.add(new Diagnostic(
                code,
                code.severity(),
                Optional.of(resource.key()),
                field,
                resource.source().locate(field, index),
                message,
                allowed,
                remedy));
        errors += code.severity() == Severity.ERROR ? 1 : 0;
    }

    /** Notes a problem of a text. */
    void add(DiagnosticCode code, FieldPath field, Problem problem) {
        add(code, field, problem.message(), problem.allowed(), problem.remedy());
    }

    /** Notes a problem of a text, if there is one. */
    void add(DiagnosticCode code, FieldPath field, Optional<Problem> problem) {
        problem.ifPresent(some -> add(code, field, some));
    }

    /**
     * Notes an element of a list whose name another one has.
     *
     * @param taken the names of those before it; gets its own
     * @param at the element
     */
    void unique(Set<String> taken, String name, FieldPath at) {
        if (!taken.add(name)) {
            add(
                    DiagnosticCode.DUPLICATE_NAME,
                    at.field("name"),
                    "two elements are called " + name,
                    "each name once",
                    "rename one of them");
        }
    }

    /** Returns the value of a text, or null after noting what is wrong with it. */
    <T> @Nullable T value(Checked<T> checked, DiagnosticCode code, FieldPath field) {
        return switch (checked) {
            case Checked.Valid<T>(T value) -> value;
            case Checked.Invalid<T>(Problem problem) -> {
                add(code, field, problem);
                yield null;
            }
        };
    }

    /** Takes over what another look at the same resource found. */
    void addAll(List<Diagnostic> others) {
        for (Diagnostic other : others) {
            found.add(other);
            errors += other.severity() == Severity.ERROR ? 1 : 0;
        }
    }

    /** Returns how many errors were noted so far. */
    int errors() {
        return errors;
    }

    /** Returns what was noted, in the order in which users read it. */
    List<Diagnostic> diagnostics() {
        return found.size() < 2
                ? List.copyOf(found)
                : found.stream().sorted(Diagnostic.ORDER).distinct().toList();
    }
}
