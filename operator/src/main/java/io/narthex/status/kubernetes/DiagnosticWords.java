package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.stream.Collectors;

/** What diagnostics are called in conditions. */
final class DiagnosticWords {

    private static final int MOST = 5;

    private DiagnosticWords() {}

    /** Returns the condition that says whether a resource is taken as it is. */
    static Finding accepted(ConditionType type, List<Diagnostic> diagnostics) {
        List<Diagnostic> errors = diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .toList();
        if (errors.isEmpty()) {
            boolean exposed =
                    diagnostics.stream().anyMatch(diagnostic -> diagnostic.code() == DiagnosticCode.LIFECYCLE_EXPOSED);
            return new Finding(
                    type,
                    ConditionStatus.TRUE,
                    exposed ? ConditionReason.LIFECYCLE_EXPOSED : ConditionReason.AS_DECLARED,
                    sentences(diagnostics));
        }
        return Finding.no(type, reason(errors.getFirst().code()), sentences(errors));
    }

    private static ConditionReason reason(DiagnosticCode code) {
        return switch (code) {
            case CREDENTIAL_MISSING -> ConditionReason.CREDENTIAL_MISSING;
            case SOURCE_NOT_SERVED -> ConditionReason.SOURCE_NOT_SERVED;
            case REFUSED_BY_PROMETHEUS -> ConditionReason.REFUSED;
            case DATA_LOSS_REFUSED -> ConditionReason.DATA_LOSS_REFUSED;
            default -> ConditionReason.INVALID;
        };
    }

    static String sentences(List<Diagnostic> diagnostics) {
        String shown =
                diagnostics.stream().limit(MOST).map(DiagnosticWords::sentence).collect(Collectors.joining("; "));
        return diagnostics.size() > MOST ? shown + "; and " + (diagnostics.size() - MOST) + " more" : shown;
    }

    private static String sentence(Diagnostic diagnostic) {
        String field = diagnostic.field().toString();
        return diagnostic.code().id() + " " + (field.isEmpty() ? "" : field + ": ") + diagnostic.message()
                + (diagnostic.remedy().isEmpty() ? "" : " (" + diagnostic.remedy() + ")");
    }
}
