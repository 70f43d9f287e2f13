package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.Optional;

/** Makes diagnostics of the environment, which speak of no resource. */
final class Problems {

    private Problems() {}

    static Diagnostic of(DiagnosticCode code, String message, String remedy) {
        return of(code, message, "", remedy);
    }

    static Diagnostic of(DiagnosticCode code, String message, String allowed, String remedy) {
        return new Diagnostic(
                code, code.severity(), Optional.empty(), FieldPath.ROOT, Optional.empty(), message, allowed, remedy);
    }
}
