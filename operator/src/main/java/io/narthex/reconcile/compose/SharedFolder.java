package io.narthex.reconcile.compose;

import io.narthex.compiler.model.Bundle;
import io.narthex.process.StateFolder;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.reconcile.external.Handover;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Status;
import io.narthex.rollout.process.SharedRollout;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** Hands over by files in a folder that the server reads, and has it reload them. */
public final class SharedFolder implements Handover {

    private final SharedRollout rollout;

    /**
     * Makes one that has offered nothing yet.
     *
     * @param name what log lines call the server
     * @param folder its part {@code config} is what the server reads; not closed here
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param listener is run whenever there is something new to {@link #look} at
     */
    public SharedFolder(String name, StateFolder folder, InstantSource timer, Runnable listener) {
        this.rollout = new SharedRollout(name, folder, timer, listener);
    }

    @Override
    public boolean isByHand() {
        return false;
    }

    @Override
    public boolean isFirst() {
        return rollout.isFirst();
    }

    @Override
    public void offer(Bundle bundle, PrometheusEndpoint endpoint, Function<Refusal, List<Culprit>> suspects) {
        rollout.offer(bundle, endpoint, suspects);
    }

    @Override
    public Status look() {
        return rollout.status();
    }

    @Override
    public void close() {
        rollout.close();
    }
}
