package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor's parts, each on its own. */
class ProcessPartsTest {

    @TempDir
    Path folder;

    /** As where the disk gets full between the two notes of a start. */
    @Test
    void aStartThatCannotBeNotedIsKeptAndStopped() throws Exception {
        Path root = folder.resolve("state");
        try (StateFolder state = ((Outcome.Done<StateFolder>) StateFolder.open(root)).value()) {
            Path record = root.resolve("run.json");
            InstantSource clock = () -> {
                try {
                    if (Files.isRegularFile(record)) {
                        Files.delete(record);
                    }
                    Files.createDirectories(record.resolve("in-the-way"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return Instant.now();
            };
            Supervisor supervisor = new Supervisor(state, Map.of(), Backoff.DEFAULT, new Random(1), clock);
            Outcome<Long> started =
                    supervisor.start(new Launch(Path.of("/bin/sleep"), List.of("600"), Map.of("restartKey", "k")));
            assertThat(started).isInstanceOf(Outcome.Done.class);
            ProcessHandle process =
                    ProcessHandle.of(supervisor.observe().pid().orElseThrow()).orElseThrow();
            try {
                assertThat(supervisor.stop(Duration.ofMinutes(1))).isEqualTo(StopOutcome.CLEAN);
                assertThat(process.isAlive()).isFalse();
                assertThat(supervisor.observe().lastExit()).isPresent();
            } finally {
                process.destroyForcibly();
                Files.delete(record.resolve("in-the-way"));
                Files.delete(record);
            }
        }
    }

    @Test
    void readsLogLinesOfAllReleases() {
        assertThat(PrometheusLog.parse(
                        "time=2026-11-24T12:00:00Z level=ERROR source=main.go:1412 msg=\"Error reloading config\""
                                + " err=\"couldn't load (--config.file=\\\"a.yml\\\"): bad\""))
                .contains(new PrometheusLog.Entry(
                        "error", "Error reloading config", "couldn't load (--config.file=\"a.yml\"): bad"));
        assertThat(PrometheusLog.parse("ts=2026-11-24T12:00:00Z caller=main.go:1 level=info msg=ready"))
                .contains(new PrometheusLog.Entry("info", "ready", ""));
        assertThat(PrometheusLog.parse("{\"time\":\"x\",\"level\":\"WARN\",\"msg\":\"a \\\"b\\\"\",\"err\":\"c\"}"))
                .contains(new PrometheusLog.Entry("warn", "a \"b\"", "c"));
        assertThat(PrometheusLog.parse("panic: runtime error")).isEmpty();
    }

    @Test
    void saysTheLastErrorElseTheLastPlainLine() {
        assertThat(PrometheusLog.cause(List.of(
                        "level=error msg=first", "level=error msg=\"second\" err=why", "level=info msg=bye", "x")))
                .contains("second: why");
        assertThat(PrometheusLog.cause(List.of(
                        "Error parsing command line arguments: unknown long flag '--x'", "", "level=info msg=a")))
                .contains("Error parsing command line arguments: unknown long flag '--x'");
        assertThat(PrometheusLog.cause(List.of("level=info msg=a"))).isEmpty();
    }

    @Test
    void aLogIsCutWhileItsWriterHoldsItOpen() throws Exception {
        Path file = folder.resolve("prometheus.log");
        LogFile log = new LogFile(file, 10);
        log.prepare();
        Process writer = new ProcessBuilder("/bin/cat")
                .redirectOutput(ProcessBuilder.Redirect.appendTo(file.toFile()))
                .start();
        try (OutputStream out = writer.getOutputStream()) {
            for (int round = 1; round <= 5; round++) {
                out.write(("line of round " + round + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                await().until(() -> Files.size(file) == 16);
                assertThat(log.tail(0)).containsExactly("line of round " + round);
                assertThat(log.rotate()).isTrue();
                assertThat(log.rotate()).isFalse();
            }
        } finally {
            writer.destroyForcibly();
        }
        assertThat(folder.resolve("prometheus.log.1")).hasContent("line of round 5");
        assertThat(folder.resolve("prometheus.log.3")).hasContent("line of round 3");
        assertThat(folder.resolve("prometheus.log.4")).doesNotExist();
    }

    @Test
    void theTailIsShortHoweverLongTheLog() throws IOException {
        Path file = folder.resolve("log");
        Files.writeString(file, "x".repeat(300_000) + "\n" + "line\n".repeat(1_000));
        LogFile log = new LogFile(file, 1_000_000);
        assertThat(log.tail(0)).hasSize(40).containsOnly("line");
        assertThat(log.tail(Files.size(file) - 10)).hasSize(2);
        assertThat(log.tail(Files.size(file) + 1)).hasSize(40);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsSignalsByLibraryAndByProgram(boolean nativeAccess) throws Exception {
        Process sleeping = new ProcessBuilder("/bin/sleep", "60").start();
        try {
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), Signals.HANGUP))
                    .isTrue();
            assertThat(sleeping.waitFor()).isEqualTo(128 + Signals.HANGUP);
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), Signals.HANGUP))
                    .isFalse();
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void waitsLongerAfterEachFailureUpToTheLimit() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofMinutes(1));
        Random random = new Random(7);
        for (int failures = 1; failures < 200; failures++) {
            double expected = Math.min(60, Math.pow(2, failures - 1));
            assertThat(backoff.after(failures, random).toMillis() / 1000.0).isBetween(expected * 0.79, expected * 1.21);
        }
    }

