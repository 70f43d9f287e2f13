package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.MapList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a RuleSet.
 *
 * @param observedGeneration The generation of the resource that this is about.
 * @param conditions The aspect {@code Ready}, which sums up those of all servers.
 * @param servers What became of it in each server that took it.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RuleSetStatus(
        @Min(0) @Max(9007199254740991L) @Nullable Long observedGeneration,
        @MapList("type") @Size(max = 16) List<Condition> conditions,
        @MapList({"namespace", "name"}) @Size(max = 256) List<RuleSetServerStatus> servers) {
    public RuleSetStatus {
        conditions = Immutable.list(conditions);
        servers = Immutable.list(servers);
    }
}
