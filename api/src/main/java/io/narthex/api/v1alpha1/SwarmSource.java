package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Docker Swarm: the tasks of services. Exactly one field is set. Tasks are found by Narthex on Swarm ({@code discovery:
 * Narthex}): the port is that of the Monitor's endpoint, by number, or else the only one that the service publishes or
 * its image exposes. Elsewhere Prometheus looks up {@code tasks.SERVICE} in a network that it shares with them; the
 * endpoint then names its port.
 *
 * @param services Services by name, such as {@code shop_server} for the service {@code server} of the stack {@code
 *     shop}.
 * @param selector Services by their labels. Only where Narthex finds the tasks.
 * @param api Docker's API, for services, tasks and nodes in all networks. Not served by this release: refused (NX1201).
 */
@ValidationRule(
        value =
                "[has(self.services) && self.services.size() > 0, has(self.selector), has(self.api)].filter(x, x).size() == 1",
        message = "set exactly one of services, selector and api")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SwarmSource(
        @SetList List<@ResourceName String> services,
        @Nullable LabelSelector selector,
        @Nullable SwarmApi api) {
    public SwarmSource {
        services = Immutable.list(services);
    }
}