    @Test
    void namesWhoListens() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortCheck.problem("127.0.0.1", socket.getLocalPort())).hasValueSatisfying(problem -> {
                assertThat(problem.code()).isEqualTo(DiagnosticCode.PORT_IN_USE);
                assertThat(problem.message())
                        .contains("process ID " + ProcessHandle.current().pid());
            });
        }
        assertThat(PortCheck.problem("no-such-name.invalid", 9090).orElseThrow().code())
                .isEqualTo(DiagnosticCode.ADDRESS_UNUSABLE);
        assertThat(PortCheck.problem("192.0.2.1", 9090).orElseThrow().code())
                .isEqualTo(DiagnosticCode.ADDRESS_UNUSABLE);
    }

    @Test
    void readsLsof() {
        assertThat(PortCheck.lsof("p4711\ncgunicorn\nf5\n")).contains(new PortCheck.Owner(4711, "gunicorn"));
        assertThat(PortCheck.lsof("")).isEmpty();
    }

    @Test
    void aStateFolderThatIsAFileIsRefusedAndLeftAlone() throws IOException {
        Path file = Files.writeString(folder.resolve("state"), "mine");
        assertThat(StateFolder.open(file)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.problem().code()).isEqualTo(DiagnosticCode.STATE_FOLDER_UNUSABLE);
            assertThat(failed.problem().message()).endsWith("is a file");
        });
        assertThat(file).hasContent("mine");
    }

    @Test
    void aStateFolderCanBeUsedAgainWhenItIsFree() throws IOException {
        for (int round = 0; round < 2; round++) {
            TestPrometheus.open(folder.resolve("a/b/state")).close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"narthex\":7,\"prometheus\":{\"pid\":\"x\"}}", "\u0000"})
    void aRunFileThatIsNoneCountsAsNone(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("run.json"), text);
        assertThat(new RunFile(file).read()).isEqualTo(RunRecord.EMPTY);
    }

    @Test
    void aRunFileKeepsWhatItIsGiven() throws IOException {
        RunFile file = new RunFile(folder.resolve("run.json"));
        RunRecord record = new RunRecord(
                Optional.of(new RunRecord.Owner(1, 2)),
                Optional.of(new RunRecord.Child(3, 4, List.of("/p", "--a=\"b\""))));
        file.write(record);
        assertThat(file.read()).isEqualTo(record);
    }

    @Test
    void aProcessThatUsesOtherDataIsNoOrphan() throws Exception {
        try (StateFolder state = TestPrometheus.open(folder.resolve("state"))) {
            Process other = new ProcessBuilder("/bin/sleep", "60").start();
            try {
                state.remember(Optional.of(new RunRecord.Child(other.pid(), 0, List.of("/p"))));
                assertThat(new Orphans(state).settle(Duration.ofSeconds(10)))
                        .isEqualTo(new Outcome.Done<>(Optional.empty()));
                assertThat(other.isAlive()).isTrue();
                assertThat(state.record().prometheus()).isEmpty();
            } finally {
                other.destroyForcibly();
            }
        }
    }
}
