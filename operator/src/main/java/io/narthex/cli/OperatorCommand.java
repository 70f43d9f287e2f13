package io.narthex.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.compiler.Compiler;
import io.narthex.reconcile.kubernetes.ClusterOperator;
import io.narthex.reconcile.kubernetes.Consent;
import io.narthex.reconcile.kubernetes.Leadership;
import io.narthex.reconcile.kubernetes.OperatorSettings;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.Scope;
import io.narthex.web.OperatorEndpoint;
import io.narthex.web.OperatorHealth;
import io.narthex.web.OperatorHealth.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code narthex operator}. */
@Command(
        name = "operator",
        description = {
            "Run the operator of a Kubernetes cluster, until it is stopped.",
            "It finds the API server as kubectl does, or by its service account within a cluster."
        })
final class OperatorCommand implements Callable<Integer> {

    private final Clock clock;
    private final Terminal terminal;
    private final Supplier<Compiler> compiler;

    @Option(
            names = "--namespaces",
            paramLabel = "NAMES",
            split = ",",
            description = "The namespaces to look at, separated by commas. Default: all.")
    private List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--platform-namespaces",
            paramLabel = "NAMES",
            split = ",",
            description = "The namespaces whose PrometheusServers may see all namespaces.")
    private List<String> platformNamespaces = new ArrayList<>();

    @Option(
            names = "--operator-class",
            paramLabel = "NAME",
            description = "Take care of the PrometheusServers of this class. Default: of those without a class.")
    private @Nullable String operatorClass;

    @Option(
            names = "--prometheus-image",
            paramLabel = "REPOSITORY",
            description = "Where Prometheus's images come from. Default: ${DEFAULT-VALUE}.",
            defaultValue = "quay.io/prometheus/prometheus")
    private String prometheusImage;

    @Option(
            names = "--discovery-role",
            paramLabel = "NAME",
            description = "The ClusterRole that lets servers discover targets. Default: ${DEFAULT-VALUE}.",
            defaultValue = "narthex-discovery")
    private String discoveryRole;

    @Option(
            names = "--lease-namespace",
            paramLabel = "NAME",
            description = "Where replicas agree by a Lease on which of them works."
                    + " Default: $POD_NAMESPACE; without it, it works at once.")
    private @Nullable String lease;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Serve /livez, /readyz and /metrics there, over plain HTTP. Default: nowhere.")
    private @Nullable String listen;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log each step.")
    private boolean verbose;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    OperatorCommand(Terminal terminal, Clock clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() {
        Logs.show(verbose);
        Set<String> scope = new TreeSet<>(namespaces);
        OperatorSettings settings = new OperatorSettings(
                new Scope(scope),
                new Consent(new TreeSet<>(platformNamespaces)),
                Optional.ofNullable(operatorClass),
                new DeploymentSettings(
                        prometheusImage,
                        discoveryRole,
                        Optional.of(terminal.variable("POD_NAMESPACE")).filter(name -> !name.isEmpty())));
        Shutdown shutdown = new Shutdown();
        Config config = Config.autoConfigure(null);
        config.setUserAgent("narthex");
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            operate(client, settings);
        } finally {
            shutdown.done();
        }
        return ExitCode.OK.number();
    }

    /** Returns when it is to stop, whatever it waits for. */
    private void operate(KubernetesClient client, OperatorSettings settings) {
        Supplier<ClusterOperator> operators =
                () -> new ClusterOperator(client, settings, compiler.get(), clock, RandomGenerator.getDefault());
        Optional<String> leaseNamespace =
                Optional.ofNullable(lease).or(() -> settings.deployments().operatorNamespace());
        AtomicReference<Supplier<OperatorHealth>> health =
                new AtomicReference<>(() -> OperatorHealth.idle(Role.STARTING));
        try (OperatorEndpoint _ = endpoint(() -> health.get().get())) {
            if (leaseNamespace.isPresent()) {
                String name = "narthex-operator"
                        + settings.operatorClass().map(c -> "-" + c).orElse("");
                String identity = Optional.of(terminal.variable("POD_NAME"))
                        .filter(pod -> !pod.isEmpty())
                        .orElseGet(() -> UUID.randomUUID().toString());
                try (Leadership leadership = new Leadership(client, leaseNamespace.get(), name, identity, operators)) {
                    health.set(() -> health(leadership));
                    leadership.start();
                    new CountDownLatch(1).await();
                }
            } else {
                try (ClusterOperator operator = operators.get()) {
                    health.set(() -> health(operator));
                    operator.start();
                    new CountDownLatch(1).await();
                }
            }
        } catch (InterruptedException e) {
            // The process is asked to end.
        }
    }

    private @Nullable OperatorEndpoint endpoint(Supplier<OperatorHealth> health) {
        if (listen == null) {
            return null;
        }
        InetSocketAddress address = Addresses.parse("--listen", listen);
        try {
            return new OperatorEndpoint(address, health, Version.text());
        } catch (IOException e) {
            throw Failure.environment(
                    "--listen " + listen + " can't be listened on: " + e.getMessage(), "name a free port by --listen");
        }
    }

    private static OperatorHealth health(ClusterOperator operator) {
        Map<String, Long> resources = new TreeMap<>();
        operator.source()
                .state()
                .inventory()
                .resources()
                .forEach((key, resource) -> resources.merge(key.kind(), 1L, Long::sum));
        return new OperatorHealth(
                Role.LEADING, operator.isStarted(), operator.source().health().problems(), resources);
    }

    private static OperatorHealth health(Leadership leadership) {
        return leadership
                .operator()
                .map(OperatorCommand::health)
                .orElseGet(() -> OperatorHealth.idle(leadership.isDecided() ? Role.WAITING : Role.STARTING));
    }
}
