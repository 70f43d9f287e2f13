package io.narthex.source.compose;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmService.EndpointMode;
import io.narthex.compiler.swarm.SwarmService.Mode;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import io.narthex.docker.ContainerWatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads Docker's list of containers (Docker Engine API, {@code GET /containers/json}, 1.41 to 1.51). The containers of a
 * compose file's service are one service: its project is the stack, its number the task. Any other container is a service
 * by itself. What a Swarm runs, and what {@code docker compose run} started for once, isn't looked at.
 */
public final class ContainerReader {

    private static final String COMPOSE = "com.docker.compose.";
    private static final String PROJECT = COMPOSE + "project";
    private static final String SERVICE = COMPOSE + "service";
    private static final String NUMBER = COMPOSE + "container-number";
    private static final String ONCE = COMPOSE + "oneoff";
    private static final String OF_SWARM = "com.docker.swarm.task.id";

    /** The name of the one node. */
    private static final String NODE = "docker";

    /** The newest first; of containers made within one second, always the same. */
    private static final Comparator<JsonNode> NEWEST = Comparator.comparing(ContainerReader::isRunning)
            .thenComparingLong(container -> container.path("Created").asLong())
            .thenComparing(ContainerReader::id)
            .reversed();

    private ContainerReader() {}

    /** Returns the services, ordered by name. Where their containers' labels differ, those of the newest count. */
    public static List<SwarmService> services(List<JsonNode> containers) {
        List<SwarmService> services = new ArrayList<>();
        byService(containers).forEach((id, all) -> services.add(service(id, all)));
        services.sort(Comparator.comparing(SwarmService::name));
        return services;
    }

    /**
     * Returns what stands behind the services at this moment.
     *
     * @param host the name of the daemon's machine
     * @param reachable the IDs of the networks that Prometheus has joined
     */
    public static SwarmState state(List<JsonNode> containers, String host, Set<String> reachable) {
        List<SwarmTask> tasks = new ArrayList<>();
        Map<String, SwarmNetwork> networks = new HashMap<>();
        byService(containers).forEach((service, all) -> all.forEach(container -> tasks.add(task(service, container))));
        for (JsonNode container : containers) {
            networks(container)
                    .forEach((name, network) -> networks.put(
                            network.path("NetworkID").asText(),
                            new SwarmNetwork(
                                    network.path("NetworkID").asText(), name, "local", "bridge", true, false)));
        }
        SwarmNode node = new SwarmNode(
                NODE, host, "", SwarmNode.Role.WORKER, SwarmNode.Availability.ACTIVE, SwarmNode.State.READY, Map.of());
        return new SwarmState(tasks, Map.of(NODE, node), networks, reachable);
    }

    /**
     * Returns the IDs of the networks of the container that answers to a host name: that of its own name, its service, an
     * alias or the beginning of its ID. Empty where there is none.
     *
     * @param near only containers count that are in one of these networks; empty for all
     */
    public static Set<String> networksOf(List<JsonNode> containers, String host, Set<String> near) {
        Set<String> ids = new TreeSet<>();
        for (JsonNode container : containers) {
            Set<String> own = allNetworks(List.of(container));
            if (isRunning(container)
                    && answers(container, host)
                    && (near.isEmpty() || own.stream().anyMatch(near::contains))) {
                ids.addAll(own);
            }
        }
        return ids;
    }

    /**
     * Returns the name by which others on its networks reach the container whose ID begins so, one that outlives it: that
     * of its compose service, else its own. Empty where there is no such container.
     */
    public static Optional<String> nameOf(List<JsonNode> containers, String id) {
        return containers.stream()
                .filter(container -> id.length() >= 12 && id(container).startsWith(id))
                .findFirst()
                .map(container -> isOfCompose(container) ? label(container, SERVICE) : name(container));
    }

    /** Returns the IDs of all networks that containers are in. */
    public static Set<String> allNetworks(List<JsonNode> containers) {
        Set<String> ids = new TreeSet<>();
        containers.forEach(container -> networks(container)
                .forEach((name, network) -> ids.add(network.path("NetworkID").asText())));
        return ids;
    }

