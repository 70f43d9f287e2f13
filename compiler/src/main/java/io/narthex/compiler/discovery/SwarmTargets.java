package io.narthex.compiler.discovery;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.SwarmNetwork;
import io.narthex.compiler.swarm.SwarmNode;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.compiler.swarm.SwarmTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the targets of a server: which tasks of a Swarm stand behind the endpoints of its plan, and at which addresses.
 *
 * <p>A task is a target while it runs and is to go on. Its address is the one that it has in a network that Prometheus
 * has joined, always the same network for all tasks of a service: the one that the endpoint names, or else the first of
 * the service's own that is shared. Where none is shared, the node's address serves for a service in the network {@code
 * host} and for ports published in the mode {@code host}.
 */
public final class SwarmTargets {

    /** The network with which Docker gives a container all interfaces of its node. */
    private static final String HOST_NETWORK = "host";

    /** The network that the installation makes for Prometheus and the services that it scrapes. */
    private static final String USUAL_NETWORK = "narthex";

    private static final FieldPath NETWORKS = FieldPath.of("networks");

    private static final Comparator<SwarmTask> ORDER = Comparator.comparingInt(
                    (SwarmTask task) -> task.slot().orElse(0))
            .thenComparing(SwarmTask::nodeId)
            .thenComparing(SwarmTask::id);

    /** How a service's tasks are reached. */
    private sealed interface Way {
        /**
         * In a network.
         *
         * @param network which
         */
        record Shared(SwarmService.Attachment network) implements Way {}

        /** By the addresses of the nodes, at the container's own port. */
        record HostNetwork() implements Way {}

        /**
         * By the addresses of the nodes, at a published port.
         *
         * @param port which
         */
        record HostPort(SwarmService.Port port) implements Way {}

        /**
         * Not at all.
         *
         * @param reason why
         */
        record None(Diagnostic reason) implements Way {}
    }

    private final DiscoveryPlan plan;
    private final SwarmState state;
    private final Map<String, List<SwarmTask>> running = new HashMap<>();
    /** The services of which tasks are on their way, by id. */
    private final Set<String> growing = new HashSet<>();

    private final SortedMap<String, Discovered.Count> counts = new TreeMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    private SwarmTargets(DiscoveryPlan plan, SwarmState state) {
        this.plan = plan;
        this.state = state;
        for (SwarmTask task : state.tasks()) {
            if (task.isRunning()) {
                running.computeIfAbsent(task.serviceId(), id -> new ArrayList<>())
                        .add(task);
            } else if (task.isComing()) {
                growing.add(task.serviceId());
            }
        }
        running.values().forEach(tasks -> tasks.sort(ORDER));
    }

    /** Returns the targets of {@code plan} in {@code state}. The same arguments give the same result. */
    public static Discovered discover(DiscoveryPlan plan, SwarmState state) {
        return new SwarmTargets(plan, state).discover();
    }

    private Discovered discover() {
        SortedMap<String, List<TargetGroup>> groups = new TreeMap<>();
        Set<String> jobs = new HashSet<>();
        for (DiscoveryPool pool : plan.pools()) {
            List<TargetGroup> targets = new ArrayList<>();
            pool.endpoints().forEach(endpoint -> targets.addAll(targets(endpoint, pool.limit())));
            groups.put(pool.job(), targets);
            if (pool.endpoints().stream()
                    .anyMatch(endpoint -> growing.contains(endpoint.service().id()))) {
                jobs.add(pool.job());
            }
        }
        diagnostics.sort(Diagnostic.ORDER);
        return new Discovered(groups, counts, diagnostics.stream().distinct().toList(), jobs);
    }

    private List<TargetGroup> targets(DiscoveryEndpoint endpoint, OptionalLong limit) {
        List<SwarmTask> tasks = running.getOrDefault(endpoint.service().id(), List.of());
        List<TargetGroup> targets = new ArrayList<>();
        Way way = way(endpoint);
        if (way instanceof Way.None(Diagnostic reason)) {
            diagnostics.add(reason);
        } else {
            List<SwarmTask> outside = new ArrayList<>();
            for (SwarmTask task : tasks) {
                address(endpoint, way, task)
                        .ifPresentOrElse(
                                address -> targets.add(new TargetGroup(List.of(address), labels(endpoint, way, task))),
                                () -> outside.add(task));
            }
            if (!outside.isEmpty()) {
                unreached(endpoint, way, outside, tasks.size());
            }
        }
        if (limit.isPresent() && targets.size() > limit.getAsLong()) {
            diagnostics.add(diagnostic(
                    DiagnosticCode.TOO_MANY_TARGETS,
                    endpoint.resource(),
                    "the service " + endpoint.service().name() + " has " + targets.size() + " targets at "
                            + endpoint.id() + ", and the server grants " + limit.getAsLong() + "; none is scraped",
                    "at most " + limit.getAsLong(),
                    "ask for more in tenancy.limits.targets of the " + plan.server()));
            targets.clear();
        }
        counts.merge(
                endpoint.id(),
                new Discovered.Count(tasks.size(), targets.size()),
                (a, b) -> new Discovered.Count(a.running() + b.running(), a.targets() + b.targets()));
        return targets;
    }

