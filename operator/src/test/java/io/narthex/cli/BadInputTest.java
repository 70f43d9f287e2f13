package io.narthex.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a user may put into a file, lint answers it with one line that names file, line, column, code and what is
 * wrong, the remedy below, and the right exit code; never with a stack trace.
 */
class BadInputTest {

    private static final String HEAD = "apiVersion: monitoring.narthex.io/v1alpha1\n";

    @TempDir
    Path folder;

    private static String monitor(String more) {
        return HEAD + """
                kind: Monitor
                metadata:
                  name: web
                spec:
                  source:
                    static:
                      targets: ["127.0.0.1:8000"]
                """ + more.indent(2);
    }

    private static String server(String spec) {
        return HEAD + "kind: PrometheusServer\nmetadata:\n  name: main\nspec:\n" + spec.indent(2);
    }

    private static String endpoint(String field) {
        return monitor("endpoints:\n  - " + field);
    }

    private static String relabeling(String regex) {
        return monitor(
                "endpoints:\n  - relabelings:\n      - {action: keep, sourceLabels: [job], regex: '" + regex + "'}");
    }

    /** Nine anchors, each nine times the one before: 387 million values in 300 bytes. */
    private static String bomb() {
        StringBuilder text = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        IntStream.range(1, 9).forEach(i -> {
            char before = (char) ('a' + i - 1);
            char now = (char) ('a' + i);
            text.append(now).append(": &").append(now).append(" [");
            text.append(String.join(",", Collections.nCopies(9, "*" + before))).append("]\n");
        });
        return text.toString();
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                arguments("an empty file", "", "1:1: warning[NX1003]: the file holds no resource"),
                arguments("nothing but a comment", "# soon\n", "1:1: warning[NX1003]: the file holds no resource"),
                arguments(
                        "a tab",
                        HEAD + "kind: Monitor\nmetadata:\n\tname: web\n",
                        "4:1: error[NX1004]: the line is indented with a tab"),
                arguments(
                        "a key twice",
                        monitor("job: a\njob: b"),
                        "10:3: error[NX1006]: job is set twice; first in line 9"),
                arguments(
                        "an anchor bomb",
                        bomb(),
                        "6:8: error[NX1008]: the file's aliases expand to more than 100000 values"),
                arguments(
                        "an alias of what holds it",
                        HEAD + "kind: Monitor\nmetadata: &m\n  name: web\n  labels: *m\n",
                        "5:11: error[NX1007]: alias *m stands inside what it names"),
                arguments(
                        "brackets without end",
                        "[".repeat(5000),
                        "1:65: error[NX1009]: mappings and lists are nested more than 64 deep"),
                arguments(
                        "a program",
                        "\u007fELF\u0002\u0001\u0001\u0000\u0000\u00ff\u00fe",
                        "1:1: error[NX1001]: the file is binary (a program)"),
                arguments(
                        "an unknown kind",
                        HEAD + "kind: Monitr\nmetadata: {name: web}\n",
                        "2:7: error[NX1104]: unknown kind Monitr"),
                arguments(
                        "an unknown version",
                        "apiVersion: monitoring.narthex.io/v2\nkind: Monitor\nmetadata: {name: web}\n",
                        "1:13: error[NX1103]: unknown apiVersion monitoring.narthex.io/v2"),
                arguments("an unknown field", monitor("endpoint: []"), "9:3: error[NX1107]: unknown field endpoint"),
                arguments(
                        "a name twice",
                        monitor("") + "---\n" + monitor(""),
                        "13:9: error[NX1056]: Monitor default/web is declared already at FILE:4:9; that one counts"),
                arguments(
                        "a number in place of a list",
                        monitor("endpoints: 5"),
                        "9:14: error[NX1108]: found 5 instead of a list"),
                arguments(
                        "a text in place of a number",
                        server("listen: {port: many}"),
                        "6:18: error[NX1108]: found the text \"many\" instead of a whole number"),
                arguments(
                        "a number beyond 64 bits",
                        server("listen: {port: 99999999999999999999999999}"),
                        "6:18: error[NX1114]: 99999999999999999999999999 is out of range"),
                arguments(
                        "a NUL",
                        monitor("job: a\u0000b"),
                        "9:9: error[NX1010]: the control character \\u0000 (NUL) stands here"),
                arguments(
                        "a character that turns the direction of writing",
                        monitor("job: a\u202eb"),
                        "9:9: error[NX1011]: the hidden character \\u202e (changes the direction of writing) stands"
                                + " here"),
                arguments(
                        "an invalid regular expression",
                        relabeling("(("),
                        "11:54: error[NX1207]: the regular expression \"((\" is not valid: missing closing ): \"((\""),
                arguments(
                        "a regular expression of Java's",
                        relabeling("(?<=x)a++"),
                        "11:54: error[NX1207]: the regular expression \"(?<=x)a++\" has a lookbehind (?<=...), which"
                                + " RE2 lacks"),
                arguments(
                        "a negative duration",
                        endpoint("interval: -5s"),
                        "10:17: error[NX1111]: \"-5s\" is not a duration"),
                arguments(
                        "a duration that overflows",
                        endpoint("interval: 99999999999999y"),
                        "10:17: error[NX1205]: the duration \"99999999999999y\" is too long"),
                arguments(
                        "a retention that overflows",
                        server("retention: {time: 300y}"),
                        "6:21: error[NX1301]: the duration \"300y\" is too long"),
                arguments(
                        "a negative size",
                        server("retention: {size: -5GB}"),
                        "6:21: error[NX1111]: \"-5GB\" is not a size"),
                arguments(
                        "a size that overflows",
                        server("retention: {size: 9EB}"),
                        "6:21: error[NX1301]: the size \"9EB\" is too large"),
                arguments(
                        "a timeout longer than the interval",
                        monitor("endpoints:\n  - interval: 5s\n    timeout: 30s"),
                        "11:16: error[NX1204]: timeout 30s is longer than interval 5s"),
                arguments(
                        "a label name that Prometheus keeps for itself",
                        monitor("labels: {__address__: here}"),
                        "9:25: error[NX1208]: labels that start with two underscores are Prometheus's own"),
                arguments(
                        "a label without a name",
                        server("externalLabels: {\"\": x}"),
                        "6:24: error[NX1301]: a label name must not be empty"),
                arguments(
                        "a missing credential",
                        endpoint("auth: {authorization: {credentials: {secretRef: {name: vault, key: token}}}}"),
                        "10:55: error[NX1501]: the credential .secrets/vault/token doesn't exist"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contents")
    void isAnsweredInOneLine(String what, String content, String expected) throws IOException {
        // One char, one byte, where the content isn't text.
        byte[] bytes = content.startsWith("\u007f") ? content.getBytes(ISO_8859_1) : content.getBytes(UTF_8);
        Path file = Files.write(folder.resolve("web.yaml"), bytes);

        Session.Result ofFile = lint(file);
        assertThat(headlines(ofFile)).containsExactly(file + ":" + expected.replace("FILE", file.toString()));
        assertThat(ofFile.code()).isEqualTo(expected.contains("error") ? 1 : 0);

        Session.Result ofFolder = lint(folder);
        assertThat(ofFolder).as("the same of the folder").isEqualTo(ofFile);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contents")
    void isAnsweredThroughAPipeToo(String what, String content, String expected) {
        byte[] bytes = content.startsWith("\u007f") ? content.getBytes(ISO_8859_1) : content.getBytes(UTF_8);
        Session.Result result = new Session().input(bytes).run("lint", "-");
        assertThat(headlines(result)).containsExactly("-:" + expected.replace("FILE", "-"));
        assertThat(result.code()).isEqualTo(expected.contains("error") ? 1 : 0);
    }

    @Test
    void anUnknownFieldNamesTheNearest() throws IOException {
        Files.writeString(folder.resolve("web.yaml"), monitor("endpoint: []"));
        assertThat(lint(folder).out()).contains("= help: did you mean endpoints?");
    }

    @Test
    void aBadLabelNameDependsOnTheRelease() throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), server("externalLabels: {0-site: x}"));
        Session.Result result = new Session().run("lint", "--prometheus-version", "2.55", file.toString());
        assertThat(headlines(result))
                .containsExactly(file + ":6:28: error[NX1301]: \"0-site\" is not a valid label name");
        assertThat(lint(folder).code()).as("3.x takes any UTF-8").isZero();
    }

