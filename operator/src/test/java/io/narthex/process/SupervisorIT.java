package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.testing.RealPrograms;
import io.narthex.time.Backoff;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Supervision of a real Prometheus: start, reload, crash, crash loop, stop, and what a killed narthex leaves. */
class SupervisorIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final RestartPace QUICK =
            new RestartPace(new Backoff(Duration.ofMillis(20), Duration.ofMillis(50)), Duration.ofMinutes(1));

    @TempDir
    Path temporary;

    private Path program;
    private int port;
    private StateFolder state;
    private Supervisor supervisor;
    private PrometheusClient client;

    @BeforeEach
    void open() throws IOException {
        program = RealPrograms.prometheus();
        port = TestPrometheus.freePort();
        use(TestPrometheus.open(temporary.resolve("state")));
        client = TestPrometheus.client(port);
        TestPrometheus.configure(state, "global: {scrape_interval: 15s}\n");
    }

    private void use(StateFolder opened) {
        state = opened;
        supervisor = new Supervisor(
                state, Map.of("PATH", "/usr/bin:/bin", "SECRET", "x"), QUICK, new Random(1), InstantSource.system());
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        supervisor.close();
        state.close();
    }

    private void start(String... more) {
        assertThat(supervisor.start(TestPrometheus.launch(program, state, port, more)))
                .isInstanceOf(Outcome.Done.class);
    }

    private void awaitReady() {
        await().atMost(LONG).until(() -> client.readiness().equals(new Answer.Ok<>((Readiness) new Readiness.Ready())));
    }

    @Test
    void startsReloadsAndStopsCleanly() throws Exception {
        start();
        awaitReady();
        ProcessObservation running = supervisor.observe();
        assertThat(running.state()).isInstanceOf(ProcessObservation.Running.class);
        assertThat(running.epoch()).isEqualTo(1);
        assertThat(running.labels()).containsEntry("restartKey", "k1");
        long pid = running.pid().orElseThrow();
        assertThat(Files.readString(state.root().resolve("run.json"))).contains("\"pid\" : " + pid);
        assertThatThrownBy(() -> start()).isInstanceOf(IllegalStateException.class);

        Instant before = success().orElseThrow();
        assertThat(supervisor.hangUp()).isTrue();
        await().atMost(LONG).until(() -> success().orElseThrow().isAfter(before));

        assertThat(supervisor.stop(LONG)).isEqualTo(StopOutcome.CLEAN);
        ProcessObservation stopped = supervisor.observe();
        assertThat(stopped.state()).isEqualTo(new ProcessObservation.Idle());
        assertThat(stopped.lastExit().orElseThrow().status()).isZero();
        assertThat(Files.readString(state.log())).contains("See you next time!");
        assertThat(state.data().resolve("lock")).doesNotExist();
        assertThat(ProcessHandle.of(pid).filter(ProcessTable::runs)).isEmpty();
        assertThat(supervisor.hangUp()).isFalse();
        assertThat(supervisor.stop(LONG)).isEqualTo(StopOutcome.NOT_RUNNING);
    }

    private Optional<Instant> success() {
        return client.reloadState().toOptional().flatMap(ReloadState::lastSuccess);
    }

    @Test
    void startsAgainWhatWasKilled() throws Exception {
        start();
        awaitReady();
        ProcessHandle.of(supervisor.observe().pid().orElseThrow()).orElseThrow().destroyForcibly();
        await().atMost(LONG)
                .until(() -> supervisor.observe().epoch() == 2
                        && supervisor.observe().state() instanceof ProcessObservation.Running);
        ProcessExit exit = supervisor.observe().lastExit().orElseThrow();
        assertThat(exit.status()).isEqualTo(137);
        assertThat(exit.words()).contains("SIGKILL");
        assertThat(exit.epoch()).isEqualTo(1);
        awaitReady();
    }

    @Test
    void saysWhyItEndsAgainAndAgainAndTakesABetterLaunchAtOnce() throws Exception {
        TestPrometheus.configure(state, "global: {scrape_interval: nonsense}\n");
        start();
        await().atMost(LONG).until(() -> supervisor.observe().crashLoop());
        ProcessExit exit = supervisor.observe().lastExit().orElseThrow();
        assertThat(exit.status()).isNotZero();
        assertThat(exit.cause().orElseThrow()).contains("not a valid duration string");
        assertThat(supervisor.observe().problem()).hasValueSatisfying(problem -> {
            assertThat(problem.code()).isEqualTo(DiagnosticCode.CRASH_LOOP);
            assertThat(problem.message()).contains("times in a row").contains("not a valid duration string");
        });
        assertThat(supervisor.stop(LONG)).isNotEqualTo(StopOutcome.KILLED);
        assertThat(supervisor.observe().state()).isEqualTo(new ProcessObservation.Idle());

        TestPrometheus.configure(state, "global: {scrape_interval: 15s}\n");
        start();
        awaitReady();
        assertThat(supervisor.observe().failures()).isZero();
    }

    @Test
    void tellsOfAFlagThatPrometheusDoesNotKnow() {
        start("--no-such-flag");
        await().atMost(LONG).until(() -> supervisor.observe().lastExit().isPresent());
        assertThat(supervisor.observe().lastExit().orElseThrow().cause().orElseThrow())
                .contains("no-such-flag");
    }

    @Test
    void passesOnlyWhatPrometheusMayKnow() throws Exception {
        start();
        Path environment =
                Path.of("/proc", Long.toString(supervisor.observe().pid().orElseThrow()), "environ");
        assumeTrue(Files.exists(environment), "no /proc here");
        awaitReady();
        assertThat(Files.readString(environment)).contains("PATH=/usr/bin:/bin").doesNotContain("SECRET");
    }

    @Test
    void killsWhatDoesNotStopInTime() throws Exception {
        start();
        awaitReady();
        long pid = supervisor.observe().pid().orElseThrow();
        // A stopped process takes SIGTERM only once it is continued.
        assertThat(new ProcessBuilder("/bin/kill", "-STOP", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        StopOutcome outcome = supervisor.stop(Duration.ofMillis(300));
        assertThat(outcome).isEqualTo(StopOutcome.KILLED);
        assertThat(outcome.problem()).isPresent();
        assertThat(supervisor.observe().lastExit().orElseThrow().status()).isEqualTo(137);
    }

    @Test
    void aKilledNarthexLeavesNoOrphanBehindItsNextStart() throws Exception {
        Path folder = state.root();
        state.close();
        Process other = new ProcessBuilder(TestPrometheus.java(
                        SupervisorMain.class, folder.toString(), program.toString(), Integer.toString(port)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = other.inputReader()) {
            long pid = Long.parseLong(output.readLine().substring("pid ".length()));
            awaitReady();

            // While the other one lives, the folder is its own.
            Outcome<StateFolder> second = StateFolder.open(folder);
            assertThat(second).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.problem().code()).isEqualTo(DiagnosticCode.STATE_FOLDER_IN_USE);
                assertThat(failed.problem().message()).contains("process ID " + other.pid());
            });

            other.destroyForcibly().waitFor();
            assertThat(ProcessHandle.of(pid).filter(ProcessTable::runs)).isPresent();
            use(TestPrometheus.open(folder));
            Outcome<Optional<Diagnostic>> settled = supervisor.settle(LONG);
            assertThat(settled).isInstanceOfSatisfying(Outcome.Done.class, done -> {
                Diagnostic note = (Diagnostic) ((Optional<?>) done.value()).orElseThrow();
                assertThat(note.code()).isEqualTo(DiagnosticCode.ORPHAN_STOPPED);
                assertThat(note.message()).contains("process ID " + pid).contains("it was stopped");
            });
            assertThat(ProcessHandle.of(pid).filter(ProcessTable::runs)).isEmpty();
            assertThat(state.data().resolve("lock")).doesNotExist();
            start();
            awaitReady();
            assertThat(supervisor.observe().pid()).isPresent().isNotEqualTo(Optional.of(pid));
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aForeignProcessOnTheDataFolderIsNamedAndLeftAlone() throws Exception {
        Launch launch = TestPrometheus.launch(program, state, port);
        List<String> command = new ArrayList<>(launch.flags());
        command.addFirst(program.toString());
        Process foreign = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitReady();
            assertThat(supervisor.settle(LONG)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.problem().code()).isEqualTo(DiagnosticCode.DATA_FOLDER_IN_USE);
                assertThat(failed.problem().message()).contains("process ID " + foreign.pid());
            });
            assertThat(foreign.isAlive()).isTrue();
            assertThat(PortCheck.problem("127.0.0.1", port).orElseThrow().message())
                    .contains("in use by prometheus (process ID " + foreign.pid() + ")");
        } finally {
            foreign.destroyForcibly().waitFor();
        }
        assertThat(PortCheck.problem("127.0.0.1", port)).isEmpty();
    }

    @Test
    void whatWasStartedButNotYetRecordedIsStopped() throws Exception {
        Launch launch = TestPrometheus.launch(program, state, port);
        List<String> command = new ArrayList<>(launch.flags());
        command.addFirst(program.toString());
        state.remember(Optional.of(new RunRecord.Child(0, 0, command)));
        Process started = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitReady();
            assertThat(supervisor.settle(LONG))
                    .isInstanceOfSatisfying(
                            Outcome.Done.class,
                            done -> assertThat((Optional<?>) done.value()).isPresent());
            assertThat(started.waitFor()).isZero();
        } finally {
            started.destroyForcibly();
        }
    }

    @Test
    void keepsTheStateFolderPrivate() throws Exception {
        for (Path path : new Path[] {state.root(), state.config(), state.data(), state.lastGood()}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
        }
        start();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.log())))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesTheFolderTwiceInOneProcessAndKeepsTheLock() {
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(StateFolder.open(state.root())).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.problem().code()).isEqualTo(DiagnosticCode.STATE_FOLDER_IN_USE);
                assertThat(failed.problem().message())
                        .contains("process ID " + ProcessHandle.current().pid());
            });
        }
    }

    @Test
    void findsTheProgramAndItsVersion() throws Exception {
        assertThat(new ProgramLookup(Map.of()).find(Optional.of(program.toString())))
                .isInstanceOfSatisfying(Outcome.Done.class, done -> {
                    PrometheusProgram found = (PrometheusProgram) done.value();
                    assertThat(found.version().isAtLeast(2, 42)).isTrue();
                    assertThat(found.path()).isEqualTo(program);
                });
    }
}
