package io.narthex.cli.run;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.StateFolder;
import io.narthex.reconcile.local.LocalOperator.Event;
import io.narthex.reconcile.local.Pipeline;
import io.narthex.reconcile.local.RunningServer;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what happens in a run into lines on the screen, and knows how far the run is. */
final class RunProgress implements Consumer<Event> {

    private static final Logger LOG = LoggerFactory.getLogger(RunProgress.class);

    /** What lasts this long isn't about to pass, such as a refusal by leaving the culprit out. */
    private static final Duration LASTING = Duration.ofSeconds(15);

    /** From these a run may come back by itself, or never. */
    private static final Set<Reason> TROUBLES =
            EnumSet.of(Reason.OBSTRUCTED, Reason.CRASH_LOOPING, Reason.PUBLISH_FAILED, Reason.STORE_UNREADABLE);

    private final RunScreen screen;
    private final Instant begun;
    private final InstantSource timer;
    private final StateFolder folder;
    private final PrometheusProgram program;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private Pipeline.@Nullable Step step;
    private @Nullable Bundle running;
    private String change = "";
    private boolean verified;
    private String told = "";
    private Status status = noStatus();
    private Instant statusSince = Instant.EPOCH;
    /** When what is wanted first met one of the troubles; between two attempts the status says something else. */
    private Optional<Instant> troubledSince = Optional.empty();

    RunProgress(RunScreen screen, Instant begun, InstantSource timer, StateFolder folder, PrometheusProgram program) {
        this.screen = screen;
        this.begun = begun;
        this.timer = timer;
        this.folder = folder;
        this.program = program;
    }

    private static Status noStatus() {
        return new Status(
                Status.Phase.WAITING, Reason.NOTHING_DESIRED, "", Optional.empty(), Optional.empty(), List.of());
    }