    private Way way(DiscoveryEndpoint endpoint) {
        SwarmService service = endpoint.service();
        if (endpoint.network().isPresent()) {
            String name = endpoint.network().get();
            return service.networks().stream()
                    .filter(network -> network.name().equals(name) && isReachable(network))
                    .findFirst()
                    .<Way>map(Way.Shared::new)
                    .orElseGet(() -> new Way.None(notJoined(endpoint, name)));
        }
        Optional<SwarmService.Attachment> shared =
                service.networks().stream().filter(this::isReachable).findFirst();
        if (shared.isPresent()) {
            return new Way.Shared(shared.get());
        }
        if (service.networks().stream().anyMatch(network -> network.name().equals(HOST_NETWORK))) {
            return new Way.HostNetwork();
        }
        return service.ports().stream()
                .filter(port -> port.isOnItsNode(endpoint.port()))
                .findFirst()
                .<Way>map(Way.HostPort::new)
                .orElseGet(() -> new Way.None(nothingShared(endpoint)));
    }

    private boolean isReachable(SwarmService.Attachment network) {
        SwarmNetwork known = state.networks().get(network.id());
        return state.reachable().contains(network.id()) && (known == null || !known.ingress());
    }

    private Optional<String> address(DiscoveryEndpoint endpoint, Way way, SwarmTask task) {
        return switch (way) {
            case Way.Shared(SwarmService.Attachment network) ->
                preferred(task.addresses().getOrDefault(network.id(), List.of()))
                        .map(host -> join(host, endpoint.port()));
            case Way.HostNetwork() -> nodeAddress(task).map(host -> join(host, endpoint.port()));
            case Way.HostPort(SwarmService.Port port) -> {
                Optional<Integer> published =
                        Optional.ofNullable(task.hostPorts().get(port.target())).or(port::published);
                yield published.flatMap(number -> nodeAddress(task).map(host -> join(host, number)));
            }
            case Way.None none -> Optional.empty();
        };
    }

