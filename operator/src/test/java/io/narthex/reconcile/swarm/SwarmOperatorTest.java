package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.Compiler;
import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.StandInDocker;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An operator of a Swarm in states that a real one can't be brought to. */
@Timeout(120)
class SwarmOperatorTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String SERVER = "narthex-main";
    private static final String CONTAINER = "3f84ed6507c8";
    private static final String TASK = "{'ID': 't1', 'ServiceID': 's1', 'DesiredState': 'running', 'Status': {"
            + "'State': '%s'%s}, 'NetworksAttachments': [{'Network': {'ID': 'n1'}}]}";

    private StandInDocker swarm;
    private DockerClient docker;
    private Optional<SwarmOperator> operator = Optional.empty();

    @TempDir
    Path secrets;

    @BeforeEach
    void begin() throws IOException {
        swarm = new StandInDocker();
        docker = new DockerClient(swarm.host());
        swarm.put(
                Kinds.NETWORKS,
                "{'Id': 'n1', 'Name': 'narthex_control', 'Scope': 'swarm', 'Driver': 'overlay',"
                        + " 'Labels': {'io.narthex.network': 'control'}}");
        swarm.put(
                Kinds.NODES,
                "{'ID': 'm1', 'Spec': {'Availability': 'active'}, 'Status': {'State': 'ready'},"
                        + " 'Description': {'Hostname': 'one'}}");
        swarm.put(Kinds.SERVICES, "{'ID': 's1', 'Spec': {'Name': 'narthex_operator'}}");
    }

    @AfterEach
    void end() throws IOException {
        operator.ifPresent(SwarmOperator::close);
        docker.close();
        swarm.close();
    }

    private SwarmOperator start(String host, InstantSource clock) {
        SwarmOperator fresh = new SwarmOperator(
                docker,
                new SwarmOperatorSettings(
                        "narthex",
                        "quay.io/prometheus/prometheus",
                        Optional.empty(),
                        host,
                        9480,
                        Optional.empty(),
                        Duration.ofMinutes(5),
                        secrets),
                Compiler.create(),
                clock,
                RandomGenerator.getDefault());
        operator = Optional.of(fresh);
        fresh.start();
        return fresh;
    }

    private Optional<String> holder() {
        return swarm.named(Kinds.CONFIGS, "narthex-operator")
                .flatMap(config -> SwarmSnapshot.label(config, "io.narthex.holder"));
    }

    @Test
    void anOperatorWhoseTaskIsNotToldYetDoesNothingAsAnother() throws IOException {
        swarm.put(Kinds.TASKS, TASK.formatted("starting", ""));
        List<String> holders = new CopyOnWriteArrayList<>();
        swarm.afterWrite(request -> holder().ifPresent(holders::add));
        SwarmOperator started = start(CONTAINER, InstantSource.system());
        await().atMost(LONG).until(() -> swarm.listeners() == 1);
        await().during(Duration.ofSeconds(1)).atMost(LONG).until(() -> !started.isReady());
        assertThat(swarm.written()).isEmpty();

        swarm.put(
                Kinds.TASKS, TASK.formatted("running", ", 'ContainerStatus': {'ContainerID': '" + CONTAINER + "a1'}"));
        await().atMost(LONG).until(() -> swarm.named(Kinds.SERVICES, SERVER).isPresent());
        assertThat(holders).isNotEmpty().containsOnly("t1");
        // The very first start has what a later one would have, or Prometheus were started twice.
        assertThat(swarm.named(Kinds.SERVICES, SERVER)
                        .orElseThrow()
                        .at("/Spec/TaskTemplate/Networks/0/Target")
                        .asText())
                .isEqualTo("n1");
    }

    @Test
    void aClockThatIsSetBackStopsNothing() throws IOException {
        AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
        SwarmOperator started = start("node-1", () -> Instant.now().plus(set.get()));
        await().atMost(LONG).until(() -> swarm.named(Kinds.SERVICES, SERVER).isPresent() && knowsAllServices(started));
        set.set(Duration.ofDays(-1));
        swarm.put(Kinds.SERVICES, "{'ID': 's2', 'Spec': {'Name': 'shop'}}");
        swarm.tell("service", "create");
        await().atMost(LONG).until(() -> knowsAllServices(started));
    }

    private boolean knowsAllServices(SwarmOperator started) {
        return started.resources().getOrDefault("Service", 0L)
                == swarm.all(Kinds.SERVICES).size();
    }

    @Test
    void anOperatorThatEndsHasNoOtherWait() {
        SwarmOperator first = start("node-1", InstantSource.system());
        await().atMost(LONG).until(first::isWorking);
        assertThat(holder()).hasValueSatisfying(words -> assertThat(words).startsWith("process node-1/"));
        first.close();
        SwarmOperator second = start("node-2", InstantSource.system());
        await().atMost(LONG).until(second::isWorking);
    }

    /** Between the write and the next look, so that it never was seen. */
    @Test
    void aServiceThatGoesBeforeItIsSeenIsMadeAgain() {
        AtomicBoolean gone = new AtomicBoolean();
        swarm.afterWrite(request -> {
            if (request.equals("POST /services/create") && gone.compareAndSet(false, true)) {
                swarm.remove(Kinds.SERVICES, SERVER);
            }
        });
        start("node-1", InstantSource.system());
        await().atMost(LONG)
                .until(() -> gone.get() && swarm.named(Kinds.SERVICES, SERVER).isPresent());
    }

    @Test
    void aConfigThatGoesBeforeItIsSeenIsMadeAgain() {
        AtomicBoolean gone = new AtomicBoolean();
        swarm.afterWrite(request -> {
            Optional<JsonNode> file = swarm.all(Kinds.CONFIGS).stream()
                    .filter(config ->
                            SwarmSnapshot.label(config, "io.narthex.role").equals(Optional.of("file")))
                    .findFirst();
            if (file.isPresent() && gone.compareAndSet(false, true)) {
                swarm.remove(Kinds.CONFIGS, SwarmSnapshot.id(file.get()));
            }
        });
        start("node-1", InstantSource.system());
        // Docker makes no service of configs that aren't there.
        await().atMost(LONG)
                .until(() -> gone.get() && swarm.named(Kinds.SERVICES, SERVER).isPresent());
    }

    /** Or whoever ends every few seconds fills the operator's memory. */
    @Test
    void nothingIsRememberedOfTasksThatAreGone() throws IOException {
        start("node-1", InstantSource.system());
        await().atMost(LONG).until(() -> swarm.named(Kinds.SERVICES, SERVER).isPresent());
        JsonNode service = swarm.named(Kinds.SERVICES, SERVER).orElseThrow();
        String task =
                "{'ID': 'x1', 'ServiceID': '%s', 'DesiredState': 'shutdown', 'Spec': %s, 'Status': {'State': 'failed',"
                                .formatted(SwarmSnapshot.id(service), service.at("/Spec/TaskTemplate"))
                        + " 'Err': 'task: non-zero exit (2)'}}";
        for (long times = 1; times <= 2; times++) {
            long expected = times;
            swarm.put(Kinds.TASKS, task);
            swarm.tell("service", "update");
            await().atMost(LONG).until(() -> logsRead() == expected);
            swarm.remove(Kinds.TASKS, "x1");
            long before = swarm.asked().size();
            swarm.tell("service", "update");
            // Looked for, and then looked at.
            await().atMost(LONG)
                    .until(() -> swarm.asked().stream()
                                    .skip(before)
                                    .filter("/tasks"::equals)
                                    .count()
                            >= 3);
        }
    }

    private long logsRead() {
        return swarm.asked().stream().filter("/tasks/x1/logs"::equals).count();
    }
}
