package io.narthex.rollout.process;

import io.narthex.compiler.model.ServerAddress;
import io.narthex.process.Launch;
import io.narthex.process.Outcome;
import io.narthex.process.PortCheck;
import io.narthex.process.ProcessExit;
import io.narthex.process.ProcessObservation;
import io.narthex.process.PrometheusLog;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Exit;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The driver of a local process: starts, signals and stops it, and looks into it. For one thread. */
final class LocalPrometheus extends FolderDriver {

    private static final String RESTART_KEY = "restart-key";
    private static final Duration RELOAD_LIMIT = Duration.ofSeconds(60);
    private static final Duration MESSAGE_LIMIT = Duration.ofMillis(300);

    private final PrometheusProgram program;
    private final StateFolder state;
    private final Supervisor supervisor;
    private final Function<ServerAddress, PrometheusClient> clients;

    private Optional<ServerAddress> address = Optional.empty();
    private long readyEpoch = -1;

    LocalPrometheus(
            PrometheusProgram program,
            StateFolder state,
            Supervisor supervisor,
            Function<ServerAddress, PrometheusClient> clients) {
        super(state.config(), state.lastGood());
        this.program = program;
        this.state = state;
        this.supervisor = supervisor;
        this.clients = clients;
    }

    @Override
    Instance instance(SortedMap<String, Arrived> files) throws InterruptedException {
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
                ready ? reloadState().map(FolderDriver::lastReload) : Optional.empty(),
                answer,
                exit);
    }

    private Run run(long epoch) {
        Answer<Readiness> readiness = readiness();
        // A process that was just started doesn't listen yet.
        boolean starts = readiness instanceof Answer.Unreachable<Readiness>(var why, String reason)
                && why == Answer.Obstacle.CONNECTION_REFUSED
                && readyEpoch != epoch;
        Run run = starts ? Run.STARTING : run(readiness);
        if (run == Run.READY) {
            readyEpoch = epoch;
        }
        return run;
    }

    private Exit exit(ProcessExit exit) {
        String message = exit.cause().orElseGet(exit::words);
        return new Exit(Long.toString(exit.epoch()), PrometheusLog.isRefusal(message), shortened(message));
    }

    @Override
    void restart(Version version) throws IOException, InterruptedException {
        supervisor.stop(Supervisor.STOP_LIMIT);
        start(version);
    }

    @Override
    void start(Version version) throws IOException, InterruptedException {
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
    @Override
    ReloadOutcome reload() throws InterruptedException {
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
}
