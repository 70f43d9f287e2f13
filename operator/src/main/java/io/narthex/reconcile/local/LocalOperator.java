package io.narthex.reconcile.local;

import io.narthex.compiler.model.Bundle;
import io.narthex.rollout.Status;
import io.narthex.rollout.process.Rollout;
import io.narthex.source.directory.FolderSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one local Prometheus at what a folder declares: takes its snapshots, has them compiled and rolled out, leaves
 * out what Prometheus refuses, tells what became of each change.
 */
public final class LocalOperator implements AutoCloseable {

    /** What a listener is told, one at a time. */
    public sealed interface Event {

        /**
         * A snapshot was compiled.
         *
         * @param step what became of it
         * @param isNew whether that is something else to run than before
         */
        record Compiled(Pipeline.Step step, boolean isNew) implements Event {}

        /**
         * The rollout stands somewhere else.
         *
         * @param status where
         * @param step what is being rolled out
         * @param after the time since the change was seen
         */
        record RolledOut(Status status, Pipeline.Step step, Duration after) implements Event {}
    }

    private final Pipeline pipeline;
    private final InstantSource timer;
    private final Consumer<Event> listener;
    private final Rollout rollout;

    // Guarded by this.
    private Pipeline.@Nullable Step current;
    private Instant changedAt = Instant.EPOCH;

    /**
     * Makes an operator that does nothing before the first {@link #take}.
     *
     * @param pipeline compiles
     * @param rollouts makes the rollout that tells its status to the given listener; it is started and closed here
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param listener is told what happens, by one thread at a time
     */
    public LocalOperator(
            Pipeline pipeline,
            Function<Consumer<Status>, Rollout> rollouts,
            InstantSource timer,
            Consumer<Event> listener) {
        this.pipeline = pipeline;
        this.timer = timer;
        this.listener = listener;
        this.rollout = rollouts.apply(this::rolledOut);
        rollout.start();
    }

    /** Takes the newest snapshot. */
    public synchronized void take(FolderSnapshot snapshot) {
        changedAt = timer.instant();
        run(pipeline.take(snapshot));
    }

    /** Returns whether that is something else to run than before. */
    private boolean run(Pipeline.Step step) {
        Optional<Bundle> before = current().flatMap(now -> now.compilation().bundle());
        Optional<Bundle> bundle = step.compilation().bundle();
        boolean isNew = bundle.isPresent() && !isSameToRun(before, bundle.get());
        current = step;
        listener.accept(new Event.Compiled(step, isNew));
        if (isNew) {
            rollout.desire(bundle.get(), pipeline.suspects(step));
        }
        return isNew;
    }

    private static boolean isSameToRun(Optional<Bundle> before, Bundle bundle) {
        return before.filter(known -> known.generation().equals(bundle.generation())
                        && known.restartKey().equals(bundle.restartKey())
                        && known.credentials().equals(bundle.credentials())
                        && known.retention().equals(bundle.retention()))
                .isPresent();
    }

    private synchronized void rolledOut(Status status) {
        Pipeline.Step step = current;
        if (step == null) {
            return;
        }
        Optional<String> wanted = step.compilation().bundle().map(Bundle::generation);
        if (status.phase() == Status.Phase.READY && status.verified().equals(wanted)) {
            pipeline.loaded(step);
            Optional<Pipeline.Step> more = pipeline.again();
            // What it is about to run is told of when it runs.
            if (more.isPresent() && run(more.get())) {
                return;
            }
            step = more.orElse(step);
        }
        listener.accept(new Event.RolledOut(status, step, Duration.between(changedAt, timer.instant())));
        if (!status.culprits().isEmpty()) {
            pipeline.blame(step, status.culprits()).ifPresent(this::run);
        }
    }

    /** Returns what became of the newest snapshot; empty before the first. */
    public synchronized Optional<Pipeline.Step> current() {
        return Optional.ofNullable(current);
    }

    /** Ends, and stops Prometheus cleanly. */
    @Override
    public void close() {
        rollout.close();
    }
}
