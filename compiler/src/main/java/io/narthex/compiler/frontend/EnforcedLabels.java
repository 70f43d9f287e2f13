package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.config.value.Problem;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.FieldPath;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the labels that a server enforces on resources of other namespaces. A wrong one would make Prometheus refuse all
 * that these namespaces declare, or their series the same.
 */
final class EnforcedLabels {

    /** Labels by which series are told apart, or which Prometheus sets itself. */
    private static final Set<String> TAKEN = Set.of("job", "instance", "alertname", "alertstate", "le", "quantile");

    private static final FieldPath AT = FieldPath.of("spec", "tenancy");

    private EnforcedLabels() {}

    static void check(Tenancy tenancy, Names names, Report report) {
        tenancy.enforcedLabels().forEach((name, value) -> {
            FieldPath at = AT.field("enforcedLabels").field(name);
            report.add(INVALID_SERVER_VALUE, at, problem(name, names));
            if (value.isEmpty()) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at,
                        "the label has no value, which would remove it rather than enforce it",
                        "a value",
                        "give it a value, or remove the label");
            }
            report.add(INVALID_SERVER_VALUE, at, Text.problem(value));
        });
        if (tenancy.namespaceLabel() != null) {
            report.add(INVALID_SERVER_VALUE, AT.field("namespaceLabel"), problem(tenancy.namespaceLabel(), names));
        }
    }

    private static Optional<Problem> problem(String name, Names names) {
        if (name.startsWith("__") || TAKEN.contains(name)) {
            return Optional.of(new Problem(
                    "the label " + Quoting.quote(name) + " has a meaning of its own and can't be enforced",
                    "any other label, such as tenant",
                    "rename it"));
        }
        return names.labels().labelNameProblem(name).or(() -> names.relabeling().labelNameProblem(name));
    }
}
