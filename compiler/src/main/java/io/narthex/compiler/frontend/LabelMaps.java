package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.Map;

/** Checks the labels that users give to targets. */
final class LabelMaps {

    private LabelMaps() {}

    static void check(Report report, NameScheme names, Map<String, String> labels, FieldPath at) {
        labels.forEach((name, value) -> {
            FieldPath field = at.field(name);
            report.add(DiagnosticCode.INVALID_LABEL, field, names.labelNameProblem(name));
            report.add(DiagnosticCode.INVALID_LABEL, field, Text.problem(value));
            if (name.startsWith("__")) {
                report.add(
                        DiagnosticCode.INVALID_LABEL,
                        field,
                        "labels that start with two underscores are Prometheus's own",
                        "another name",
                        "rename the label; path, scheme and params have fields of their own");
            }
            if (name.equals("job")) {
                report.add(
                        DiagnosticCode.INVALID_LABEL,
                        field,
                        "the label job " + Quoting.quote(value) + " has a field of its own",
                        "any other label",
                        "set spec.job");
            }
        });
    }
}
