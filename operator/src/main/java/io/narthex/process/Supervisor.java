package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one Prometheus running: starts it, starts it again with a growing delay when it ends by itself, stops it
 * cleanly. What is started is recorded in the state folder first, so that a later run finds what this one left.
 *
 * <p>Any thread may call any method. Time is told by the timer; waits are real.
 */
public final class Supervisor implements AutoCloseable {

    /** What a Prometheus with much in memory may need to close its database. */
    public static final Duration STOP_LIMIT = Duration.ofMinutes(5);

    /** How often a growing log is looked at. */
    private static final Duration LOG_CHECK = Duration.ofSeconds(10);

    private static final long LOG_BYTES = 10L * 1024 * 1024;

    /**
     * The variables of Narthex's own environment that Prometheus gets: what the Go runtime, TLS and proxies look at, and
     * where a pod finds its cluster. Whatever else stands there, credentials too, isn't its business.
     */
    private static final List<String> PASSED = List.of(
            "PATH",
            "HOME",
            "TMPDIR",
            "TZ",
            "LANG",
            "GOMAXPROCS",
            "GOMEMLIMIT",
            "GOGC",
            "GODEBUG",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "KUBERNETES_SERVICE_HOST",
            "KUBERNETES_SERVICE_PORT");

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    private final StateFolder state;
    private final Map<String, String> environment;
    private final RestartPace pace;
    private final RandomGenerator random;
    private final InstantSource timer;
    private final LogFile log;
    private final Signals signals = new Signals();
    private final List<Consumer<ProcessObservation>> listeners = new CopyOnWriteArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private ProcessObservation observation =
            new ProcessObservation(new ProcessObservation.Idle(), 0, 0, Map.of(), Optional.empty());
    private @Nullable Process process;
    /** Counts what was asked for, so that a thread that keeps an older launch running sees that it is to end. */
    private long wish;

    /**
     * Makes a supervisor that has started nothing.
     *
     * @param state the state folder; the supervisor doesn't close it
     * @param environment the variables of Narthex's own environment
     * @param pace the delays between starts
     * @param random spreads the delays
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public Supervisor(
            StateFolder state,
            Map<String, String> environment,
            RestartPace pace,
            RandomGenerator random,
            InstantSource timer) {
        this.state = state;
        this.environment = Map.copyOf(environment);
        this.pace = pace;
        this.random = random;
        this.timer = timer;
        this.log = new LogFile(state.log(), LOG_BYTES);
    }

    /**
     * Has every change told, by the thread that made it and without a lock, so that two may come at once: {@link
     * #observe} says what is the latest.
     */
    public void onChange(Consumer<ProcessObservation> listener) {
        listeners.add(listener);
    }

