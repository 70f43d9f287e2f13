package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.process.Launch;
import io.narthex.process.Outcome;
import io.narthex.process.PortCheck;
import io.narthex.process.ProcessExit;
import io.narthex.process.ProcessObservation;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Exit;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The driver: observes one local Prometheus and carries out single actions on it. For one thread. */
final class LocalPrometheus implements Driver, AutoCloseable {

    /** The one instance's name. */
    static final String INSTANCE = "prometheus";

    private static final String RESTART_KEY = "restart-key";
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(60);
    private static final Duration MESSAGE_LIMIT = Duration.ofMillis(300);

    private final PrometheusProgram program;
    private final StateFolder state;
    private final Supervisor supervisor;
    private final Function<ServerAddress, PrometheusClient> clients;
    private final ConfigFolder config;
    private final Memory memory;

    private Optional<Version> desired = Optional.empty();
    private Optional<ServerAddress> address = Optional.empty();
    private Optional<PrometheusClient> client = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<ReloadAnswer> answer = Optional.empty();
    private Optional<Observed.Checked> checked = Optional.empty();
    private Optional<String> obstacle = Optional.empty();
    private long readyEpoch = -1;

    LocalPrometheus(
            PrometheusProgram program,
            StateFolder state,
            Supervisor supervisor,
            Function<ServerAddress, PrometheusClient> clients) {
        this.program = program;
        this.state = state;
        this.supervisor = supervisor;
        this.clients = clients;
        config = new ConfigFolder(state.config());
        memory = new Memory(state.lastGood());
    }

    void desire(Bundle bundle) {
        desired = Optional.of(Version.of(bundle));
    }

    @Override
    public Optional<Release> desired() {
        return desired.map(Version::release);
    }

    /** The engine knows only that the process can't be looked into; why is what helps its user. */
    @Override
    public Status inWords(Status status) {
        return status.reason() == Reason.UNREACHABLE && obstacle.isPresent()
                ? new Status(
                        status.phase(),
                        status.reason(),
                        obstacle.get(),
                        status.verified(),
                        status.refusal(),
                        status.culprits())
                : status;
    }

    @Override
    public Observed observe(Optional<Observed.Found> found) throws InterruptedException {
        SortedMap<String, Arrived> files;
        try {
            files = config.look();
        } catch (IOException e) {
            return new Observed(
                    Optional.empty(), new TreeMap<>(), Optional.of(words(e)), Optional.empty(), Optional.empty());
        }
        TreeMap<String, String> digests = new TreeMap<>();
        files.forEach((path, file) -> digests.put(path, file.digest()));
        Observed.Kept kept =
                new Observed.Kept(config.version(), digests, memory.lastGood().map(Version::release), memory.refusal());
        TreeMap<String, Instance> instances = new TreeMap<>();
        instances.put(INSTANCE, instance(files));
        return new Observed(Optional.of(kept), instances, failure, checked, found);
    }

    private Instance instance(SortedMap<String, Arrived> files) throws InterruptedException {
        ProcessObservation seen = supervisor.observe();
        if (seen.state() instanceof ProcessObservation.BackingOff) {
            // When to start again, and with what, is the engine's decision.
            supervisor.stop(Supervisor.STOP_LIMIT);
            seen = supervisor.observe();
        }
        Optional<Exit> exit = seen.lastExit().map(this::exit);
        if (seen.pid().isEmpty()) {
            return new Instance(
                    Run.STOPPED,
                    "",
                    Optional.empty(),
                    files,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    exit);
        }
        Run run = run(seen.epoch());
        boolean ready = run == Run.READY;
        return new Instance(
                run,
                Long.toString(seen.epoch()),
                Optional.ofNullable(seen.labels().get(RESTART_KEY)),
                files,
                ready ? marker() : Optional.empty(),
                ready
                        ? client.flatMap(c -> c.reloadState().toOptional()).map(LocalPrometheus::lastReload)
                        : Optional.empty(),
                answer,
                exit);
    }

    private static LastReload lastReload(ReloadState state) {
        return new LastReload(
                state.successful(), state.lastSuccess().map(Instant::toString).orElse(""));
    }

