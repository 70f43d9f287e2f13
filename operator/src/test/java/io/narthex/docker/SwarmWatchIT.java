package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of a Swarm, behind a proxy that spoils what its daemon says. */
class SwarmWatchIT {

    private static final String SERVICE = "narthex-watch-it";

    private DockerClient direct;
    private FaultProxy proxy;
    private DockerClient spoiled;
    private SwarmWatch watch;

    @BeforeEach
    void begin() throws Exception {
        DockerHost docker = TestDocker.host();
        direct = new DockerClient(docker);
        proxy = new FaultProxy(docker);
        spoiled = new DockerClient(new DockerTransport(proxy.host(), Duration.ofSeconds(2)));
        // So rarely asked while nothing happens that only events have it ask.
        watch = new SwarmWatch(spoiled, InstantSource.system(), Duration.ofMinutes(5));
        watch.start();
        await().atMost(Duration.ofSeconds(20)).until(() -> watch.snapshot().isPresent());
    }

    @AfterEach
    void end() throws Exception {
        if (direct == null) {
            return;
        }
        watch.close();
        spoiled.close();
        proxy.close();
        direct.delete(Kinds.SERVICES, SERVICE);
        direct.close();
    }

    private static ObjectNode service(int replicas) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree("""
                {"Name": "%s",
                 "TaskTemplate": {"ContainerSpec": {"Image": "testbed.local/busybox:1", "Args": ["sleep", "600"],
                   "StopGracePeriod": 100000000}},
                 "Mode": {"Replicated": {"Replicas": %d}}}""".formatted(SERVICE, replicas));
    }

    private long running(String id) {
        return watch.snapshot().orElseThrow().tasks().stream()
                .filter(task -> task.path("ServiceID").asText().equals(id))
                .filter(task -> task.at("/Status/State").asText().equals("running")
                        && task.path("DesiredState").asText().equals("running"))
                .count();
    }

    private void becomes(String id, int replicas) {
        await().atMost(Duration.ofSeconds(40)).until(() -> running(id) == replicas);
    }

    @Test
    void tasksAreFollowedWithoutEventsOfContainers() throws Exception {
        String id = direct.create(Kinds.SERVICES, service(2), Optional.empty());
        becomes(id, 2);
        direct.update(
                Kinds.SERVICES,
                id,
                spec -> {
                    ((ObjectNode) spec.at("/Mode/Replicated")).put("Replicas", 3);
                    return spec;
                },
                Optional.empty());
        becomes(id, 3);
        direct.delete(Kinds.SERVICES, id);
        becomes(id, 0);
    }

    @Test
    void aDaemonThatHangsIsToldAndAskedAgain() throws Exception {
        assertThat(watch.problem()).isEmpty();
        JsonNode known = watch.snapshot().orElseThrow().nodes().getFirst();
        proxy.hang();
        watch.expectChange(EnumSet.of(Kinds.NODES));
        await().atMost(Duration.ofSeconds(20)).until(() -> watch.problem().isPresent());
        assertThat(watch.problem())
                .hasValueSatisfying(words -> assertThat(words).contains("doesn't answer within 2 s"));
        // What was known stays known.
        assertThat(watch.snapshot().orElseThrow().nodes().getFirst()).isEqualTo(known);
        proxy.goOn();
        await().atMost(Duration.ofSeconds(30)).until(() -> watch.problem().isEmpty());
    }
}