    private static boolean answers(JsonNode container, String host) {
        if (host.length() >= 12 && id(container).startsWith(host)) {
            return true;
        }
        if (name(container).equals(host) || label(container, SERVICE).equals(host)) {
            return true;
        }
        for (JsonNode network : networks(container).values()) {
            for (JsonNode alias : network.path("Aliases")) {
                if (alias.asText().equals(host)) {
                    return true;
                }
            }
            if (network.path("IPAddress").asText().equals(host)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, List<JsonNode>> byService(List<JsonNode> containers) {
        Map<String, List<JsonNode>> services = new LinkedHashMap<>();
        for (JsonNode container : containers) {
            boolean once = label(container, ONCE).equalsIgnoreCase("true");
            if (!once
                    && !container.path("Labels").has(OF_SWARM)
                    && !id(container).isEmpty()) {
                services.computeIfAbsent(serviceId(container), id -> new ArrayList<>())
                        .add(container);
            }
        }
        services.values().forEach(all -> all.sort(NEWEST));
        return services;
    }

    private static String serviceId(JsonNode container) {
        return isOfCompose(container)
                ? "compose/" + label(container, PROJECT) + "/" + label(container, SERVICE)
                : "container/" + name(container);
    }

    private static boolean isOfCompose(JsonNode container) {
        return !label(container, PROJECT).isEmpty()
                && !label(container, SERVICE).isEmpty();
    }

    private static SwarmService service(String id, List<JsonNode> containers) {
        JsonNode newest = containers.getFirst();
        Map<String, String> labels = new TreeMap<>();
        newest.path("Labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        // Only a Swarm says so by this label; a container that bears it belongs to whom its own name says.
        labels.remove(SwarmService.STACK_LABEL);
        String name = name(newest);
        if (isOfCompose(newest)) {
            name = label(newest, PROJECT) + "_" + label(newest, SERVICE);
            labels.put(SwarmService.STACK_LABEL, label(newest, PROJECT));
        }
        List<Attachment> networks = new ArrayList<>();
        networks(newest)
                .forEach((network, settings) ->
                        networks.add(new Attachment(settings.path("NetworkID").asText(), network)));
        TreeSet<Integer> exposed = new TreeSet<>();
        for (JsonNode port : newest.path("Ports")) {
            if (port.path("Type").asText().equals("tcp")) {
                exposed.add(port.path("PrivatePort").asInt());
            }
        }
        return new SwarmService(
                id,
                name,
                labels,
                Map.of(),
                Mode.CONTAINERS,
                EndpointMode.DNSRR,
                networks,
                List.of(),
                Optional.of(List.copyOf(exposed)),
                newest.path("Image").asText());
    }

    private static SwarmTask task(String service, JsonNode container) {
        Map<String, List<String>> addresses = new TreeMap<>();
        networks(container)
                .forEach((name, network) -> addresses.put(
                        network.path("NetworkID").asText(),
                        List.of(
                                network.path("IPAddress").asText(),
                                network.path("GlobalIPv6Address").asText())));
        boolean toRun = Set.of("created", "running", "restarting", "paused").contains(state(container));
        return new SwarmTask(
                id(container),
                service,
                number(container),
                NODE,
                taskState(container),
                toRun ? SwarmTask.State.RUNNING : SwarmTask.State.SHUTDOWN,
                addresses,
                Map.of());
    }

    private static OptionalInt number(JsonNode container) {
        String number = label(container, NUMBER);
        return number.matches("[0-9]{1,6}") ? OptionalInt.of(Integer.parseInt(number)) : OptionalInt.empty();
    }

    /** A container that says it isn't well is a target: that is when its metrics are wanted. */
    private static SwarmTask.State taskState(JsonNode container) {
        return switch (state(container)) {
            case "running" ->
                ContainerWatch.health(container).equals("health: starting")
                        ? SwarmTask.State.STARTING
                        : SwarmTask.State.RUNNING;
            case "created" -> SwarmTask.State.NEW;
            case "restarting" -> SwarmTask.State.STARTING;
            case "paused" -> SwarmTask.State.PENDING;
            case "exited" -> SwarmTask.State.SHUTDOWN;
            case "dead" -> SwarmTask.State.FAILED;
            case "removing" -> SwarmTask.State.REMOVE;
            default -> SwarmTask.State.UNKNOWN;
        };
    }

    private static boolean isRunning(JsonNode container) {
        return state(container).equals("running");
    }

    private static String state(JsonNode container) {
        return container.path("State").asText();
    }

    private static String id(JsonNode container) {
        return container.path("Id").asText();
    }

    private static String name(JsonNode container) {
        return container.path("Names").path(0).asText(id(container)).replaceFirst("^/", "");
    }

    private static String label(JsonNode container, String name) {
        return container.path("Labels").path(name).asText();
    }

    private static SortedMap<String, JsonNode> networks(JsonNode container) {
        TreeMap<String, JsonNode> networks = new TreeMap<>();
        container.at("/NetworkSettings/Networks").properties().forEach(network -> {
            if (!network.getValue().path("NetworkID").asText().isEmpty()) {
                networks.put(network.getKey(), network.getValue());
            }
        });
        return networks;
    }
}
