package io.narthex.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
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
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
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

    /** How long ending may take. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(10);

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
        log();
        Set<String> scope = new TreeSet<>(namespaces);
        OperatorSettings settings = new OperatorSettings(
                new Scope(scope),
                new Consent(new TreeSet<>(platformNamespaces)),
                Optional.ofNullable(operatorClass),
                new DeploymentSettings(
                        prometheusImage,
                        discoveryRole,
                        Optional.of(terminal.variable("POD_NAMESPACE")).filter(name -> !name.isEmpty())));
        CountDownLatch closed = new CountDownLatch(1);
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            main.interrupt();
            try {
                // What isn't closed by then ends with the process.
                boolean _ = closed.await(SHUTDOWN.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        Config config = Config.autoConfigure(null);
        config.setUserAgent("narthex");
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            operate(client, settings);
        } finally {
            closed.countDown();
        }
        return ExitCode.OK.number();
    }

    /** Returns when it is to stop, whatever it waits for. */
    private void operate(KubernetesClient client, OperatorSettings settings) {
        Supplier<ClusterOperator> operators =
                () -> new ClusterOperator(client, settings, compiler.get(), clock, RandomGenerator.getDefault());
        Optional<String> leaseNamespace =
                Optional.ofNullable(lease).or(() -> settings.deployments().operatorNamespace());
        try {
            if (leaseNamespace.isPresent()) {
                String name = "narthex-operator"
                        + settings.operatorClass().map(c -> "-" + c).orElse("");
                String identity = Optional.of(terminal.variable("POD_NAME"))
                        .filter(pod -> !pod.isEmpty())
                        .orElseGet(() -> UUID.randomUUID().toString());
                try (Leadership leadership = new Leadership(client, leaseNamespace.get(), name, identity, operators)) {
                    leadership.start();
                    new CountDownLatch(1).await();
                }
            } else {
                try (ClusterOperator operator = operators.get()) {
                    operator.start();
                    new CountDownLatch(1).await();
                }
            }
        } catch (InterruptedException e) {
            // The process is asked to end.
        }
    }

    private void log() {
        if (LoggerFactory.getLogger("io.narthex") instanceof Logger logger) {
            logger.setLevel(verbose ? Level.DEBUG : Level.INFO);
        }
    }
}
