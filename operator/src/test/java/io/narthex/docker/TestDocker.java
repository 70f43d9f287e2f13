package io.narthex.docker;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The Docker daemon of the tests, a manager of the testbed's Swarm. */
public final class TestDocker {

    private TestDocker() {}

    /** Returns where it is; skips the test where there is none, and fails it in continuous integration. */
    public static DockerHost host() {
        DockerHost host = DockerHost.parse(DockerHost.DEFAULT, Optional.empty());
        String problem;
        try (DockerClient client = new DockerClient(host)) {
            if (client.info().at("/Swarm/ControlAvailable").asBoolean()) {
                return host;
            }
            problem = "the Docker daemon is no manager of a Swarm";
        } catch (DockerException e) {
            problem = e.words();
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            problem = "interrupted";
        }
        String message = problem + "; 'testbed/testbed up swarm' starts one";
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        return abort(message);
    }

    /** Removes a volume of the daemon's own machine, once its last container is gone; Narthex itself never does. */
    public static void removeVolume(String name) {
        try (DockerTransport transport =
                new DockerTransport(DockerHost.parse(DockerHost.DEFAULT, Optional.empty()), Duration.ofSeconds(10))) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> transport
                                    .send(
                                            "DELETE",
                                            "/v1.41/volumes/" + name + "?force=true",
                                            Optional.empty(),
                                            Map.of())
                                    .status()
                            != 409);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
