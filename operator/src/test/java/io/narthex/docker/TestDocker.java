package io.narthex.docker;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
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

    /** Removes the services, configs, secrets and networks whose names begin with {@code prefix}. */
    public static void remove(DockerClient docker, String prefix) throws InterruptedException {
        for (Kinds kind : List.of(Kinds.SERVICES, Kinds.CONFIGS, Kinds.SECRETS, Kinds.NETWORKS)) {
            for (JsonNode object : docker.list(kind, Map.of())) {
                if (SwarmSnapshot.name(object).startsWith(prefix)) {
                    // What a task still holds can be removed a moment later.
                    await().atMost(Duration.ofMinutes(2))
                            .ignoreExceptionsInstanceOf(DockerException.class)
                            .until(() -> {
                                docker.delete(kind, SwarmSnapshot.id(object));
                                return true;
                            });
                }
            }
        }
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
