package io.narthex.cli.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.cli.cluster.ClusterAccess;
import io.narthex.cli.input.DockerOptions;
import io.narthex.cli.page.OperatorStatusPage;
import io.narthex.cli.page.SnippetPage;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.cli.terminal.Version;
import io.narthex.compiler.Compiler;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.docker.Kinds;
import io.narthex.process.StateFolder;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.compose.ComposeOperator;
import io.narthex.reconcile.compose.ComposeSettings;
import io.narthex.reconcile.kubernetes.ClusterOperator;
import io.narthex.reconcile.kubernetes.Consent;
import io.narthex.reconcile.kubernetes.Leadership;
import io.narthex.reconcile.kubernetes.OperatorSettings;
import io.narthex.reconcile.swarm.SwarmOperator;
import io.narthex.reconcile.swarm.SwarmOperatorSettings;
import io.narthex.rollout.MonotonicClock;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.Scope;
import io.narthex.web.OperatorEndpoint;
import io.narthex.web.OperatorHealth;
import io.narthex.web.OperatorHealth.Role;
import io.narthex.web.Page;
import io.narthex.web.TargetsPage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code narthex operator}. */
@Command(
        name = "operator",
        description = {
            "Run the operator of a Kubernetes cluster, of a Docker Swarm or beside docker compose, until it is"
                    + " stopped.",
            "It finds the API server as kubectl does, or by its service account within a cluster;"
                    + " a Docker daemon as docker does."
        })
public final class OperatorCommand implements Callable<Integer> {

    /** Where an operator on Docker serves targets unless it is told otherwise. */
    static final String DOCKER_LISTEN = "0.0.0.0:9480";