    /** Of several addresses in a network, one of IPv4: Swarm gives each task one, and IPv6 on top where that is on. */
    private static Optional<String> preferred(List<String> addresses) {
        return addresses.stream()
                .filter(address -> !address.isEmpty())
                .min(Comparator.comparing((String address) -> address.contains(":"))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private Optional<String> nodeAddress(SwarmTask task) {
        return Optional.ofNullable(state.nodes().get(task.nodeId()))
                .map(SwarmNode::address)
                .filter(address -> !address.isEmpty() && !address.equals("0.0.0.0"));
    }

    private static String join(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private SortedMap<String, String> labels(DiscoveryEndpoint endpoint, Way way, SwarmTask task) {
        SwarmService service = endpoint.service();
        String node = hostname(task);
        TreeMap<String, String> labels = new TreeMap<>();
        if (endpoint.meta()) {
            meta(labels, service, way, task);
        }
        // Of a global service the node is what tells tasks apart.
        labels.put(
                "task", task.slot().isPresent() ? Integer.toString(task.slot().getAsInt()) : node);
        labels.put("node", node);
        labels.put("service", service.name());
        service.stack().ifPresent(stack -> labels.put("stack", stack));
        labels.put("image", service.imageName());
        labels.putAll(endpoint.labels());
        labels.put(DiscoveryEndpoint.LABEL, endpoint.id());
        labels.values().removeIf(String::isEmpty);
        return labels;
    }

    private String hostname(SwarmTask task) {
        SwarmNode node = state.nodes().get(task.nodeId());
        return node == null || node.hostname().isEmpty() ? task.nodeId() : node.hostname();
    }

    /** The labels that Prometheus's own discovery of a Swarm gives, so that relabeling written for that goes on. */
    private void meta(SortedMap<String, String> labels, SwarmService service, Way way, SwarmTask task) {
        String prefix = "__meta_dockerswarm_";
        ordered(service.labels())
                .forEach((name, value) -> labels.put(prefix + "service_label_" + sanitized(name), value));
        ordered(service.containerLabels())
                .forEach((name, value) -> labels.put(prefix + "container_label_" + sanitized(name), value));
        labels.put(prefix + "service_id", service.id());
        labels.put(prefix + "service_name", service.name());
        labels.put(prefix + "service_mode", lower(service.mode()).replace("_job", " job"));
        labels.put(prefix + "task_id", task.id());
        labels.put(prefix + "task_slot", Integer.toString(task.slot().orElse(0)));
        labels.put(prefix + "task_state", lower(task.state()));
        labels.put(prefix + "task_desired_state", lower(task.desired()));
        SwarmNode node = state.nodes().get(task.nodeId());
        labels.put(prefix + "node_id", task.nodeId());
        if (node != null) {
            ordered(node.labels())
                    .forEach((name, value) -> labels.put(prefix + "node_label_" + sanitized(name), value));
            labels.put(prefix + "node_hostname", node.hostname());
            labels.put(prefix + "node_address", node.address());
            labels.put(prefix + "node_role", lower(node.role()));
            labels.put(prefix + "node_availability", lower(node.availability()));
            labels.put(prefix + "node_status", lower(node.state()));
        }
        if (way instanceof Way.Shared(SwarmService.Attachment network)) {
            labels.put(prefix + "network_id", network.id());
            labels.put(prefix + "network_name", network.name());
        }
    }

    /** Of names that become the same label the last counts, always the same one. */
    private static SortedMap<String, String> ordered(Map<String, String> labels) {
        return new TreeMap<>(labels);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns {@code name} as Prometheus's service discovery writes it into a label's name. */
    private static String sanitized(String name) {
        return name.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    private Diagnostic nothingShared(DiscoveryEndpoint endpoint) {
        SwarmService service = endpoint.service();
        List<String> own = service.networks().stream()
                .map(SwarmService.Attachment::name)
                .sorted()
                .toList();
        boolean published = service.ports().stream()
                .anyMatch(port -> port.mode() == SwarmService.PublishMode.INGRESS && port.target() == endpoint.port());
        return diagnostic(
                DiagnosticCode.NO_SHARED_NETWORK,
                endpoint.resource(),
                "the service " + service.name() + (own.isEmpty() ? " is in no network" : " is in " + listed(own))
                        + " and Prometheus in " + listed(reachableNames())
                        + (published
                                ? "; the routing mesh, where its port is published, doesn't tell its tasks apart"
                                : ""),
                "a network that both have joined",
                joinCommand(service));
    }

    private Diagnostic notJoined(DiscoveryEndpoint endpoint, String network) {
        return diagnostic(
                DiagnosticCode.NETWORK_NOT_JOINED,
                endpoint.resource(),
                "the network " + network + " isn't one that Prometheus has joined",
                listed(reachableNames()),
                isOfContainers(endpoint.service())
                        ? "list " + network + " among the networks of Prometheus in its compose file, or name another"
                        : "add " + network + " to swarm.networks of the " + plan.server()
                                + ", or name another network");
    }

    /** The command that mends a service without a shared network; Narthex never changes a user's service itself. */
    private String joinCommand(SwarmService service) {
        List<String> names = reachableNames();
        if (isOfContainers(service)) {
            return names.isEmpty()
                    ? "list a network that both are in among the networks of Prometheus in its compose file"
                    : "list " + names.getFirst() + " among the networks of " + service.shortName()
                            + " in its compose file, with external: true where another file makes it";
        }
        if (names.isEmpty()) {
            return service.networks().isEmpty()
                    ? "let both join a network: docker network create --driver overlay --attachable " + USUAL_NETWORK
                    : "add " + service.networks().getFirst().name() + " to swarm.networks of the " + plan.server();
        }
        String network = names.contains(USUAL_NETWORK) ? USUAL_NETWORK : names.getFirst();
        return "docker service update --network-add " + network + " " + service.name()
                + "; and in its stack file list the network " + network + " as external";
    }

    private static boolean isOfContainers(SwarmService service) {
        return service.mode() == SwarmService.Mode.CONTAINERS;
    }

    private List<String> reachableNames() {
        TreeSet<String> names = new TreeSet<>();
        for (String id : state.reachable()) {
            SwarmNetwork network = state.networks().get(id);
            if (network != null && !network.ingress()) {
                names.add(network.name());
            }
        }
        return List.copyOf(names);
    }

    private static String listed(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private void unreached(DiscoveryEndpoint endpoint, Way way, List<SwarmTask> tasks, int all) {
        SwarmService service = endpoint.service();
        String which = tasks.size() + " of " + all + " running tasks of " + service.name();
        if (way instanceof Way.Shared(SwarmService.Attachment network)) {
            diagnostics.add(diagnostic(
                    DiagnosticCode.TASK_NOT_IN_NETWORK,
                    endpoint.resource(),
                    which + " have no address in the network " + network.name(),
                    "",
                    isOfContainers(service)
                            ? "see docker ps, and docker network inspect " + network.name()
                            : "wait for the update of the service to end, or see docker service ps " + service.name()));
            return;
        }
        TreeSet<String> nodes = new TreeSet<>();
        tasks.forEach(task -> nodes.add(hostname(task)));
        diagnostics.add(diagnostic(
                DiagnosticCode.NODE_ADDRESS_UNKNOWN,
                endpoint.resource(),
                which + " can't be reached: no address or no published port is known on " + String.join(", ", nodes),
                "",
                isOfContainers(service)
                        ? "let the service join a network in place of the host's, or list its address in a Monitor"
                        : "see docker node inspect, and give the node an --advertise-addr; or let the service join a"
                                + " network"));
    }

    private static Diagnostic diagnostic(
            DiagnosticCode code, ResourceKey resource, String message, String allowed, String remedy) {
        return new Diagnostic(
                code, code.severity(), Optional.of(resource), NETWORKS, Optional.empty(), message, allowed, remedy);
    }
}