    /** Returns what is seen now. */
    public ProcessObservation observe() {
        lock.lock();
        try {
            return observation;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops the Prometheus that an earlier run left behind, if there is one; to be called before the first start.
     * Returns a note of it. Fails where another process uses the data folder.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public Outcome<Optional<Diagnostic>> settle(Duration limit) throws InterruptedException {
        try {
            return new Orphans(state).settle(limit);
        } catch (IOException e) {
            return new Outcome.Failed<>(stateProblem(e));
        }
    }

    /**
     * Starts Prometheus and keeps it running until {@link #stop}. A delayed start of an earlier launch is dropped.
     * Returns the epoch, see {@link ProcessObservation}; fails where the program can't be started at all.
     *
     * @throws IllegalStateException when one runs
     */
    public Outcome<Long> start(Launch launch) {
        ProcessObservation now;
        lock.lock();
        try {
            if (process != null) {
                throw new IllegalStateException("Prometheus runs already: stop it first");
            }
            long mine = ++wish;
            try {
                Started started = spawn(launch, 0);
                Thread.ofVirtual().name("prometheus-keeper").start(() -> keep(launch, started, mine));
            } catch (IOException e) {
                return new Outcome.Failed<>(startProblem(launch, e));
            }
            now = observation;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
        tell(now);
        return new Outcome.Done<>(now.epoch());
    }

    private Diagnostic startProblem(Launch launch, IOException e) {
        String words = String.valueOf(e.getMessage());
        return words.startsWith("Cannot run program")
                ? Problems.of(
                        DiagnosticCode.PROMETHEUS_UNUSABLE,
                        launch.program() + " can't be started: " + PrometheusLog.shown(words),
                        "name another program by --prometheus FILE")
                : stateProblem(e);
    }

    private Diagnostic stateProblem(IOException e) {
        return Problems.of(
                DiagnosticCode.STATE_FOLDER_UNUSABLE,
                "the state folder " + state.root() + " can't be written: "
                        + PrometheusLog.shown(String.valueOf(e.getMessage())),
                "make room, or choose another folder by --state");
    }

    private record Started(Process process, Instant at, long logFrom) {}

    /** Returns the environment variables that the process is started with, where they are set. */
    public static List<String> passedVariables() {
        return PASSED;
    }

    /** Starts the process; holds the lock. */
    private Started spawn(Launch launch, int failures) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(launch.program().toString());
        command.addAll(launch.flags());
        log.rotate();
        long logFrom = log.prepare();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(state.root().toFile())
                .redirectErrorStream(true)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectOutput(Redirect.appendTo(state.log().toFile()));
        builder.environment().clear();
        PASSED.forEach(name -> {
            String value = environment.get(name);
            if (value != null) {
                builder.environment().put(name, value);
            }
        });
        // Recorded before and after: where the second fails, the command line tells that it is ours.
        state.remember(Optional.of(new RunRecord.Child(0, 0, command)));
        Instant at = timer.instant();
        Process started = builder.start();
        long startedAt = started.toHandle()
                .info()
                .startInstant()
                .map(Instant::toEpochMilli)
                .orElse(0L);
        process = started;
        observation = new ProcessObservation(
                new ProcessObservation.Running(started.pid(), at),
                observation.epoch() + 1,
                failures,
                launch.labels(),
                observation.lastExit());
        note(Optional.of(new RunRecord.Child(started.pid(), startedAt, command)));
        return new Started(started, at, logFrom);
    }

    /** Waits for the end of what runs and starts it again, until something else is asked for. */
    private void keep(Launch launch, Started first, long mine) {
        Started running = first;
        try {
            while (true) {
                while (!running.process().waitFor(LOG_CHECK.toMillis(), TimeUnit.MILLISECONDS)) {
                    rotate();
                }
                Optional<Instant> retryAt = ended(running, mine);
                if (retryAt.isEmpty()) {
                    return;
                }
                Optional<Started> next = again(launch, retryAt.get(), mine);
                if (next.isEmpty()) {
                    return;
                }
                running = next.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void rotate() {
        try {
            log.rotate();
        } catch (IOException e) {
            LOG.warn("{} can't be rotated: {}", state.log(), e.getMessage());
        }
    }

    /** Notes the end; returns when to start again, empty for never. */
    private Optional<Instant> ended(Started ended, long mine) {
        Instant at = timer.instant();
        List<String> lines;
        try {
            lines = log.tail(ended.logFrom());
        } catch (IOException e) {
            lines = List.of();
        }
        Duration lived = Duration.between(ended.at(), at);
        Optional<Instant> retryAt = Optional.empty();
        ProcessObservation now;
        lock.lock();
        try {
            process = null;
            ProcessExit exit =
                    new ProcessExit(observation.epoch(), ended.process().exitValue(), at, lived, lines);
            boolean wanted = mine == wish;
            int failures =
                    !wanted || lived.compareTo(pace.steady()) >= 0 ? 0 : Math.addExact(observation.failures(), 1);
            if (wanted) {
                retryAt = Optional.of(at.plus(pace.after(failures, random)));
            }
            observation = new ProcessObservation(
                    retryAt.<ProcessObservation.State>map(ProcessObservation.BackingOff::new)
                            .orElseGet(ProcessObservation.Idle::new),
                    observation.epoch(),
                    failures,
                    observation.labels(),
                    Optional.of(exit));
            now = observation;
            note(Optional.empty());
        } finally {
            changed.signalAll();
            lock.unlock();
        }
        tell(now);
        return retryAt;
    }

    /** Whatever becomes of the record, what runs is kept, and what ended is started again. */
    private void note(Optional<RunRecord.Child> prometheus) {
        try {
            state.remember(prometheus);
        } catch (IOException e) {
            LOG.warn("run.json in {} can't be written: {}", state.root(), e.getMessage());
        }
    }

    /** Waits for the time and starts the process; empty when something else was asked for meanwhile. */
    private Optional<Started> again(Launch launch, Instant retryAt, long mine) throws InterruptedException {
        Instant due = retryAt;
        Optional<Started> started = Optional.empty();
        ProcessObservation now;
        lock.lock();
        try {
            while (started.isEmpty()) {
                long nanos = Duration.between(timer.instant(), due).toNanos();
                while (mine == wish && nanos > 0) {
                    nanos = changed.awaitNanos(nanos);
                }
                if (mine != wish) {
                    return Optional.empty();
                }
                int failures = observation.failures();
                try {
                    started = Optional.of(spawn(launch, failures));
                } catch (IOException e) {
                    LOG.warn("Prometheus can't be started: {}", e.getMessage());
                    due = timer.instant().plus(pace.after(failures + 1, random));
                    observation = new ProcessObservation(
                            new ProcessObservation.BackingOff(due),
                            observation.epoch(),
                            failures + 1,
                            observation.labels(),
                            observation.lastExit());
                }
            }
            now = observation;
        } finally {
            lock.unlock();
        }
        tell(now);
        return started;
    }

    /**
     * Has it load its configuration anew, by SIGHUP. Returns false where none runs. To be called once it has answered
     * over HTTP: before that a process may not yet handle the signal, which then ends it.
     *
     * @throws InterruptedException when the thread is interrupted
     */
    public boolean hangUp() throws InterruptedException {
        lock.lock();
        try {
            // The process isn't waited for by anyone else as long as it lives, so its ID can't be another's.
            return process != null && process.isAlive() && signals.send(process.pid(), Signals.HANGUP);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops it by SIGTERM and waits until it has closed its database; kills it when that takes longer than the limit.
     * No further start happens by itself.
     *
     * @throws InterruptedException when the thread is interrupted; it is then left to end by itself
     */
    public StopOutcome stop(Duration limit) throws InterruptedException {
        ProcessObservation now;
        Process stopping;
        lock.lock();
        try {
            wish++;
            stopping = process;
            if (stopping == null) {
                observation = new ProcessObservation(
                        new ProcessObservation.Idle(),
                        observation.epoch(),
                        0,
                        observation.labels(),
                        observation.lastExit());
            } else {
                observation = new ProcessObservation(
                        new ProcessObservation.Stopping(stopping.pid(), timer.instant(), limit),
                        observation.epoch(),
                        observation.failures(),
                        observation.labels(),
                        observation.lastExit());
            }
            now = observation;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
        tell(now);
        if (stopping == null) {
            return StopOutcome.NOT_RUNNING;
        }
        stopping.destroy();
        if (gone(now.epoch(), limit)) {
            return StopOutcome.CLEAN;
        }
        LOG.warn("Prometheus (process ID {}) didn't stop within {} s and is killed", stopping.pid(), limit.toSeconds());
        stopping.destroyForcibly();
        while (!gone(now.epoch(), LOG_CHECK)) {
            LOG.warn("Prometheus (process ID {}) is killed and doesn't end yet", stopping.pid());
        }
        return StopOutcome.KILLED;
    }

    /** Waits until the end of the process is noted. */
    private boolean gone(long epoch, Duration limit) throws InterruptedException {
        long nanos = limit.toNanos();
        lock.lock();
        try {
            while (process != null && observation.epoch() == epoch && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
            return process == null || observation.epoch() != epoch;
        } finally {
            lock.unlock();
        }
    }

    private void tell(ProcessObservation now) {
        listeners.forEach(listener -> listener.accept(now));
    }

    /** Stops what runs, within {@link #STOP_LIMIT}. */
    @Override
    public void close() {
        try {
            stop(STOP_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
