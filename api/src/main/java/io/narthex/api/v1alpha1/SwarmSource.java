package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Docker Swarm: the tasks of services by Swarm's own DNS, or whatever Docker's API lists. Exactly one field is set.
 *
 * @param services Services whose tasks are looked up as {@code tasks.SERVICE}, in a network that the server shares with
 *     them. The port is that of the Monitor's endpoint, by number.
 * @param api Docker's API, for services, tasks and nodes in all networks.
 */
@ValidationRule(
        value = "has(self.api) != (has(self.services) && self.services.size() > 0)",
        message = "set exactly one of services and api")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SwarmSource(
        @SetList List<@ResourceName String> services,
        @Nullable SwarmApi api) {
    public SwarmSource {
        services = Immutable.list(services);
    }
}