    @Override
    public void accept(Event event) {
        lock.lock();
        try {
            switch (event) {
                case Event.Compiled compiled -> compiled(compiled);
                case Event.RolledOut rolledOut -> rolledOut(rolledOut);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void compiled(Event.Compiled event) {
        Pipeline.Step before = step;
        step = event.step();
        if (before == null) {
            screen.diagnostics(event.step().diagnostics().stream()
                    .filter(diagnostic -> diagnostic.severity() != Severity.INFO)
                    .toList());
        } else {
            Set<Diagnostic> known = Set.copyOf(before.diagnostics());
            Optional<String> generation = Optional.ofNullable(running).map(Bundle::generation);
            event.step().diagnostics().stream()
                    .filter(diagnostic -> diagnostic.severity() != Severity.INFO && !known.contains(diagnostic))
                    .forEach(diagnostic -> screen.refusedChange(diagnostic, generation));
            String files = changedFiles(before.inventory(), event.step().inventory());
            if (!files.isEmpty()) {
                change = files;
            }
        }
        if (event.isNew()) {
            verified = false;
            troubledSince = Optional.empty();
        }
    }

    private String changedFiles(Inventory before, Inventory now) {
        Map<Object, Declared<?>> old = new HashMap<>();
        before.resources().forEach(old::put);
        Set<String> files = new TreeSet<>();
        now.resources().forEach((key, resource) -> {
            if (!isSame(old.remove(key), resource)) {
                fileOf(resource).ifPresent(files::add);
            }
        });
        old.values().forEach(resource -> fileOf(resource).ifPresent(files::add));
        return switch (files.size()) {
            case 0 -> "";
            case 1 -> files.iterator().next() + " changed";
            default -> files.size() + " files changed";
        };
    }

    // The same instance is the same version of a resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(@Nullable Declared<?> before, Declared<?> now) {
        return before == now;
    }

    private Optional<String> fileOf(Declared<?> resource) {
        return resource.source().locate(FieldPath.ROOT).map(Position::file).map(screen::file);
    }

    private void rolledOut(Event.RolledOut event) {
        Status now = event.status();
        boolean moved = now.phase() != status.phase()
                || now.reason() != status.reason()
                || !now.detail().equals(status.detail());
        if (moved) {
            statusSince = timer.instant();
        }
        status = now;
        if (TROUBLES.contains(now.reason()) && troubledSince.isEmpty()) {
            troubledSince = Optional.of(timer.instant());
        }
        Optional<Bundle> bundle = event.step().compilation().bundle();
        boolean isThere = now.phase() == Status.Phase.READY
                && bundle.map(Bundle::generation).equals(now.verified());
        if (isThere && bundle.isPresent()) {
            if (!verified) {
                arrived(bundle.get(), event.step().alertmanagers(), event.after());
            }
            verified = true;
            troubledSince = Optional.empty();
        } else if (moved) {
            worthTelling(now).filter(words -> !words.equals(told)).ifPresent(words -> {
                told = words;
                screen.state(words, now.reason().name());
            });
        }
    }

    private void arrived(Bundle bundle, int alertmanagers, Duration after) {
        Bundle before = running;
        running = bundle;
        told = "";
        String url = screen.url(bundle.address());
        if (before == null) {
            screen.ready(url, bundle.jobs().size(), bundle.generation(), Duration.between(begun, timer.instant()));
        } else {
            screen.loaded(change.isEmpty() ? "a change" : change, how(before, bundle), bundle.generation(), after);
        }
        try {
            new RunningServer(
                            ProcessHandle.current().pid(),
                            URI.create(url),
                            program.versionText(),
                            bundle.generation(),
                            bundle.flags(),
                            bundle.jobs().all().map(JobEntry::name).toList(),
                            alertmanagers)
                    .write(folder.root());
        } catch (IOException e) {
            LOG.warn("other commands won't find this run: {}", e.getMessage());
        }
    }

    private static String how(Bundle before, Bundle now) {
        if (!before.restartKey().equals(now.restartKey())) {
            return "restarted";
        }
        if (!before.generation().equals(now.generation())) {
            return "reloaded";
        }
        return before.credentials().equals(now.credentials())
                ? "nothing to apply, generation " + now.generation() + " goes on"
                : "credentials replaced";
    }

    /** Only what lasts, or what went wrong, is worth a line. */
    private static Optional<String> worthTelling(Status status) {
        String detail = status.detail().isEmpty() ? "" : ": " + status.detail();
        return switch (status.reason()) {
            case REPLAYING_WAL -> Optional.of("Prometheus replays its write-ahead log");
            case OBSTRUCTED -> Optional.of("Prometheus can't be started" + detail);
            case CRASH_LOOPING -> Optional.of("Prometheus ends again and again" + detail);
            case UNREACHABLE -> Optional.of("what Prometheus runs can't be verified" + detail);
            case PUBLISH_FAILED -> Optional.of("the configuration can't be written" + detail);
            case STORE_UNREADABLE -> Optional.of("the state folder can't be read" + detail);
            case RETENTION_SHRINKS ->
                Optional.of("refused, since samples would be deleted" + detail
                        + " (set retention.allowDataLoss, or --allow-data-loss)");
            case CHECK_REFUSED, CONFIG_REFUSED, START_FAILED, LAST_GOOD_REFUSED ->
                status.phase() == Status.Phase.ROLLING_BACK
                        ? Optional.empty()
                        : Optional.of("Prometheus refuses the new configuration" + detail
                                + (status.phase() == Status.Phase.ROLLED_BACK ? "; the last good one is back" : ""));
            case NOTHING_DESIRED,
                    CHECKING,
                    PUBLISHING,
                    ARRIVING,
                    RELOADING,
                    RELOAD_UNCLEAR,
                    STARTING,
                    RESTARTING,
                    VERIFIED -> Optional.empty();
        };
    }

    /** Waits until what is wanted runs, at most {@code limit}. Returns whether it does. */
    boolean awaitVerified(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long nanos = limit.toNanos();
            while (!verified && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return verified;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether what is wanted is refused for good, or can't be verified for long. */
    boolean failed() {
        lock.lock();
        try {
            boolean lasts = lasts(statusSince);
            return switch (status.phase()) {
                case REFUSED, ROLLED_BACK -> status.reason() != Reason.CONFIG_REFUSED || lasts;
                case UNVERIFIED -> lasts;
                case PROGRESSING, WAITING, READY, PARTIAL, ROLLING_BACK ->
                    TROUBLES.contains(status.reason())
                            && troubledSince.filter(this::lasts).isPresent();
            };
        } finally {
            lock.unlock();
        }
    }

    private boolean lasts(Instant since) {
        return Duration.between(since, timer.instant()).compareTo(LASTING) > 0;
    }

    /** Returns whether nothing of the input is refused. */
    boolean clean() {
        lock.lock();
        try {
            return step != null && step.diagnostics().stream().noneMatch(d -> d.severity() == Severity.ERROR);
        } finally {
            lock.unlock();
        }
    }
}