    private final Clock clock;
    private final Terminal terminal;
    private final Supplier<Compiler> compiler;

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            description = "Where it works: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "kubernetes")
    private Platform platform;

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
            description = "The namespaces whose PrometheusServers may see all namespaces. Not with --namespaces.")
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
            names = "--lease-name",
            paramLabel = "NAME",
            description = "The Lease's name; each operator of a namespace needs its own."
                    + " Default: narthex-operator, and the operator's class.")
    private @Nullable String leaseName;

    @Option(
            names = "--secrets-by-name",
            description = "Don't list and watch Secrets: read those that are named, one by one, again every minute.")
    private boolean namedSecrets;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Serve /livez, /readyz and /metrics there, over plain HTTP; on Docker targets, too."
                    + " Default: nowhere, on Docker 0.0.0.0:9480.")
    private @Nullable String listen;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SwarmOptions swarm;

    @Mixin
    private ComposeOptions compose;

    @Mixin
    private DockerOptions docker;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            description = "How log lines are written: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private LogFormat logFormat;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log each step.")
    private boolean verbose;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public OperatorCommand(Terminal terminal, Clock clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() {
        PlatformOptions.check(platform, spec.commandLine().getParseResult().matchedOptions());
        if (logFormat == LogFormat.JSON) {
            LogSetup.json();
        }
        Logs.show(verbose);
        try (HeapReturn _ = HeapReturn.ofThisProcess()) {
            switch (platform) {
                case kubernetes -> operateCluster();
                case swarm -> operateSwarm();
                case compose -> operateCompose();
            }
        }
        return ExitCode.OK.number();
    }

    /** Returns when it is to stop. */
    private void operateCluster() {
        Set<String> scope = new TreeSet<>(namespaces);
        if (!scope.isEmpty() && !platformNamespaces.isEmpty()) {
            throw Failure.usage(
                    "--platform-namespaces and --namespaces exclude each other: nothing is bound in the cluster for an"
                            + " operator of some namespaces, so none of its servers can see all",
                    "leave out --platform-namespaces, or --namespaces to have all namespaces looked at");
        }
        OperatorSettings settings = new OperatorSettings(
                new Scope(scope),
                new Consent(new TreeSet<>(platformNamespaces), scope),
                Optional.ofNullable(operatorClass),
                new DeploymentSettings(
                        prometheusImage,
                        discoveryRole,
                        Optional.of(terminal.variable("POD_NAMESPACE")).filter(name -> !name.isEmpty())),
                !namedSecrets,
                OperatorSettings.RECHECK,
                OperatorSettings.OUTDATED);
        Shutdown shutdown = new Shutdown();
        Config config = new ClusterAccess(System.getenv()).find(null, null);
        try (KubernetesClient client = KubernetesClients.ofOperator(config)) {
            operate(client, settings);
        } finally {
            shutdown.done();
        }
    }

    /** Returns when it is to stop. */
    private void operateSwarm() {
        String where = listen == null ? DOCKER_LISTEN : listen;
        InetSocketAddress address = Addresses.parse("--listen", where);
        SwarmOperatorSettings settings = swarm.settings(prometheusImage, address.getPort());
        DockerHost host = docker.host(terminal);
        Shutdown shutdown = new Shutdown();
        try (DockerClient client = asManager(new DockerClient(host));
                SwarmOperator operator =
                        new SwarmOperator(client, settings, compiler.get(), clock, new SecureRandom());
                OperatorEndpoint _ = endpoint(where, () -> health(operator), pages(operator, operator))) {
            operator.start();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // The process is asked to end.
        } catch (IOException e) {
            // The client is closed either way.
        } finally {
            shutdown.done();
        }
    }

    /** A daemon that isn't a manager doesn't become one by waiting; one that doesn't answer yet is waited for. */
    private static DockerClient asManager(DockerClient client) throws InterruptedException {
        try {
            client.list(Kinds.NODES, Map.of());
        } catch (DockerException e) {
            if (e.kind() == DockerException.Kind.NOT_A_MANAGER) {
                throw Failure.environment(e.words(), "name a manager of a Swarm by --docker-host or DOCKER_HOST");
            }
        }
        return client;
    }

    /** Returns when it is to stop. */
    private void operateCompose() {
        String where = listen == null ? DOCKER_LISTEN : listen;
        InetSocketAddress address = Addresses.parse("--listen", where);
        ComposeSettings settings = swarm.composeSettings(compose.server(), address.getPort());
        DockerHost host = docker.host(terminal);
        Shutdown shutdown = new Shutdown();
        try (StateFolder folder = compose.open();
                DockerClient client = new DockerClient(host);
                ComposeOperator operator =
                        new ComposeOperator(client, settings, folder, compiler.get(), clock, new SecureRandom());
                OperatorEndpoint _ = endpoint(where, () -> health(operator), pages(operator, operator))) {
            operator.start();
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // The process is asked to end.
        } catch (IOException e) {
            throw Failure.environment(
                    "--server-folder can't be written: " + e.getMessage(), "see whether the volume is full");
        } finally {
            shutdown.done();
        }
    }

    private List<Page> pages(TargetsPage.Lists lists, OperatorView view) {
        return List.of(
                new TargetsPage(lists, MonotonicClock.startingAt(clock.instant())),
                OperatorStatusPage.of(view),
                SnippetPage.of(view));
    }

    private static OperatorHealth health(OperatorView operator) {
        Map<String, String> failing =
                operator.problem().map(problem -> Map.of("Docker", problem)).orElse(Map.of());
        Role role =
                operator.isWorking() ? Role.LEADING : operator.waitsFor().isPresent() ? Role.WAITING : Role.STARTING;
        return new OperatorHealth(role, operator.isReady(), failing, operator.resources());
    }

    /** Returns when it is to stop, whatever it waits for. */
    private void operate(KubernetesClient client, OperatorSettings settings) {
        Supplier<ClusterOperator> operators =
                () -> new ClusterOperator(client, settings, compiler.get(), clock, RandomGenerator.getDefault());
        Optional<String> leaseNamespace =
                Optional.ofNullable(lease).or(() -> settings.deployments().operatorNamespace());
        AtomicReference<Supplier<OperatorHealth>> health =
                new AtomicReference<>(() -> OperatorHealth.idle(Role.STARTING));
        try (OperatorEndpoint _ =
                listen == null ? null : endpoint(listen, () -> health.get().get(), List.of())) {
            if (leaseNamespace.isPresent()) {
                String name = Optional.ofNullable(leaseName)
                        .orElseGet(() -> "narthex-operator"
                                + settings.operatorClass().map(c -> "-" + c).orElse(""));
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

    private static OperatorEndpoint endpoint(String where, Supplier<OperatorHealth> health, List<Page> pages) {
        InetSocketAddress address = Addresses.parse("--listen", where);
        try {
            return new OperatorEndpoint(address, health, Version.text(), pages);
        } catch (IOException e) {
            throw Failure.environment(
                    "--listen " + where + " can't be listened on: " + e.getMessage(), "name a free port by --listen");
        }
    }

    private static OperatorHealth health(ClusterOperator operator) {
        Map<OperatorHealth.Ready, Long> conditions = new HashMap<>();
        Map<String, Boolean> servers = new TreeMap<>();
        operator.readiness().forEach((key, ready) -> {
            conditions.merge(
                    new OperatorHealth.Ready(key.kind(), ready.status().toLowerCase(Locale.ROOT), ready.reason()),
                    1L,
                    Long::sum);
            if (key.isServer() && !ready.isPaused()) {
                servers.put(key.namespace() + "/" + key.name(), ready.isReady());
            }
        });
        return new OperatorHealth(
                Role.LEADING,
                operator.isStarted(),
                operator.source().health().problems(),
                operator.source().state().inventory().countsByKind(),
                conditions,
                servers);
    }

    private static OperatorHealth health(Leadership leadership) {
        return leadership
                .operator()
                .map(OperatorCommand::health)
                .orElseGet(() -> OperatorHealth.idle(leadership.isDecided() ? Role.WAITING : Role.STARTING));
    }

    /** How log lines are written. */
    enum LogFormat {
        /** For people. */
        TEXT,
        /** One object a line. */
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
