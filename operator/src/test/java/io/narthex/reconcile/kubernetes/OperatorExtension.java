package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.Compiler;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.KubernetesClients;
import io.narthex.source.kubernetes.Scope;
import io.narthex.testbed.Testbed;
import io.narthex.testbed.TestbedExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The testbed's cluster, where PrometheusServers, Monitors and RuleSets become a real Prometheus in a pod. For each test it
 * has a namespace of its own, and an operator of the whole cluster, which runs in this process with the rights of its
 * ClusterRole and no others.
 */
final class OperatorExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    /** The file of the operator's ClusterRole. */
    static final Path ROLE_FILE = Path.of("../helm/narthex/rbac/operator.yaml");

    /** The name of that ClusterRole. */
    static final String ROLE = "narthex-operator";

    /** How often operators look at what nobody tells them of. */
    static final Duration RECHECK = Duration.ofSeconds(3);

    /** Longer than a look at the targets and the pause after it take. */
    private static final Duration OUTDATED = Duration.ofSeconds(45);

    /** How operators work, unless a test wants something else. */
    static final OperatorSettings SETTINGS = settings(Scope.CLUSTER, Optional.empty(), true);

    private final TestbedExtension cluster =
            TestbedExtension.withDefinitions("it", Map.of("pod-security.kubernetes.io/enforce", "restricted"));
    private final boolean shared;

    private @Nullable Config rights;
    private volatile @Nullable Running running;

    /** An operator and its client. */
    private record Running(ClusterOperator operator, KubernetesClient client) {}

    private OperatorExtension(boolean shared) {
        this.shared = shared;
    }

    /** Returns one with an operator of its own for each test, which the test may stop and start; one test at a time. */
    static OperatorExtension forEach() {
        return new OperatorExtension(false);
    }

    /** Returns one with an operator for all tests of the class, which none of them stops; they may run at the same time. */
    static OperatorExtension forAll() {
        return new OperatorExtension(true);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        cluster.beforeAll(context);
        try (Stream<Path> files = Files.list(ROLE_FILE.resolveSibling(""))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                apply(Files.readString(file));
            }
        }
        rights = testbed().withClusterRole(ROLE);
        if (shared) {
            startOperator();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws InterruptedException {
        cluster.beforeEach(context);
        if (!shared) {
            startOperator();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!shared) {
            stopOperator();
        }
        cluster.afterEach(context);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        stopOperator();
        cluster.afterAll(context);
    }

    Testbed testbed() {
        return cluster.testbed();
    }

    /** Returns a client of the cluster's administrator. */
    KubernetesClient admin() {
        return cluster.client();
    }

    /** Applies objects of the cluster. */
    void apply(String yaml) throws IOException {
        testbed().apply(yaml, Optional.empty());
    }

    /** Returns the namespace of the test that runs. */
    TestNamespace namespace() {
        return new TestNamespace(testbed(), cluster.namespace());
    }

    /** Makes another namespace; whoever asked for it closes it. */
    TestNamespace newNamespace(Map<String, String> labels) {
        return new TestNamespace(testbed(), testbed().newNamespace("it-other", labels));
    }

    /** Starts the operator anew, which must not run. */
    void startOperator() throws InterruptedException {
        startOperator(Objects.requireNonNull(rights), SETTINGS);
    }

    /** Starts the operator, which must not run, with other rights and settings. */
    void startOperator(Config as, OperatorSettings settings) throws InterruptedException {
        if (running != null) {
            throw new IllegalStateException("the operator runs already");
        }
        KubernetesClient client = KubernetesClients.ofOperator(as);
        running = new Running(operator(client, settings), client);
        operator().start();
    }

    /** Stops the operator, if it runs. */
    void stopOperator() {
        Running stopped = running;
        running = null;
        if (stopped != null) {
            stopped.operator().close();
            stopped.client().close();
        }
    }

    /** Returns the operator, which runs. */
    ClusterOperator operator() {
        return running().operator();
    }

    /** Returns the client of the operator, which runs. */
    KubernetesClient client() {
        return running().client();
    }

    private Running running() {
        return Objects.requireNonNull(running, "the operator doesn't run");
    }

    /** Makes another operator, which is neither started nor closed here. */
    static ClusterOperator operator(KubernetesClient client, OperatorSettings settings) {
        return new ClusterOperator(
                client, settings, Compiler.create(), InstantSource.system(), RandomGenerator.getDefault());
    }

    /** Returns the settings of an operator that looks at a namespace alone. */
    static OperatorSettings inside(TestNamespace namespace) {
        return settings(new Scope(Set.of(namespace.name())), Optional.empty(), true);
    }

    /** Returns the settings of an operator for the servers of a class. */
    static OperatorSettings ofClass(String operatorClass) {
        return settings(Scope.CLUSTER, Optional.of(operatorClass), true);
    }

    /** Returns the settings of an operator that may not list Secrets. */
    static OperatorSettings withoutWatchingSecrets() {
        return settings(Scope.CLUSTER, Optional.empty(), false);
    }

    private static OperatorSettings settings(Scope scope, Optional<String> operatorClass, boolean watchSecrets) {
        return new OperatorSettings(
                scope,
                new Consent(Set.of(), scope.namespaces()),
                operatorClass,
                DeploymentSettings.DEFAULT,
                watchSecrets,
                RECHECK,
                OUTDATED);
    }
}