    private Run run(long epoch) {
        Optional<Answer<Readiness>> readiness = client.map(PrometheusClient::readiness);
        obstacle = readiness
                .filter(Answer.Failure.class::isInstance)
                .map(answer -> ((Answer.Failure<Readiness>) answer).reason());
        if (readiness.isEmpty()) {
            return Run.UNREACHABLE;
        }
        return switch (readiness.get()) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> {
                readyEpoch = epoch;
                yield Run.READY;
            }
            case Answer.Ok<Readiness>(Readiness.Starting(var replay)) ->
                replay.isPresent() && replay.get().max() > 0 ? Run.REPLAYING_WAL : Run.STARTING;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> Run.STARTING;
            case Answer.Unreachable<Readiness>(var obstacle, String reason)
            when obstacle == Answer.Obstacle.CONNECTION_REFUSED && readyEpoch != epoch -> Run.STARTING;
            case Answer.Failure<Readiness> failed -> Run.UNREACHABLE;
        };
    }

    /** Asks for the markers that may stand there; which other one stands there is of no use. */
    private Optional<String> marker() {
        return desired.map(Version::release)
                .filter(this::shows)
                .or(() -> memory.lastGood().map(Version::release).filter(this::shows))
                .map(Release::marker);
    }

    private boolean shows(Release release) {
        return client.flatMap(c -> c.loadedConfigHolds(release.marker()).toOptional())
                .orElse(false);
    }

    private Exit exit(ProcessExit exit) {
        String message = exit.cause().orElseGet(exit::words);
        // cmd/prometheus/main.go: "Error loading config", "Error loading dynamic scrape config files from config", and
        // the like; for what only shows when it is applied, the text below.
        String lower = message.toLowerCase(Locale.ROOT);
        boolean refused = lower.contains("error loading ")
                || lower.contains("one or more errors occurred while applying the new configuration");
        return new Exit(Long.toString(exit.epoch()), refused, shortened(message));
    }

    @Override
    public void execute(Action action) throws InterruptedException {
        failure = Optional.empty();
        try {
            carryOut(action);
        } catch (IOException e) {
            failure = Optional.of(words(e));
        }
    }

    private void carryOut(Action action) throws IOException, InterruptedException {
        switch (action) {
            // Prometheus itself loads a configuration wholly before it applies any of it.
            case Action.Check(Release release) ->
                checked = Optional.of(new Observed.Checked(release.id(), Optional.empty()));
            case Action.PublishParts(Release release, String version) ->
                config.publish(release.beforeIndex(), content());
            case Action.PublishIndex(Release release, String version) -> config.publish(release.withIndex(), content());
            case Action.Prune(Release release, String version) -> config.prune(release);
            case Action.KeepLastGood(Release release, String version) -> memory.keep(version(release));
            case Action.NoteRefusal(var refusal) -> memory.note(refusal);
            case Action.Reload(long token, var instances) -> answer = Optional.of(new ReloadAnswer(token, reload()));
            case Action.Start(String instance, Release release) -> start(version(release));
            case Action.Restart(String instance, Release release) -> {
                supervisor.stop(Supervisor.STOP_LIMIT);
                start(version(release));
            }
            // A local file is there when it is written; searching and waiting are the loop's.
            case Action.Nudge nudge -> {}
            case Action.FindCulprit find -> {}
            case Action.Wait wait -> {}
        }
    }

    private Content content() {
        Content nothing = (path, digest, target) -> false;
        return desired.map(Version::content)
                .orElse(nothing)
                .or(memory.lastGood().map(Version::content).orElse(nothing));
    }

    /** Returns how to run a release: with the flags of the version that it is, or that it came from. */
    private Version version(Release release) throws IOException {
        Version base = desired.filter(v -> v.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(v -> v.release().configuration().equals(release.configuration())))
                .orElseThrow(() -> new IOException("generation " + release.generation() + " isn't at hand"));
        return new Version(release, base.flags(), base.address(), content());
    }

    private void start(Version version) throws IOException, InterruptedException {
        answer = Optional.empty();
        if (supervisor.observe().pid().isPresent()) {
            return;
        }
        ServerAddress where = version.address();
        var taken = PortCheck.problem(where.host(), where.port());
        if (taken.isPresent()) {
            throw new IOException(taken.get().message());
        }
        Launch launch = new Launch(
                program.path(),
                version.flags(),
                Map.of(RESTART_KEY, version.release().restartKey()));
        if (supervisor.start(launch) instanceof Outcome.Failed<Long>(var problem)) {
            throw new IOException(problem.message());
        }
        if (!address.equals(Optional.of(where))) {
            client.ifPresent(PrometheusClient::close);
            client = Optional.of(clients.apply(where));
            address = Optional.of(where);
        }
    }

    /** SIGHUP has no answer, so its outcome is read from the metrics; only the log says why it failed. */
    private ReloadOutcome reload() throws InterruptedException {
        if (client.isEmpty()) {
            return new ReloadOutcome.Unknown("it isn't running");
        }
        PrometheusClient asked = client.get();
        LogSlice log = new LogSlice(state.log());
        Answer<ReloadState> first = asked.reloadState();
        if (!(first instanceof Answer.Ok<ReloadState>(ReloadState before))) {
            return new ReloadOutcome.Unknown(((Answer.Failure<ReloadState>) first).reason());
        }
        long epoch = supervisor.observe().epoch();
        if (!supervisor.hangUp()) {
            return new ReloadOutcome.Unknown("it couldn't be signalled");
        }
        long start = System.nanoTime();
        long pause = 3;
        while (System.nanoTime() - start < RELOAD_LIMIT.toNanos()) {
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(250, pause + 1 + pause / 8);
            ProcessObservation now = supervisor.observe();
            if (now.epoch() != epoch || now.pid().isEmpty()) {
                return new ReloadOutcome.Unknown("it ended meanwhile");
            }
            if (asked.reloadState() instanceof Answer.Ok<ReloadState>(ReloadState after)) {
                if (after.successful() && !after.lastSuccess().equals(before.lastSuccess())) {
                    return new ReloadOutcome.Accepted();
                }
                if (before.successful() && !after.successful()) {
                    return new ReloadOutcome.Refused(shortened(message(log)));
                }
            }
            Optional<String> logged = log.refusal();
            if (logged.isPresent()) {
                return new ReloadOutcome.Refused(shortened(logged.get()));
            }
        }
        return new ReloadOutcome.Unknown("no outcome within " + RELOAD_LIMIT.toSeconds() + " s");
    }

    private static String message(LogSlice log) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < MESSAGE_LIMIT.toNanos()) {
            Optional<String> message = log.refusal();
            if (message.isPresent()) {
                return message.get();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return "Prometheus refuses the configuration";
    }

    private String shortened(String message) {
        return Messages.shortened(message, state.config());
    }

    private static String words(IOException e) {
        return e instanceof java.nio.file.FileSystemException fs
                ? fs.getFile() + ": " + Optional.ofNullable(fs.getReason()).orElse("can't be written")
                : String.valueOf(e.getMessage());
    }

    @Override
    public void close() {
        client.ifPresent(PrometheusClient::close);
    }
}
