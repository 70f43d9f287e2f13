package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.DnsLabel;
import io.narthex.api.schema.MapList;
import io.narthex.api.schema.ResourceName;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a RuleSet in one server.
 *
 * @param namespace The PrometheusServer's namespace.
 * @param name The PrometheusServer's name.
 * @param conditions The aspects {@code Accepted}, {@code Loaded} and {@code RulesHealthy}.
 * @param groups How many of its groups are loaded.
 * @param rules How many of its rules are loaded.
 * @param lastError The last error of one of its rules.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleSetServerStatus(
        @Required @DnsLabel String namespace,
        @Required @ResourceName String name,
        @MapList("type") @Size(max = 16) List<Condition> conditions,
        @Min(0) @Max(2147483647) @Nullable Integer groups,
        @Min(0) @Max(2147483647) @Nullable Integer rules,
        @Size(max = 4096) @Nullable String lastError) {
    public RuleSetServerStatus {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        conditions = Immutable.list(conditions);
    }
}
