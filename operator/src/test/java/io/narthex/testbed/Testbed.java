package io.narthex.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The testbed's Kubernetes with its node: used where it runs, otherwise started, and then stopped again. */
public final class Testbed {

    private final Path script;
    private final Path home;
    private final boolean started;
    private final FileChannel turn;
    private final KubernetesClient administrator;

    private Testbed(Path script, Path home, boolean started, FileChannel turn) throws IOException {
        this.script = script;
        this.home = home;
        this.started = started;
        this.turn = turn;
        this.administrator = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig())))
                .build();
    }

    /**
     * Makes sure that it runs; where it isn't built, skips the test, or fails it with CI=true.
     *
     * @param more what of the testbed's home is needed beside a node and Prometheus
     */
    public static Testbed up(String... more) throws IOException, InterruptedException {
        String named = System.getenv("TESTBED_HOME");
        Path home = named != null ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache/narthex-testbed");
        for (String needed : Stream.concat(
                        Stream.of("bin/kube-apiserver", "bin/kubelet", "bin/containerd", "images/prometheus.tar"),
                        Stream.of(more))
                .toList()) {
            if (!Files.exists(home.resolve(needed))) {
                String reason =
                        "the testbed has no " + needed + "; run: testbed/testbed build && testbed/testbed image";
                if ("true".equals(System.getenv("CI"))) {
                    fail(reason);
                }
                Assumptions.abort(reason);
            }
        }
        FileChannel turn = awaitTurn(home);
        try {
            return up(home, turn);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            turn.close();
            throw e;
        }
    }

    /** Waits until no other test has the cluster to itself: each runs an operator of it, or changes its definitions. */
    private static FileChannel awaitTurn(Path home) throws IOException {
        FileChannel turn = FileChannel.open(
                Files.createDirectories(home.resolve("run")).resolve("tests.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        // Held until the channel is closed.
        FileLock _ = turn.lock();
        return turn;
    }

    private static Testbed up(Path home, FileChannel turn) throws IOException, InterruptedException {
        Path script = Path.of("../testbed/testbed").toAbsolutePath().normalize();
        boolean running = Files.exists(home.resolve("run/kubernetes/kubelet.yaml"))
                && run(List.of(script.toString(), "status")).text().contains("kubernetes: up");
        if (!running) {
            Result up = run(List.of(script.toString(), "up", "kubernetes"));
            assertThat(up.code()).as(up.text()).isZero();
        }
        return new Testbed(script, home, !running, turn);
    }

    /** Returns its script. */
    public String script() {
        return script.toString();
    }

    /** Returns how the cluster's administrator reaches it. */
    public Path kubeconfig() {
        return home.resolve("run/kubernetes/admin.kubeconfig");
    }

    /** Returns a client of the cluster's administrator, which {@link #down} closes. */
    public KubernetesClient administrator() {
        return administrator;
    }

    /** Makes a namespace with a name of its own, which begins with {@code prefix}; returns the name. */
    public String newNamespace(String prefix, Map<String, String> labels) {
        String name = prefix + "-" + Long.toString(RandomGenerator.getDefault().nextLong() >>> 1, 36);
        // Not create: a client whose connection breaks sends it once more, and it is there by then.
        administrator
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .serverSideApply();
        return name;
    }

    /**
     * Makes a service account that has the rights of the ClusterRole of the same name everywhere.
     *
     * @return how it comes to the API server
     */
    public Config withClusterRole(String name) {
        account("default", name);
        administrator
                .resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", name)
                        .addNewSubject("", "ServiceAccount", name, "default")
                        .build())
                .serverSideApply();
        return with(token("default", name));
    }

    /**
     * Makes a service account that has the rights of the Role of the same name in its namespace.
     *
     * @return how it comes to the API server
     */
    public Config withRole(String namespace, String name) {
        return bound(namespace, "Role", name);
    }

    /**
     * Makes a service account that has the rights of the ClusterRole of the same name in its namespace alone.
     *
     * @return how it comes to the API server
     */
    public Config withClusterRoleIn(String namespace, String name) {
        return bound(namespace, "ClusterRole", name);
    }

    private Config bound(String namespace, String kind, String name) {
        account(namespace, name);
        administrator
                .resource(new RoleBindingBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", kind, name)
                        .addNewSubject("", "ServiceAccount", name, namespace)
                        .build())
                .serverSideApply();
        return with(token(namespace, name));
    }

    private void account(String namespace, String name) {
        administrator
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
    }

    private String token(String namespace, String name) {
        return administrator
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(name)
                .tokenRequest(new TokenRequest())
                .getStatus()
                .getToken();
    }

    private Config with(String token) {
        return new ConfigBuilder(administrator.getConfiguration())
                .withOauthToken(token)
                .withAutoOAuthToken("")
                .build();
    }

    /** Installs the custom resource definitions of this checkout, and waits until they are served. */
    public void installDefinitions() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../crds"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                for (HasMetadata definition : apply(Files.readString(file), Optional.empty())) {
                    administrator
                            .apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName(definition.getMetadata().getName())
                            .waitUntilCondition(Testbed::isEstablished, 60, TimeUnit.SECONDS);
                }
            }
        }
    }

    /**
     * Applies objects as the cluster's administrator, whoever else manages their fields.
     *
     * @param yaml documents
     * @param namespace where they go, whatever they say; empty for what they say
     * @return the objects as they were given
     */
    public List<HasMetadata> apply(String yaml, Optional<String> namespace) throws IOException {
        try (InputStream in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))) {
            List<HasMetadata> objects = administrator.load(in).items();
            for (HasMetadata object : objects) {
                namespace.ifPresent(object.getMetadata()::setNamespace);
                administrator
                        .resource(object)
                        .fieldManager("test")
                        .forceConflicts()
                        .serverSideApply();
            }
            return objects;
        }
    }

    private static boolean isEstablished(CustomResourceDefinition definition) {
        return definition.getStatus() != null
                && definition.getStatus().getConditions() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private record Result(int code, String text) {}

    private static Result run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("narthex", ".out");
        try {
            // Into a file: what is started here goes on running, and would keep a pipe open.
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            process.getOutputStream().close();
            int code = process.waitFor();
            return new Result(code, new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }

    /** Leaves it to others, stopped if it was started here. */
    public void down() throws IOException, InterruptedException {
        try (turn;
                administrator) {
            if (started) {
                run(List.of(script.toString(), "down", "kubernetes"));
            }
        }
    }
}
