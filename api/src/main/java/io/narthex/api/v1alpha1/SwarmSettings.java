package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.ByteSize;
import io.narthex.api.schema.PrometheusDuration;
import io.narthex.api.schema.ResourceName;
import io.narthex.api.schema.SetList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a server's service in Docker Swarm.
 *
 * @param networks Networks to join, by name, besides Narthex's own.
 * @param autoAttach Whether to join a network of each labelled service that shares none with the server, and to leave it
 *     when the last such service is gone. Each change of networks restarts Prometheus; changes of some ten seconds are
 *     made at once. Services of others are never changed.
 * @param constraints Placement constraints, such as {@code node.labels.disk==ssd}.
 * @param labels Labels to put on the service.
 * @param publish Whether the port is reachable from outside of the Swarm. Default: {@code None}.
 * @param cpus The most CPUs it may use, such as {@code 0.5}.
 * @param memory The most memory it may use.
 * @param imageRegistryAuth The Docker secret with the registries' logins, a {@code config.json} as {@code docker login}
 *     writes it. It must be mounted into Narthex's own service.
 * @param resolveImage When to look up the digest of the image's tag in its registry, so that every start takes the same
 *     image. Default: {@code Changed}.
 * @param stopGracePeriod How long it has to stop. Narthex's default: {@code 5m}, since the database must be closed.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SwarmSettings(
        @SetList List<@ResourceName String> networks,
        boolean autoAttach,
        @SetList List<@Size(min = 1, max = 512) String> constraints,
        Map<String, @Size(max = 4096) String> labels,
        @Nullable SwarmPublish publish,

        @Min(value = 0, inclusive = false) @Max(4096) @Nullable
        Double cpus,

        @ByteSize @Nullable String memory,
        @ResourceName @Nullable String imageRegistryAuth,
        @Nullable ResolveImage resolveImage,
        @PrometheusDuration @Nullable String stopGracePeriod) {
    public SwarmSettings {
        networks = Immutable.list(networks);
        constraints = Immutable.list(constraints);
        labels = Immutable.map(labels);
    }
}
