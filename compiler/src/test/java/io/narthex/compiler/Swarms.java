package io.narthex.compiler;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.swarm.SwarmService.Attachment;
import io.narthex.compiler.swarm.SwarmService.Port;
import io.narthex.compiler.swarm.SwarmService.PublishMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Services of a Swarm for tests, and what they become. */
final class Swarms {

    static final Layout LAYOUT = new Layout("/etc/prometheus", "/prometheus");

    private Swarms() {}

    /** A service in the making. */
    static final class Builder {
        private final String name;
        private final Map<String, String> labels = new HashMap<>();
        private final Map<String, String> containerLabels = new HashMap<>();
        private final List<Attachment> networks = new ArrayList<>();
        private final List<Port> ports = new ArrayList<>();
        private Optional<List<Integer>> exposed = Optional.empty();
        private SwarmService.Mode mode = SwarmService.Mode.REPLICATED;

        private Builder(String name) {
            this.name = name;
        }

        Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /** Adds labels that begin with {@code prometheus.io/}: names and values in turn. */
        Builder own(String... labelled) {
            for (int i = 0; i < labelled.length; i += 2) {
                labels.put("prometheus.io/" + labelled[i], labelled[i + 1]);
            }
            return this;
        }

        Builder container(String key, String value) {
            containerLabels.put(key, value);
            return this;
        }

        Builder network(String network) {
            networks.add(new Attachment("id-" + network, network));
            return this;
        }

        Builder publish(int target, PublishMode mode) {
            ports.add(new Port(target, Optional.of(target + 10_000), "tcp", mode));
            return this;
        }

        Builder expose(Integer... all) {
            exposed = Optional.of(List.of(all));
            return this;
        }

        Builder mode(SwarmService.Mode some) {
            mode = some;
            return this;
        }

        SwarmService build() {
            return new SwarmService(
                    "id-" + name,
                    name,
                    labels,
                    containerLabels,
                    mode,
                    SwarmService.EndpointMode.VIP,
                    networks,
                    ports,
                    exposed,
                    "shop/server:1@sha256:0123");
        }
    }

    /** Returns the service {@code server} of the stack {@code shop}. */
    static Builder server() {
        return service("shop", "server");
    }

    static Builder service(String stack, String name) {
        return new Builder(stack + "_" + name).label(SwarmService.STACK_LABEL, stack);
    }

    static Builder service(String name) {
        return new Builder(name);
    }

    static DockerSecret secret(String name, String exposedTo) {
        return new DockerSecret("id-" + name, name, Map.of(DockerSecret.EXPOSE_TO, exposedTo));
    }

    /** Returns the options of a Swarm whose Prometheus can reach Narthex. */
    static CompileOptions options(String version) {
        return CompileOptions.of(
                        Platform.SWARM, PrometheusVersion.parse(version).orElseThrow(), LAYOUT)
                .withDiscovery(new DiscoveryService("http://narthex_operator:9480", SecretValue.of("token")));
    }

    static Inventory inventory(SwarmService... services) {
        Inventory inventory = DefaultServer.addTo(Inventory.EMPTY);
        for (SwarmService service : services) {
            inventory = inventory.with(service);
        }
        return inventory;
    }

    static Compilation compile(Inventory inventory) {
        return Compiler.create().compile(inventory, DefaultServer.KEY, options("3.16.0"));
    }

    static Compilation compile(Builder service) {
        return compile(inventory(service.build()));
    }

    /** Returns what is said of a service's labels, without what is said of the server. */
    static List<DiagnosticCode> codes(Compilation compilation) {
        return compilation.diagnostics().stream().map(Diagnostic::code).toList();
    }
}
