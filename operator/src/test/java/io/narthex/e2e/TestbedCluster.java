package io.narthex.e2e;

import io.narthex.testbed.Testbed;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The cluster of testbed/, made of processes of this machine. */
record TestbedCluster(Testbed testbed, Commands commands) implements Cluster, Cluster.Outside {

    private static final Path OPERATOR = Path.of("target/image.tar");
    private static final Image NEXT = new Image("narthex", "next");

    static TestbedCluster up() throws IOException, InterruptedException {
        Testbed testbed = Testbed.up(
                "bin/helm",
                "images/prometheus-3.5.tar",
                "images/alertmanager.tar",
                "images/blackbox-exporter.tar",
                "images/django-shop.tar");
        try {
            if (!Files.exists(OPERATOR)) {
                missing("there is no operator/target/image.tar; run: make image");
            }
            Commands commands = new Commands(Map.of());
            commands.run(List.of(testbed.script(), "load-image", OPERATOR.toString()));
            Path next = NextImage.of(OPERATOR, NEXT);
            commands.run(List.of(testbed.script(), "load-image", next.toString()));
            Files.delete(next);
            return new TestbedCluster(testbed, commands);
        } catch (RuntimeException | Error | IOException | InterruptedException e) {
            testbed.down();
            throw e;
        }
    }

    static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(reason);
        }
        Assumptions.abort(reason);
    }

    @Override
    public Path kubeconfig() {
        return testbed.kubeconfig();
    }

    @Override
    public Optional<Image> next() {
        return Optional.of(NEXT);
    }

    @Override
    public Optional<Outside> outside() {
        return Optional.of(this);
    }

    @Override
    public void stopApiServer() throws InterruptedException {
        commands.run(List.of(testbed.script(), "stop", "kube-apiserver"));
    }

    @Override
    public void startApiServer() throws InterruptedException {
        // Starts what isn't running.
        commands.run(List.of(testbed.script(), "up", "kubernetes"));
    }

    @Override
    public URI pod(String address, int port) {
        return URI.create("http://" + address + ":" + port);
    }

    @Override
    public void down() throws IOException, InterruptedException {
        testbed.down();
    }
}
