package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.LabelName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step that rewrites labels, or drops a target or a sample by them (Prometheus documentation, {@code
 * <relabel_config>}).
 *
 * @param action What the step does. Default: {@code replace}.
 * @param sourceLabels The labels whose values, joined by {@code separator}, are matched against {@code regex}.
 * @param separator What stands between the joined values. Default: {@code ;}.
 * @param regex The regular expression in RE2 syntax, which must match the whole value. Default: {@code (.*)}.
 * @param modulus With {@code hashmod}: the number of buckets.
 * @param targetLabel The label that is written, or compared by {@code keepequal} and {@code dropequal}.
 * @param replacement What is written; {@code $1} stands for the first group of {@code regex}. Default: {@code $1}.
 */
@JsonInclude(value = JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!(has(self.action) && self.action == 'hashmod') || has(self.modulus)",
        message = "hashmod needs modulus")
@ValidationRule(
        value =
                "!(!has(self.action) || self.action in ['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal']) || has(self.targetLabel)",
        message = "replace, hashmod, lowercase, uppercase, keepequal and dropequal need targetLabel")
@ValidationRule(
        value =
                "!(has(self.action) && self.action in ['keepequal', 'dropequal']) || !(has(self.regex) || has(self.separator) || has(self.replacement) || has(self.modulus))",
        message = "keepequal and dropequal take sourceLabels and targetLabel only")
@ValidationRule(
        value =
                "!(has(self.action) && self.action in ['labeldrop', 'labelkeep']) || !(has(self.sourceLabels) || has(self.targetLabel) || has(self.separator) || has(self.replacement) || has(self.modulus))",
        message = "labeldrop and labelkeep take regex only")
public record Relabeling(
        @Nullable RelabelAction action,
        List<@LabelName String> sourceLabels,
        @Size(max = 256) @Nullable String separator,
        @Size(max = 10240) @Nullable String regex,
        @Min(1) @Max(9007199254740991L) @Nullable Long modulus,
        @Size(min = 1, max = 1024) @Nullable String targetLabel,
        @Size(max = 4096) @Nullable String replacement) {
    public Relabeling {
        sourceLabels = Immutable.list(sourceLabels);
    }
}
