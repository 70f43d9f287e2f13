package io.narthex.reconcile.compose;

import static org.awaitility.Awaitility.await;

import io.narthex.compiler.Compiler;
import io.narthex.docker.DockerClient;
import io.narthex.docker.StandInDocker;
import io.narthex.process.Outcome;
import io.narthex.process.StateFolder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator beside docker compose, of a daemon that is played. */
@Timeout(120)
class ComposeOperatorTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void aClockThatIsSetBackStopsNothing(@TempDir Path folder) throws Exception {
        AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
        // Nothing answers at the server's address.
        ComposeSettings settings = new ComposeSettings(
                folder.resolve("resources"),
                URI.create("http://127.0.0.1:1"),
                "machine",
                9480,
                Optional.empty(),
                Duration.ofMinutes(5));
        try (StandInDocker daemon = new StandInDocker();
                DockerClient docker = new DockerClient(daemon.host());
                StateFolder state = ((Outcome.Done<StateFolder>) StateFolder.open(folder.resolve("state"))).value();
                ComposeOperator operator = new ComposeOperator(
                        docker,
                        settings,
                        state,
                        Compiler.create(),
                        () -> Instant.now().plus(set.get()),
                        RandomGenerator.getDefault())) {
            operator.start();
            await().atMost(LONG).until(() -> operator.isWorking() && daemon.listeners() == 1);
            set.set(Duration.ofDays(-1));
            daemon.containers("{'Id': 'c1', 'Names': ['/shop-web-1'], 'State': 'running', 'Labels': {"
                    + "'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web',"
                    + " 'com.docker.compose.container-number': '1'}}");
            daemon.tell("container", "start");
            await().atMost(LONG).until(() -> operator.resources().getOrDefault("Service", 0L) > 0);
        }
    }
}
