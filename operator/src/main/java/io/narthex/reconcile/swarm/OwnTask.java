package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The task of a Swarm that this process runs in.
 *
 * @param id the task
 * @param serviceId its service
 * @param serviceName the name of its service
 * @param networks the IDs of the networks that it is on, those for Narthex's own traffic first; not that of the gate
 */
record OwnTask(String id, String serviceId, String serviceName, List<String> networks) {

    /** The label of a network that says what it is for: {@code control} or {@code gate}. */
    static final String NETWORK_USE = "io.narthex.network";

    OwnTask {
        networks = List.copyOf(networks);
    }

    /** Returns whether a host name can be that of a container, which is the beginning of its ID. */
    static boolean isContainer(String host) {
        return host.matches("[0-9a-f]{12,64}");
    }

    /** Returns the task of the container with this host name; empty where there is none. */
    static Optional<OwnTask> find(SwarmSnapshot swarm, String host) {
        if (!isContainer(host)) {
            return Optional.empty();
        }
        return swarm.tasks().stream()
                .filter(task ->
                        task.at("/Status/ContainerStatus/ContainerID").asText().startsWith(host))
                .findFirst()
                .map(task -> of(swarm, task));
    }

    private static OwnTask of(SwarmSnapshot swarm, JsonNode task) {
        String service = task.path("ServiceID").asText();
        List<JsonNode> networks = new ArrayList<>();
        for (JsonNode attachment : task.path("NetworksAttachments")) {
            swarm.withId(Kinds.NETWORKS, attachment.at("/Network/ID").asText())
                    .filter(network -> !use(network).equals("gate")
                            && !network.path("Ingress").asBoolean())
                    .ifPresent(networks::add);
        }
        networks.sort(Comparator.comparing((JsonNode network) -> !use(network).equals("control"))
                .thenComparing(SwarmSnapshot::name));
        return new OwnTask(
                SwarmSnapshot.id(task),
                service,
                swarm.withId(Kinds.SERVICES, service).map(SwarmSnapshot::name).orElse(service),
                networks.stream().map(SwarmSnapshot::id).toList());
    }

    private static String use(JsonNode network) {
        return SwarmSnapshot.label(network, NETWORK_USE).orElse("");
    }
}
