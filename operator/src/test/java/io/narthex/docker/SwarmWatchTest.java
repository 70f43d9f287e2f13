package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.rollout.MonotonicClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What changes is learned whatever becomes of the stream of events. */
@Timeout(120)
class SwarmWatchTest {

    /** Nothing is asked for again for its own sake while a test runs. */
    private static final Duration NEVER = Duration.ofDays(1);

    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final InstantSource real = MonotonicClock.startingAt(Instant.EPOCH);
    private final InstantSource timer = () -> real.instant().plus(passed.get());
    private StandInDocker swarm;
    private DockerClient client;
    private SwarmWatch watch;

    @BeforeEach
    void begin() throws IOException {
        swarm = new StandInDocker();
        client = new DockerClient(new DockerTransport(swarm.host(), Duration.ofSeconds(5)));
        watch = new SwarmWatch(client, timer, NEVER);
    }

    @AfterEach
    void end() throws IOException {
        watch.close();
        client.close();
        swarm.close();
    }

    private void start() {
        watch.start();
        await().atMost(LONG)
                .until(() -> swarm.listeners() == 1 && watch.snapshot().isPresent());
    }

    private void put(String service) {
        try {
            swarm.put(Kinds.SERVICES, "{'ID': '%s', 'Spec': {'Name': '%s'}}".formatted(service, service));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitKnown(String service) {
        await().atMost(LONG)
                .until(() -> watch.snapshot()
                        .flatMap(known -> known.named(Kinds.SERVICES, service))
                        .isPresent());
    }

    /** Time passes, and the Swarm is asked for something. */
    private void passes(Duration time) {
        passed.updateAndGet(before -> before.plus(time));
        watch.expectChange(EnumSet.noneOf(Kinds.class));
    }

    @Test
    void whatChangesBeforeTheFirstStreamIsOpenIsLearned() {
        swarm.beforeEvents(() -> {
            await().atMost(LONG).until(() -> watch.snapshot().isPresent());
            put("early");
        });
        watch.start();
        awaitKnown("early");
    }

    @Test
    void whatChangesBetweenTwoStreamsIsLearned() {
        start();
        put("before");
        swarm.beforeEvents(() -> {
            // All was answered that is asked for because the one before ended.
            awaitKnown("before");
            put("between");
        });
        swarm.endEvents();
        awaitKnown("between");
    }

    @Test
    void aStreamOfADaemonThatCouldNotBeReachedIsReplaced() {
        start();
        swarm.muteEvents();
        swarm.breakOff(path -> !path.equals("/events"));
        watch.expectChange(EnumSet.of(Kinds.NODES));
        await().atMost(LONG).until(() -> watch.problem().isPresent());
        swarm.breakOff(path -> false);
        await().atMost(LONG)
                .until(() -> swarm.listeners() >= 1 && watch.problem().isEmpty());

        put("later");
        swarm.tell("service", "create");
        awaitKnown("later");
    }

    /** A manager with much to do takes its time with a list, and tells events all right. */
    @Test
    void aStreamThatIsHeardWhileAQuestionTakesTooLongStays() throws IOException {
        watch.close();
        client.close();
        client = new DockerClient(new DockerTransport(swarm.host(), Duration.ofSeconds(2)));
        watch = new SwarmWatch(client, timer, NEVER);
        start();
        AtomicBoolean another = new AtomicBoolean();
        AtomicInteger questions = new AtomicInteger();
        CountDownLatch finished = new CountDownLatch(1);
        swarm.beforeEvents(() -> another.set(true));
        swarm.breakOff(path -> {
            if (!path.equals("/nodes")) {
                return false;
            }
            questions.incrementAndGet();
            swarm.tell("service", "create");
            try {
                finished.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
        watch.expectChange(EnumSet.of(Kinds.NODES));
        // From one to the next more time passes than until another stream would be opened.
        await().atMost(LONG).until(() -> questions.get() >= 3);
        assertThat(watch.problem()).isPresent();
        swarm.breakOff(path -> false);
        finished.countDown();
        await().atMost(LONG).until(() -> watch.problem().isEmpty());
        put("later");
        swarm.tell("service", "create");
        awaitKnown("later");
        assertThat(another).isFalse();
    }

    @Test
    void aStreamThatIsSilentForLongIsReplaced() {
        start();
        swarm.muteEvents();
        passes(DaemonWatch.LONGEST_SILENCE.plusSeconds(1));
        await().atMost(LONG).until(() -> swarm.listeners() == 1);

        put("later");
        swarm.tell("service", "create");
        awaitKnown("later");
    }

    @Test
    void aStreamOnWhichSomethingIsHeardStays() {
        start();
        put("untold");
        passes(DaemonWatch.LONGEST_SILENCE.minusSeconds(60));
        // All was asked for after so long, and won't be again: the next is known by its event alone.
        awaitKnown("untold");
        put("first");
        swarm.tell("service", "create");
        awaitKnown("first");
        AtomicBoolean another = new AtomicBoolean();
        swarm.beforeEvents(() -> another.set(true));
        passes(Duration.ofSeconds(70));
        put("second");
        swarm.tell("service", "create");
        awaitKnown("second");
        assertThat(another).isFalse();
    }
}
