package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.narthex.cli.Session;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.testing.RealPrograms;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code narthex lint} with the promtool of a real release, and with a Prometheus that runs. */
class LintPromqlIT {

    private static final String RULES = """
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: RuleSet
            metadata: {name: shop}
            spec:
              groups:
                - name: web
                  rules:
                    - record: literal
                      expr: |
                        sum by (job) (
                          rate(http_requests_total{a="é"}[5m]) foo
                        )
                    - record: folded
                      expr: >-
                        sum(up)
                        bar
                    - {record: quoted, expr: 'up{job="it''s"} baz'}
                    - record: unclosed
                      expr: |
                        sum(up
                    - record: good
                      expr: |
                        # A comment "with quotes
                        up{job=~".+"} > bool 0
                    - record: experimental
                      expr: sort_by_label(up, "job")
                    - record: unprintable
                      expr: "up{a=\\"\\u2028\\U0001F600\\"} qux"
            """;
    private static final String SERVER = """
            ---
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: PrometheusServer
            metadata: {name: main}
            spec: {features: [promql-experimental-functions]}
            """;

    @TempDir
    Path folder;

    private Path program;

    @BeforeEach
    void find() {
        program = RealPrograms.prometheus();
    }

    private static String places(Session.Result result) {
        StringBuilder places = new StringBuilder();
        Matcher matcher = Pattern.compile("(?m)^-:(\\d+:\\d+): error\\[NX1410]: .*: (\\w+ \\w+)")
                .matcher(result.out());
        while (matcher.find()) {
            places.append(matcher.group(1)).append(' ').append(matcher.group(2)).append('\n');
        }
        return places.toString();
    }

    private static final String WRONG = """
            11:52 unexpected identifier
            16:13 unexpected identifier
            17:51 unexpected identifier
            20:19 unclosed left
            28:45 unexpected identifier
            """;

    @Test
    void promtoolSaysWhereEachMistakeIs() {
        assumeThat(program.resolveSibling("promtool")).exists();
        Session.Result result =
                new Session().input(RULES + SERVER).run("lint", "-", "--prometheus", program.toString());
        assertThat(result.err()).isEmpty();
        assertThat(places(result)).isEqualTo(WRONG);
        assertThat(result.code()).isEqualTo(1);
        // Without the feature the one expression that needs it is wrong, too.
        Session.Result without = new Session().input(RULES).run("lint", "-", "--prometheus", program.toString());
        assertThat(without.out()).contains("6 errors").contains("sort_by_label");
    }

    @Test
    void aRunningPrometheusSaysTheSame() throws Exception {
        int port = TestPrometheus.freePort();
        try (StateFolder state = TestPrometheus.open(folder.resolve("state"));
                Supervisor supervisor =
                        new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
                PrometheusClient client = TestPrometheus.client(port)) {
            TestPrometheus.configure(state, "{}");
            supervisor.start(
                    TestPrometheus.launch(program, state, port, "--enable-feature=promql-experimental-functions"));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.readiness()
                            .toOptional()
                            .filter(Readiness.Ready.class::isInstance)
                            .isPresent());
            String url = "http://127.0.0.1:" + port;
            Session.Result result = new Session().input(RULES + SERVER).run("lint", "-", "--url", url);
            assertThat(places(result)).isEqualTo(WRONG);
            assertThat(result.err()).isEmpty();
            // It lacks a feature that the folder asks for: nothing is claimed.
            Session.Result other = new Session()
                    .input(RULES + SERVER.replace("[promql-", "[promql-binop-fill-modifiers, promql-"))
                    .run("lint", "-", "--url", url);
            assertThat(other.out()).contains("0 errors");
            assertThat(other.err()).contains("isn't checked: Prometheus ", "can't speak for");
        }
    }
}
