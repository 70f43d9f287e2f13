package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.Action;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutLoop;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one local Prometheus at what is desired; looks again when something else is desired, when the process changes,
 * and from time to time.
 *
 * <p>Any thread may call any method. Everything that is done is done by one thread of its own, but for the search for
 * culprits.
 */
public final class Rollout implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Rollout.class);

    private final Supervisor supervisor;
    private final LocalPrometheus driver;
    private final SpareCheck spare;
    private final RolloutLoop loop;

    // Of the loop's thread.
    private @Nullable Wanted wanted;
    private volatile @Nullable Thread search;

    private record Wanted(Bundle bundle, Suspects suspects) {}

    /**
     * Makes a rollout that does nothing before {@link #start}.
     *
     * @param program the Prometheus to run
     * @param state the state folder, which this doesn't close
     * @param supervisor keeps the process; this stops the process, but doesn't close the supervisor
     * @param clients makes a client of what listens at an address; this closes it
     * @param pace how patient the engine is
     * @param clock tells the time
     * @param listener is told each new status, by this rollout's own thread
     */
    public Rollout(
            PrometheusProgram program,
            StateFolder state,
            Supervisor supervisor,
            Function<ServerAddress, PrometheusClient> clients,
            Pace pace,
            InstantSource clock,
            Consumer<Status> listener) {
        this.supervisor = supervisor;
        driver = new LocalPrometheus(program, state, supervisor, clients);
        spare = new SpareCheck(program.path(), state.root());
        loop = new RolloutLoop(
                "prometheus",
                driver,
                RolloutEngine.withPace(pace),
                clock,
                this::find,
                standing -> listener.accept(standing.status()));
    }

    /** Begins; to be called once. */
    public void start() {
        supervisor.onChange(observation -> loop.wake());
        loop.start();
    }

    /** Says what ought to run from now on; {@code suspects} where the culprit is looked for if Prometheus refuses it. */
    public void desire(Bundle bundle, Suspects suspects) {
        loop.change(() -> {
            driver.desire(bundle);
            wanted = new Wanted(bundle, suspects);
        });
    }

    /** Returns where it stands. */
    public Status status() {
        return loop.standing().status();
    }

    private void find(Action.FindCulprit refusal, Consumer<Observed.Found> answer) {
        endSearch();
        Wanted refused = wanted;
        if (refused != null) {
            search = Thread.ofVirtual().name("culprit-search").start(() -> {
                List<Culprit> culprits = search(refused);
                if (!Thread.currentThread().isInterrupted()) {
                    answer.accept(new Observed.Found(refusal.release().id(), culprits));
                }
            });
        }
    }

    private List<Culprit> search(Wanted refused) {
        try {
            boolean byPromtool =
                    spare.hasPromtool() && spare.promtool(refused.bundle()).isPresent();
            return new CulpritSearch(refused.suspects(), byPromtool ? spare::promtool : spare::prometheus).run();
        } catch (IOException e) {
            LOG.warn("The culprit can't be searched: {}", e.getMessage());
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private void endSearch() {
        Thread before = search;
        if (before != null) {
            before.interrupt();
        }
    }

    /** Ends, and stops Prometheus cleanly. */
    @Override
    public void close() {
        loop.close();
        endSearch();
        try {
            supervisor.stop(Supervisor.STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        driver.close();
    }
}
