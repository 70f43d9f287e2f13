package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.StandInDocker;
import io.narthex.docker.SwarmSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of several operators works. */
class TenureTest {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final SwarmSnapshot SWARM = SwarmSnapshot.EMPTY;
    private static final Optional<OwnTask> NO_TASK = Optional.empty();

    private StandInDocker swarm;
    private DockerClient docker;
    private Instant now = Instant.EPOCH;
    private final Tenure[] tenures = new Tenure[2];

    @BeforeEach
    void begin() throws IOException {
        swarm = new StandInDocker();
        docker = new DockerClient(swarm.host());
        tenures[0] = tenure("one/7", Instant.parse("2026-01-01T00:00:00Z"));
        // Its machine's clock is set otherwise.
        tenures[1] = tenure("two/7", Instant.parse("2026-01-01T01:00:00Z"));
    }

    @AfterEach
    void end() throws IOException {
        docker.close();
        swarm.close();
    }

    private Tenure tenure(String process, Instant clock) {
        return new Tenure(
                docker, "narthex", process, () -> clock.plus(Duration.between(Instant.EPOCH, now)), () -> now);
    }

    private Optional<String> other(int which) throws InterruptedException {
        return tenures[which].other(SWARM, NO_TASK);
    }

    private String holder() {
        return swarm.named(Kinds.CONFIGS, "narthex-operator")
                .flatMap(config -> SwarmSnapshot.label(config, "io.narthex.holder"))
                .orElseThrow();
    }

    @Test
    void clocksOfTwoMachinesAreNotCompared() throws InterruptedException {
        for (int first : List.of(0, 1)) {
            int second = 1 - first;
            assertThat(other(first)).isEmpty();
            for (int i = 0; i < 60; i++) {
                assertThat(other(second))
                        .hasValueSatisfying(words -> assertThat(words).startsWith("the process "));
                assertThat(other(first)).isEmpty();
                now = now.plus(LOOK);
            }
            tenures[first].giveBack();
        }
    }

    @Test
    void aProcessThatIsSilentIsFollowedByAnotherAfterAMinute() throws InterruptedException {
        for (int first : List.of(0, 1)) {
            int second = 1 - first;
            assertThat(other(first)).isEmpty();
            now = now.plus(LOOK);
            assertThat(other(second)).isPresent();
            now = now.plusSeconds(59);
            assertThat(other(second)).isPresent();
            now = now.plusSeconds(1);
            assertThat(other(second)).isEmpty();
            // The first, which only stood still, sees it.
            assertThat(other(first)).isPresent();
            tenures[second].giveBack();
        }
    }

    @Test
    void nobodyWaitsForOneThatEnded() throws InterruptedException {
        assertThat(other(0)).isEmpty();
        assertThat(other(1)).isPresent();
        tenures[0].giveBack();
        assertThat(other(1)).isEmpty();
        assertThat(holder()).isEqualTo("process two/7");
        // It isn't its to give back any more.
        tenures[0].giveBack();
        assertThat(holder()).isEqualTo("process two/7");
    }

    @Test
    void aProcessThatLearnsItsTaskDoesNotWaitForItself() throws InterruptedException {
        assertThat(other(0)).isEmpty();
        OwnTask task = new OwnTask("t1", "s1", "narthex_operator", List.of());
        assertThat(tenures[0].other(SWARM, Optional.of(task))).isEmpty();
        assertThat(holder()).isEqualTo("t1");
    }

    @Test
    void whoUninstallsSeesAProcessThatWorks() throws InterruptedException {
        assertThat(other(0)).isEmpty();
        // What is asked for each second takes a long time here, and meanwhile the operator looks.
        Tenure asking = new Tenure(docker, "narthex", "uninstall", () -> now, () -> {
            now = now.plus(LOOK);
            try {
                assertThat(other(0)).isEmpty();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return now;
        });
        assertThat(asking.working(SWARM)).hasValue("the process one/7");

        Tenure later = new Tenure(docker, "narthex", "uninstall", () -> now, () -> now = now.plusSeconds(20));
        assertThat(later.working(SWARM)).isEmpty();
        tenures[0].giveBack();
        assertThat(later.working(SWARM)).isEmpty();
        assertThat(holder()).isEmpty();
    }
}
