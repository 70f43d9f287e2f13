package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom {@code narthex lint} asks about PromQL, and what it says where there is nobody to ask. */
class LintPromqlTest {

    private static final String RULES = """
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: RuleSet
            metadata: {name: shop}
            spec:
              groups:
                - name: web
                  rules:
                    - {record: a, expr: "up foo"}
                    - {record: b, expr: "up"}
            """;
    private static final String MONITOR = """
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: Monitor
            metadata: {name: shop}
            spec:
              source: {static: {targets: ["127.0.0.1:9"]}}
            """;

    @TempDir
    Path folder;

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    /** A promtool that finds fault with the first expression, and says whether it knows the features asked for. */
    private Session promtool(String version, String warning) throws IOException {
        Path program = script("prometheus", "echo 'prometheus, version " + version + " (branch: x)'");
        script(
                "promtool",
                "echo \"$@\" > '" + folder.resolve("asked") + "'\nprintf '" + warning + "'\n"
                        + "echo 'r.yml: 3:1: group \"narthex\", rule 1, \"expression:0\": could not parse expression:"
                        + " 1:4: parse error: unexpected identifier \"foo\"' >&2\nexit 1");
        return new Session().with("PROMETHEUS", program.toString());
    }

    @Test
    void withoutAParserItSaysSoOnceAndTheExitCodeStays() {
        Session.Result result = new Session().input(RULES).run("lint", "-");
        assertThat(result.code()).isZero();
        assertThat(result.out()).isEqualToNormalizingNewlines("1 file, 1 resource: 0 errors, 0 warnings\n");
        assertThat(result.err())
                .isEqualToNormalizingNewlines("note: the PromQL of 2 expressions isn't checked: no program prometheus"
                        + " in $PATH; name a Prometheus with a promtool beside it by --prometheus, or one that runs by"
                        + " --url\n");
        assertThat(new Session().input(RULES).run("lint", "-", "-o", "json").out())
                .contains("\"promql\" : \"\"", "\"note\" : \"the PromQL of 2 expressions isn't checked");
        assertThat(new Session().input(RULES).run("lint", "-", "--strict").code())
                .isZero();
    }

    @Test
    void withoutRulesThereIsNothingToSay() {
        Session.Result result = new Session().input(MONITOR).run("lint", "-");
        assertThat(result.code()).isZero();
        assertThat(result.err()).isEmpty();
    }

    @Test
    void aPromtoolSaysWhereTheMistakeIs() throws IOException {
        Session.Result result = promtool("3.16.0", "").input(RULES).run("lint", "-");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualToNormalizingNewlines("""
                -:8:33: error[NX1410]: the expression is not PromQL: unexpected identifier "foo"
                  |
                8 |         - {record: a, expr: "up foo"}
                  |                                 ^
                  = help: mend the expression; Prometheus's own page at /query tells the same while you type
                  = more: narthex explain NX1410
                1 file, 1 resource: 1 error, 0 warnings
                """);
    }

    @Test
    void aPromtoolIsGivenTheFeaturesThatMatterToItsParser() throws IOException {
        String server = """
                ---
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec: {features: [promql-experimental-functions, promql-per-step-stats, exemplar-storage]}
                """;
        Session.Result result = promtool("3.16.0", "").input(RULES + server).run("lint", "-");
        assertThat(result.code()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("asked")))
                .startsWith("--enable-feature=promql-experimental-functions check rules ");
        // It lacks one, so what it refuses may be right.
        Session.Result lacking = promtool("3.16.0", "  WARNING: Unknown feature passed to --enable-feature: x")
                .input(RULES + server)
                .run("lint", "-");
        assertThat(lacking.code()).isZero();
        assertThat(lacking.err()).contains("isn't checked: promtool 3.16.0 can't speak for");
    }

    @Test
    void aPromtoolOfAnOlderReleaseThanTheOneNamedIsNotBelieved() throws IOException {
        for (String named : new String[] {"3.5", "3.16"}) {
            Session.Result result = promtool("3.11.0", "").input(RULES).run("lint", "-", "--prometheus-version", named);
            assertThat(result.code()).isEqualTo(named.equals("3.5") ? 1 : 0);
        }
        assertThat(promtool("3.11.0", "")
                        .input(RULES)
                        .run("lint", "-", "--prometheus-version", "2.55")
                        .code())
                .isZero();
        // Where none is named it is the one at hand that a run would take.
        assertThat(promtool("2.42.0", "").input(RULES).run("lint", "-").code()).isEqualTo(1);
    }

    @Test
    void whatTheUserNamesMustBeThere() {
        Session.Result program = new Session().input(RULES).run("lint", "-", "--prometheus", "/nowhere/prometheus");
        assertThat(program.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(program.err()).contains("NX4001", "--prometheus names /nowhere/prometheus, which doesn't exist");
        Session.Result url = new Session().input(RULES).run("lint", "-", "--url", "http://127.0.0.1:1");
        assertThat(url.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(url.err()).contains("the Prometheus at http://127.0.0.1:1 can't be asked: nothing listens");
        assertThat(new Session().input(RULES).run("lint", "-", "--url", "ftp:x").code())
                .isEqualTo(ExitCode.USAGE.number());
    }
}
