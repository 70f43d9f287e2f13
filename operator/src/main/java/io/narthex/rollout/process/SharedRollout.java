package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.process.StateFolder;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutLoop;
import io.narthex.rollout.Status;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * Keeps the folder that a Prometheus of somebody else's reads at what is offered, has it reloaded, and puts the last good
 * configuration back where it refuses.
 *
 * <p>Any thread may call any method. Everything that is done is done by one thread of its own.
 */
public final class SharedRollout implements AutoCloseable {

    private final OfferedPrometheus driver;
    private final RolloutLoop loop;
    private final boolean hadLastGood;
    private volatile Function<Refusal, List<Culprit>> culprits = why -> List.of();

    /**
     * Makes a rollout that has nothing to offer yet, and begins.
     *
     * @param name names the server, for logs
     * @param folder its part {@code config} is what Prometheus reads; not closed here
     * @param clock tells the time
     * @param listener is called after each step, by this rollout's own thread
     */
    public SharedRollout(String name, StateFolder folder, InstantSource clock, Runnable listener) {
        driver = new OfferedPrometheus(folder.config(), folder.lastGood());
        hadLastGood = driver.hasLastGood();
        loop = new RolloutLoop(
                name,
                driver,
                RolloutEngine.withPace(Pace.REMOTE),
                clock,
                (refused, answer) ->
                        answer.accept(new Observed.Found(refused.release().id(), culprits.apply(refused.refusal()))),
                standing -> listener.run());
        loop.start();
    }

    /** Returns whether Prometheus never was seen with anything that was offered. */
    public boolean isFirst() {
        return !hadLastGood && status().verified().isEmpty();
    }

    /**
     * Says what is to be loaded from now on.
     *
     * @param bundle what
     * @param endpoint where Prometheus is
     * @param suspects says who is to blame where Prometheus refuses it
     */
    public void offer(Bundle bundle, PrometheusEndpoint endpoint, Function<Refusal, List<Culprit>> suspects) {
        culprits = suspects;
        loop.change(() -> {
            driver.find(endpoint);
            driver.desire(bundle);
        });
    }

    /** Returns where it stands. */
    public Status status() {
        return loop.standing().status();
    }

    /** Ends; the files stay, and Prometheus goes on. */
    @Override
    public void close() {
        loop.close();
        driver.close();
    }
}
