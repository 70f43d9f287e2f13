package io.narthex.compiler;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.frontend.MonitorPool;
import io.narthex.compiler.frontend.ServerSettings;
import io.narthex.compiler.frontend.ServiceFrontend;
import io.narthex.compiler.frontend.SharedPool;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Selection;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Puts together what Narthex discovers for a server: what labels declare and what Monitors declare, a Monitor before
 * labels where both mean the same target.
 */
final class DiscoveryPlans {

    private static final FieldPath SERVICES = FieldPath.of("spec", "source", "swarm");

    /** What is scraped: two endpoints of the same are one too many. */
    private record Target(String service, int port, String path) {}

    private final ServerSettings settings;
    private final Inventory inventory;
    private final Snapshot snapshot;
    private final Map<String, List<DiscoveryEndpoint>> pools = new TreeMap<>();
    private final Map<Target, DiscoveryEndpoint> taken = new HashMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    private DiscoveryPlans(ServerSettings settings, Inventory inventory, Snapshot snapshot) {
        this.settings = settings;
        this.inventory = inventory;
        this.snapshot = snapshot;
    }

    static DiscoveryPlan plan(ServerSettings settings, Inventory inventory, Snapshot snapshot) {
        return settings.discoveryUrl().isEmpty()
                ? DiscoveryPlan.none(settings.server())
                : new DiscoveryPlans(settings, inventory, snapshot).plan();
    }

    private DiscoveryPlan plan() {
        String common = DiscoveryPool.shared(settings.platform());
        pools.put(common, new ArrayList<>());
        List<Declared<SwarmService>> services = inventory.services().toList();
        TreeSet<ResourceKey> monitors = new TreeSet<>();
        snapshot.monitors().forEach((key, result) -> {
            if (!result.pools().isEmpty()) {
                monitors.add(key);
            }
        });
        for (ResourceKey key : monitors) {
            snapshot.monitors()
                    .get(key)
                    .ifPresent(result -> result.pools().forEach(pool -> monitor(key, pool, services)));
        }
        TreeSet<ResourceKey> labelled = new TreeSet<>();
        snapshot.services().forEach((key, result) -> labelled.add(key));
        for (ResourceKey key : labelled) {
            snapshot.services().get(key).ifPresent(result -> {
                result.shared().forEach(endpoint -> labels(common, endpoint));
                result.own().forEach(this::labels);
            });
        }
        diagnostics.sort(Diagnostic.ORDER);
        Comparator<DiscoveryEndpoint> order = Comparator.comparing(DiscoveryEndpoint::id)
                .thenComparing(endpoint -> endpoint.service().name());
        return new DiscoveryPlan(
                settings.server(),
                pools.entrySet().stream()
                        .map(pool -> new DiscoveryPool(
                                pool.getKey(),
                                pool.getValue().stream().sorted(order).toList(),
                                pool.getKey().equals(common) ? SharedPool.targetLimit(settings) : OptionalLong.empty()))
                        .toList(),
                diagnostics);
    }

    private void monitor(ResourceKey key, MonitorPool pool, List<Declared<SwarmService>> services) {
        List<DiscoveryEndpoint> endpoints = pools.computeIfAbsent(pool.job(), job -> new ArrayList<>());
        Set<String> missing = new HashSet<>(pool.services());
        for (Declared<SwarmService> service : services) {
            boolean selected = pool.selector()
                    .map(selector -> Selection.matches(selector, service.spec().labels()))
                    .orElseGet(() -> pool.services().contains(service.spec().name()));
            if (selected) {
                missing.remove(service.spec().name());
                port(key, pool, service.spec())
                        .ifPresent(port -> add(
                                new DiscoveryEndpoint(
                                        pool.job(),
                                        key,
                                        service.spec(),
                                        port,
                                        Optional.empty(),
                                        pool.path(),
                                        new TreeMap<>(),
                                        true),
                                endpoints));
            }
        }
        if (!missing.isEmpty()) {
            for (String name : new TreeSet<>(missing)) {
                tell(
                        DiagnosticCode.NO_SUCH_SERVICE,
                        key,
                        SERVICES.field("services"),
                        "there is no service " + Quoting.quote(name),
                        similar(name, services),
                        "deploy it, or correct the name; a service of a stack is called STACK_SERVICE");
            }
        } else if (endpoints.isEmpty() && pool.selector().isPresent() && !diagnosed(key)) {
            tell(
                    DiagnosticCode.NO_SUCH_SERVICE,
                    key,
                    SERVICES.field("selector"),
                    "the selector fits the labels of none of the " + services.size() + " services",
                    "",
                    "change it, or the services' labels under deploy.labels");
        }
    }

    private boolean diagnosed(ResourceKey key) {
        return diagnostics.stream().anyMatch(one -> one.resource().equals(Optional.of(key)));
    }

    private static String similar(String name, List<Declared<SwarmService>> services) {
        return services.stream()
                .map(service -> service.spec().name())
                .filter(other -> other.endsWith("_" + name) || other.startsWith(name))
                .sorted()
                .limit(3)
                .collect(Collectors.joining(", "));
    }

    private Optional<Integer> port(ResourceKey key, MonitorPool pool, SwarmService service) {
        if (pool.port().isPresent()) {
            return pool.port();
        }
        SortedSet<Integer> ports = ServiceFrontend.ports(service);
        if (ports.size() == 1) {
            return Optional.of(ports.first());
        }
        tell(
                DiagnosticCode.SERVICE_PORT_UNCLEAR,
                key,
                pool.portField(),
                "the endpoint names no port, and the service " + service.name()
                        + (ports.isEmpty()
                                ? " publishes none"
                                : " has several: "
                                        + ports.stream().map(String::valueOf).collect(Collectors.joining(", "))),
                "a number from 1 to 65535",
                "set the endpoint's port");
        return Optional.empty();
    }

    private void labels(String job, DiscoveryEndpoint endpoint) {
        add(endpoint, pools.computeIfAbsent(job, some -> new ArrayList<>()));
    }

    /** Adds an endpoint, unless another one means the same target. */
    private void add(DiscoveryEndpoint endpoint, List<DiscoveryEndpoint> to) {
        if (!endpoint.path().isEmpty()) {
            DiscoveryEndpoint first =
                    taken.putIfAbsent(new Target(endpoint.service().id(), endpoint.port(), endpoint.path()), endpoint);
            if (first != null && !first.resource().equals(endpoint.resource())) {
                tell(
                        DiagnosticCode.TARGET_DECLARED_TWICE,
                        endpoint.resource(),
                        endpoint.resource().equals(Inventory.keyOf(endpoint.service()))
                                ? FieldPath.of("labels")
                                : SERVICES,
                        "port " + endpoint.port() + ", path " + endpoint.path() + " of the service "
                                + endpoint.service().name() + " is declared by " + first.id() + " and by "
                                + endpoint.id() + "; the former counts",
                        "each target once",
                        "remove one of them");
                return;
            }
        }
        to.add(endpoint);
    }

    private void tell(
            DiagnosticCode code, ResourceKey key, FieldPath field, String message, String allowed, String remedy) {
        diagnostics.add(new Diagnostic(
                code,
                code.severity(),
                Optional.of(key),
                field,
                inventory.find(key).flatMap(resource -> resource.source().locate(field)),
                message,
                allowed,
                remedy));
    }
}
