package io.narthex.reconcile.external;

import io.narthex.compiler.model.Bundle;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Status;
import java.util.List;
import java.util.function.Function;

/** How what is compiled comes to a server that somebody else runs. For one thread. */
public interface Handover extends AutoCloseable {

    /** Returns whether somebody puts it into the server's configuration by hand. */
    boolean isByHand();

    /**
     * Returns whether the server starts with what is handed over, and never was seen with any of it: what it refuses then
     * keeps it from starting.
     */
    boolean isFirst();

    /**
     * Says what the server is to load from now on.
     *
     * @param bundle what
     * @param endpoint where the server is
     * @param suspects says who is to blame where the server refuses it
     */
    void offer(Bundle bundle, PrometheusEndpoint endpoint, Function<Refusal, List<Culprit>> suspects);

    /** Returns where that stands; asks the server where it must, which may take some seconds. */
    Status look();

    @Override
    void close();
}
