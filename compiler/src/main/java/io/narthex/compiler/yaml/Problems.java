package io.narthex.compiler.yaml;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with one file, up to a limit: a file full of mistakes must not drown the user. */
final class Problems {

    /** Beyond so many problems of one file the rest is only counted. */
    static final int MOST = 100;

    private final String file;
    private final List<Diagnostic> found = new ArrayList<>();
    private Optional<ResourceKey> resource = Optional.empty();
    private int more;
    private int errors;

    Problems(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    /** Sets the resource that the problems from now on belong to. */
    void speakOf(Optional<ResourceKey> newResource) {
        resource = newResource;
    }

    /** Returns how many errors were added so far, those beyond the limit included. */
    int errors() {
        return errors;
    }

    void add(DiagnosticCode code, Span span, String message, String allowed, String remedy) {
        add(code, FieldPath.ROOT, span, message, allowed, remedy);
    }

    void add(DiagnosticCode code, FieldPath field, Span span, String message, String allowed, String remedy) {
        add(code, field, Optional.of(span.in(file)), message, allowed, remedy);
    }

    /** Adds a problem of the file as a whole. */
    void addForFile(DiagnosticCode code, String message, String allowed, String remedy) {
        add(code, FieldPath.ROOT, Optional.of(new Position(file, 1, 1, 1)), message, allowed, remedy);
    }

    private void add(
            DiagnosticCode code,
            FieldPath field,
            Optional<Position> position,
            String message,
            String allowed,
            String remedy) {
        if (code.severity() == Severity.ERROR) {
            errors++;
        }
        if (found.size() >= MOST) {
            more++;
            return;
        }
        found.add(new Diagnostic(code, code.severity(), resource, field, position, message, allowed, remedy));
    }

    /** Returns all problems in the order of the file. */
    List<Diagnostic> all() {
        List<Diagnostic> all = new ArrayList<>(found);
        all.sort(Diagnostic.ORDER);
        if (more > 0) {
            all.add(new Diagnostic(
                    DiagnosticCode.TOO_MANY_PROBLEMS,
                    DiagnosticCode.TOO_MANY_PROBLEMS.severity(),
                    Optional.empty(),
                    FieldPath.ROOT,
                    all.getLast().position(),
                    more + (more == 1 ? " more problem" : " more problems") + " in this file",
                    "",
                    "mend these first, then check again"));
        }
        return List.copyOf(all);
    }
}
