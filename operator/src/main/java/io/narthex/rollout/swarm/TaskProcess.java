package io.narthex.rollout.swarm;

import io.narthex.prometheus.Answer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.prometheus.Unanswered;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.Run;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The Prometheus of one task, and what was seen of it, which that of another one doesn't inherit. */
final class TaskProcess implements AutoCloseable {

    private final String task;
    private final PrometheusEndpoint endpoint;
    private final PrometheusClient client;
    private final Unanswered unanswered = new Unanswered();
    private boolean wasReady;
    private Optional<String> marker = Optional.empty();
    private Optional<LastReload> lastReload = Optional.empty();

    TaskProcess(String task, PrometheusEndpoint endpoint) {
        this.task = task;
        this.endpoint = endpoint;
        this.client = new PrometheusClient(endpoint, ClientLimits.DEFAULT);
    }

    /** Returns the task's ID. */
    String task() {
        return task;
    }

    PrometheusEndpoint endpoint() {
        return endpoint;
    }

    boolean wasReady() {
        return wasReady;
    }

    /** Asks whether it is ready. */
    Run run(TaskView view) {
        unanswered.clear();
        Answer<Readiness> answer = client.readiness();
        unanswered.heard(answer);
        return switch (answer) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> {
                wasReady = true;
                yield Run.READY;
            }
            case Answer.Ok<Readiness>(Readiness.Starting starting) ->
                starting.isReplaying() ? Run.REPLAYING_WAL : Run.STARTING;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> Run.STARTING;
            case Answer.Failure<Readiness> failed when !wasReady && !view.isRunning() -> Run.STARTING;
            case Answer.Failure<Readiness> failed -> Run.UNREACHABLE;
        };
    }

    /**
     * Asks for what the process loaded, which stays as it is: once it is known it isn't asked for again.
     *
     * @param markers those of the releases that it may have loaded
     */
    void look(List<String> markers) {
        if (marker.isEmpty()) {
            marker = unanswered.heard(client.loadedConfigHolds(markers)).flatMap(found -> found);
        }
        if (lastReload.filter(LastReload::successful).isEmpty()) {
            lastReload = unanswered.heard(client.reloadState()).map(TaskProcess::lastReload);
        }
    }

    private static LastReload lastReload(ReloadState state) {
        return new LastReload(
                state.successful(), state.lastSuccess().map(Instant::toString).orElse(""));
    }

    /** Returns the marker of the release that it loaded; empty while that isn't known. */
    Optional<String> marker() {
        return marker;
    }

    Optional<LastReload> lastReload() {
        return lastReload;
    }

    /** Returns which question of the last look wasn't answered and why, in words; empty where all were. */
    Optional<String> problem() {
        return unanswered.reason().map(why -> task + " at " + endpoint.hostAndPort() + ": " + why);
    }

    @Override
    public void close() {
        client.close();
    }
}
