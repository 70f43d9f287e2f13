package io.narthex.source.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmService.EndpointMode;
import io.narthex.compiler.swarm.SwarmService.Mode;
import io.narthex.compiler.swarm.SwarmService.Port;
import io.narthex.compiler.swarm.SwarmService.PublishMode;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import io.narthex.docker.SwarmSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Reads Docker's JSON (Docker Engine API, 1.41 to 1.51). What a field says that isn't known is taken for absent. */
public final class SwarmReader {

    private SwarmReader() {}

    /**
     * Returns what changes all the time.
     *
     * @param snapshot what Docker tells
     * @param reachable the IDs of the networks that the Prometheus in question has joined
     */
    public static SwarmState state(SwarmSnapshot snapshot, Set<String> reachable) {
        List<SwarmTask> tasks = new ArrayList<>();
        snapshot.tasks().forEach(task -> tasks.add(task(task)));
        Map<String, SwarmNode> nodes = new HashMap<>();
        snapshot.nodes().forEach(node -> nodes.put(SwarmSnapshot.id(node), node(node)));
        return new SwarmState(tasks, nodes, networks(snapshot), reachable);
    }

    private static Map<String, SwarmNetwork> networks(SwarmSnapshot snapshot) {
        Map<String, SwarmNetwork> networks = new HashMap<>();
        for (JsonNode network : snapshot.networks()) {
            String id = SwarmSnapshot.id(network);
            networks.put(
                    id,
                    new SwarmNetwork(
                            id,
                            SwarmSnapshot.name(network),
                            network.path("Scope").asText(),
                            network.path("Driver").asText(),
                            network.path("Attachable").asBoolean(),
                            network.path("Ingress").asBoolean()));
        }
        return networks;
    }

    /** Returns all services, those of Narthex too. */
    public static List<SwarmService> services(SwarmSnapshot snapshot) {
        Map<String, SwarmNetwork> networks = networks(snapshot);
        List<SwarmService> services = new ArrayList<>();
        snapshot.services().forEach(service -> services.add(service(service, networks)));
        return services;
    }

    private static SwarmService service(JsonNode service, Map<String, SwarmNetwork> networks) {
        JsonNode spec = service.path("Spec");
        JsonNode container = spec.at("/TaskTemplate/ContainerSpec");
        return new SwarmService(
                SwarmSnapshot.id(service),
                spec.path("Name").asText(),
                texts(spec.path("Labels")),
                texts(container.path("Labels")),
                mode(spec.path("Mode")),
                // Docker leaves it out for vip.
                spec.path("EndpointSpec").path("Mode").asText().equals("dnsrr") ? EndpointMode.DNSRR : EndpointMode.VIP,
                attachments(service, networks),
                ports(spec.path("EndpointSpec")),
                Optional.empty(),
                container.path("Image").asText());
    }

    private static Mode mode(JsonNode mode) {
        if (mode.has("Global")) {
            return Mode.GLOBAL;
        }
        if (mode.has("ReplicatedJob")) {
            return Mode.REPLICATED_JOB;
        }
        return mode.has("GlobalJob") ? Mode.GLOBAL_JOB : Mode.REPLICATED;
    }

    private static List<Attachment> attachments(JsonNode service, Map<String, SwarmNetwork> networks) {
        // Older clients wrote them beside the template (Docker Engine API, "ServiceSpec").
        JsonNode declared = service.at("/Spec/TaskTemplate/Networks");
        JsonNode all = declared.isEmpty() ? service.at("/Spec/Networks") : declared;
        Map<String, Attachment> attachments = new LinkedHashMap<>();
        for (JsonNode network : all) {
            String target = network.path("Target").asText();
            SwarmNetwork known = networks.get(target);
            if (known == null) {
                known = networks.values().stream()
                        .filter(one -> one.name().equals(target))
                        .findFirst()
                        .orElse(null);
            }
            String id = known == null ? target : known.id();
            if (known == null || !known.ingress()) {
                attachments.putIfAbsent(id, new Attachment(id, known == null ? target : known.name()));
            }
        }
        return List.copyOf(attachments.values());
    }

    private static List<Port> ports(JsonNode endpoint) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : endpoint.path("Ports")) {
            int published = port.path("PublishedPort").asInt();
            ports.add(new Port(
                    port.path("TargetPort").asInt(),
                    published > 0 ? Optional.of(published) : Optional.empty(),
                    port.path("Protocol").asText("tcp"),
                    port.path("PublishMode").asText().equals("host") ? PublishMode.HOST : PublishMode.INGRESS));
        }
        return ports;
    }

    private static SwarmTask task(JsonNode task) {
        int slot = task.path("Slot").asInt();
        Map<String, List<String>> addresses = new TreeMap<>();
        for (JsonNode attachment : task.path("NetworksAttachments")) {
            List<String> some = new ArrayList<>();
            attachment
                    .path("Addresses")
                    .forEach(address -> some.add(address.asText().replaceFirst("/.*$", "")));
            addresses.put(attachment.at("/Network/ID").asText(), some);
        }
        Map<Integer, Integer> ports = new TreeMap<>();
        for (JsonNode port : task.at("/Status/PortStatus/Ports")) {
            if (port.path("PublishMode").asText().equals("host")) {
                ports.put(
                        port.path("TargetPort").asInt(),
                        port.path("PublishedPort").asInt());
            }
        }
        return new SwarmTask(
                SwarmSnapshot.id(task),
                task.path("ServiceID").asText(),
                slot > 0 ? OptionalInt.of(slot) : OptionalInt.empty(),
                task.path("NodeID").asText(),
                state(task.path("Status").path("State").asText()),
                state(task.path("DesiredState").asText()),
                addresses,
                ports);
    }

    private static SwarmTask.State state(String text) {
        return constant(SwarmTask.State.class, text, SwarmTask.State.UNKNOWN);
    }

    private static SwarmNode node(JsonNode node) {
        String address = node.path("Status").path("Addr").asText();
        String manager = node.path("ManagerStatus").path("Addr").asText().replaceFirst(":[0-9]+$", "");
        return new SwarmNode(
                SwarmSnapshot.id(node),
                node.at("/Description/Hostname").asText(),
                // A manager that was told to listen everywhere tells its own address in the other place.
                address.equals("0.0.0.0") || address.isEmpty() ? manager : address,
                constant(SwarmNode.Role.class, node.at("/Spec/Role").asText(), SwarmNode.Role.WORKER),
                constant(
                        SwarmNode.Availability.class,
                        node.at("/Spec/Availability").asText(),
                        SwarmNode.Availability.ACTIVE),
                constant(SwarmNode.State.class, node.at("/Status/State").asText(), SwarmNode.State.UNKNOWN),
                texts(node.at("/Spec/Labels")));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text, E otherwise) {
        try {
            return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }

    /** Returns all secrets, without their content. */
    public static List<DockerSecret> secrets(SwarmSnapshot snapshot) {
        List<DockerSecret> secrets = new ArrayList<>();
        for (JsonNode secret : snapshot.secrets()) {
            secrets.add(new DockerSecret(
                    SwarmSnapshot.id(secret),
                    SwarmSnapshot.name(secret),
                    texts(secret.path("Spec").path("Labels"))));
        }
        return secrets;
    }

    private static Map<String, String> texts(JsonNode labels) {
        Map<String, String> texts = new TreeMap<>();
        labels.properties()
                .forEach(label -> texts.put(label.getKey(), label.getValue().asText()));
        return texts;
    }
}