    @Test
    void anotherEncodingIsNamed() throws IOException {
        Path file = Files.write(folder.resolve("web.yaml"), monitor("").getBytes(UTF_16));
        assertThat(headlines(lint(folder)))
                .containsExactly(file + ":1:1: error[NX1002]: the file is encoded in UTF-16");
    }

    @Test
    void aHugeFileIsNotRead() throws IOException {
        Path file = folder.resolve("dump.yaml");
        try (RandomAccessFile dump = new RandomAccessFile(file.toFile(), "rw")) {
            dump.setLength(100L << 20);
        }
        assertThat(headlines(lint(folder)))
                .containsExactly(file + ":1:1: error[NX1052]: the file has 104857600 bytes and isn't read");
    }

    @Test
    void anEndlessPipeIsNotReadToItsEnd() {
        Session.Result result = new Session().input(new byte[(8 << 20) + 2]).run("lint", "-");
        assertThat(headlines(result))
                .containsExactly("-:1:1: error[NX1052]: the file has more than 8388608 bytes and isn't read");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void linksThatLeadNowhereAreToldApart() throws IOException {
        Files.createSymbolicLink(folder.resolve("again"), folder);
        Files.createSymbolicLink(folder.resolve("x.yaml"), Path.of("y.yaml"));
        Files.createSymbolicLink(folder.resolve("y.yaml"), Path.of("x.yaml"));
        Files.createSymbolicLink(folder.resolve("z.yaml"), Path.of("gone.yaml"));

        Session.Result result = lint(folder);

        assertThat(headlines(result))
                .hasSize(4)
                .contains(
                        folder
                                + "/again:1:1: warning[NX1053]: this link leads back to a folder that holds it, and isn't"
                                + " followed",
                        folder + "/z.yaml:1:1: error[NX1051]: this link leads nowhere")
                .anyMatch(line -> line.startsWith(folder + "/x.yaml:1:1: error[NX1051]: this can't be read: Too many"))
                .anyMatch(line -> line.startsWith(folder + "/y.yaml:1:1: error[NX1051]: this can't be read: Too many"));
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anUnreadableFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("web.yaml"), monitor(""));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        String reason = "permission denied";
        if (Files.isReadable(file)) {
            // Root may read every file, but nobody this process's memory at address 0.
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/proc/self/mem"));
            reason = "Input/output error";
        }
        Session.Result result = lint(folder);
        assertThat(headlines(result)).containsExactly(file + ":1:1: error[NX1051]: this can't be read: " + reason);
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsNoLintError() {
        Session.Result result = lint(folder.resolve("nowhere"));
        assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .isEqualTo("narthex: " + folder.resolve("nowhere")
                        + ": there is no such file or folder\n  = help: check the path\n");
    }

    private static Session.Result lint(Path what) {
        return new Session().run("lint", what.toString());
    }

    /** Returns the lines that say what is wrong, having seen that each has its page and that nothing else is said. */
    private static List<String> headlines(Session.Result result) {
        List<String> lines = result.out().lines().toList();
        List<String> headlines = lines.stream()
                .filter(line -> line.matches(".+:\\d+:\\d+: (error|warning)\\[NX\\d{4}]: .+"))
                .toList();
        assertThat(lines.stream().filter(line -> line.contains("= more: narthex explain NX")))
                .hasSameSizeAs(headlines);
        assertThat(result.out())
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain("\u202e");
        assertThat(result.err()).isEmpty();
        return headlines;
    }
}
