package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Checked;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that texts can stand in a configuration, and reads those that mean a duration. */
final class Texts {

    private final Report report;
    private final DiagnosticCode code;

    /** Makes one that notes problems under {@code code}. */
    Texts(Report report, DiagnosticCode code) {
        this.report = report;
        this.code = code;
    }

    /** Returns {@code text} where it can be written, otherwise null. */
    @Nullable
    String check(@Nullable String text, FieldPath field) {
        if (text == null || Text.isWritable(text)) {
            return text;
        }
        report.add(code, field, Text.problem(text));
        return null;
    }

    /** Returns {@code texts}, empty where one can't be written. */
    List<String> checkAll(List<String> texts, FieldPath field) {
        boolean good = true;
        for (int i = 0; i < texts.size(); i++) {
            good &= check(texts.get(i), field.index(i)) != null;
        }
        return good ? texts : List.of();
    }

    /** Returns {@code texts}, empty where a key or a value can't be written. */
    Map<String, String> checkAll(Map<String, String> texts, FieldPath field) {
        boolean good = true;
        for (Map.Entry<String, String> entry : texts.entrySet()) {
            good &= check(entry.getKey(), field) != null
                    && check(entry.getValue(), field.field(entry.getKey())) != null;
        }
        return good ? texts : Map.of();
    }

    /** Returns the duration, null where none is given or it is wrong. */
    @Nullable
    PrometheusDuration duration(@Nullable String text, FieldPath field) {
        return text == null ? null : report.value(PrometheusDuration.parse(text), code, field);
    }

    /** Returns the duration, which can't be 0; null where none is given or it is wrong. */
    @Nullable
    PrometheusDuration positive(@Nullable String text, FieldPath field) {
        PrometheusDuration duration = duration(text, field);
        if (duration != null && duration.isZero()) {
            report.value(
                    Checked.<PrometheusDuration>refused(
                            "the duration is 0", "longer than 0", "write a longer one, or leave the field out"),
                    code,
                    field);
            return null;
        }
        return duration;
    }
}
