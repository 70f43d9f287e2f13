package io.narthex.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.lifecycle.Startable;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * K3s in a container of Testcontainers. It takes Docker, privileged containers and the image {@code rancher/k3s}, or the
 * one that {@code NARTHEX_E2E_K3S_IMAGE} names; where one of them can't be had, the test is skipped with the reason. It
 * pulls Prometheus, Alertmanager and the blackbox exporter from their registries.
 */
final class K3sCluster implements Cluster {

    private static final String DEFAULT_IMAGE = "rancher/k3s:v1.34.1-k3s1";
    private static final Path OPERATOR = Path.of("target/image.tar");
    private static final Image NEXT = new Image("narthex", "next");

    private final K3sContainer container;
    private final Path kubeconfig;

    private K3sCluster(K3sContainer container, Path kubeconfig) {
        this.container = container;
        this.kubeconfig = kubeconfig;
    }

    static K3sCluster up() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.exists(OPERATOR), "there is no operator/target/image.tar; run: make image");
        String name = Optional.ofNullable(System.getenv("NARTHEX_E2E_K3S_IMAGE"))
                .filter(given -> !given.isEmpty())
                .orElse(DEFAULT_IMAGE);
        need("docker", name);
        K3sContainer container = new K3sContainer(DockerImageName.parse(name).asCompatibleSubstituteFor("rancher/k3s"));
        start(container);
        try {
            Path kubeconfig = Files.createTempFile("narthex-k3s", ".yaml");
            Files.writeString(kubeconfig, container.getKubeConfigYaml());
            K3sCluster cluster = new K3sCluster(container, kubeconfig);
            cluster.load(OPERATOR);
            Path next = NextImage.of(OPERATOR, NEXT);
            cluster.load(next);
            Files.delete(next);
            cluster.loadShop();
            return cluster;
        } catch (RuntimeException | Error | IOException | InterruptedException e) {
            container.stop();
            throw e;
        }
    }

    /**
     * Skips the test where Docker or the image can't be had. By Docker's own client, which says at once what Testcontainers
     * tries for minutes.
     *
     * @param docker the client's program
     */
    static void need(String docker, String image) throws InterruptedException {
        demand("no Docker answers, in which K3s would run", docker, "version");
        if (new Commands(Map.of())
                        .attempt(List.of(docker, "image", "inspect", image), "")
                        .code()
                != 0) {
            demand("the image " + image + " can't be had", docker, "pull", "--quiet", image);
        }
    }

    /** Skips the test where it doesn't start. */
    static void start(Startable container) {
        try {
            container.start();
        } catch (RuntimeException e) {
            container.stop();
            Assumptions.abort("K3s doesn't start, perhaps because privileged containers are refused: " + cause(e));
        }
    }

    private static void demand(String reason, String... command) throws InterruptedException {
        try {
            Commands.Result result = new Commands(Map.of()).attempt(List.of(command), "");
            Assumptions.assumeTrue(
                    result.code() == 0, () -> reason + ": " + result.text().strip());
        } catch (UncheckedIOException e) {
            Assumptions.abort(reason + ": " + cause(e));
        }
    }

    private static String cause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    private void loadShop() throws IOException, InterruptedException {
        Commands docker = new Commands(Map.of());
        if (docker.attempt(List.of("docker", "image", "inspect", shop().toString()), "")
                        .code()
                != 0) {
            docker.run(List.of("docker", "build", "--tag", shop().toString(), "../examples/django"));
        }
        Path saved = Files.createTempFile("narthex-shop", ".tar");
        try {
            docker.run(List.of("docker", "save", "--output", saved.toString(), shop().toString()));
            load(saved);
        } finally {
            Files.delete(saved);
        }
    }

    private void load(Path tar) throws IOException, InterruptedException {
        String inside = "/tmp/" + tar.getFileName();
        container.copyFileToContainer(MountableFile.forHostPath(tar.toAbsolutePath()), inside);
        ExecResult result = container.execInContainer("ctr", "--namespace", "k8s.io", "images", "import", inside);
        if (result.getExitCode() != 0) {
            throw new IOException("K3s doesn't take " + tar + ": " + result.getStdout() + result.getStderr());
        }
        container.execInContainer("rm", inside);
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public Optional<Image> next() {
        return Optional.of(NEXT);
    }

    /** Its API server can't be stopped without K3s as a whole, and its pods' addresses are Docker's to know. */
    @Override
    public Optional<Outside> outside() {
        return Optional.empty();
    }

    @Override
    public void down() throws IOException {
        container.stop();
        Files.delete(kubeconfig);
    }
}
