package io.narthex.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.promql.Confinement;
import io.narthex.compiler.promql.Query;
import io.narthex.compiler.promql.QueryText;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Expressions are written down again as Prometheus understood them; confined to a tenant they find in a server of two
 * tenants what they find in a server that holds this tenant's series alone.
 */
class ConfinementIT {

    private static final String FEATURES = "--enable-feature=promql-experimental-functions,promql-binop-fill-modifiers";
    private static final Instant END = Instant.parse("2026-01-01T12:00:00Z");
    private static final Confinement TENANT = new Confinement(new TreeMap<>(Map.of("ns", "a")));

    @TempDir
    static Path temporary;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static PrometheusClient both;
    private static PrometheusClient alone;

    @BeforeAll
    static void start() throws Exception {
        both = server("both", List.of("a", "b"));
        alone = server("alone", List.of("a"));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable open : OPEN.reversed()) {
            open.close();
        }
    }

    private static PrometheusClient server(String name, List<String> tenants) throws Exception {
        Path program = RealPrograms.prometheus();
        Path promtool = program.resolveSibling("promtool");
        assumeThat(promtool).exists();
        StateFolder state = TestPrometheus.open(temporary.resolve(name));
        OPEN.add(state);
        Path metrics = Files.writeString(temporary.resolve(name + ".om"), openMetrics(tenants));
        Process backfill = new ProcessBuilder(
                        promtool.toString(),
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        metrics.toString(),
                        state.data().toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve(name + ".log").toFile())
                .start();
        assertThat(backfill.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(backfill.exitValue())
                .as(Files.readString(temporary.resolve(name + ".log")))
                .isZero();
        int port = TestPrometheus.freePort();
        Supervisor supervisor =
                new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
        OPEN.add(supervisor);
        TestPrometheus.configure(state, "{}");
        supervisor.start(TestPrometheus.launch(program, state, port, FEATURES, "--storage.tsdb.retention.time=100y"));
        PrometheusClient client = TestPrometheus.client(port);
        OPEN.add(client);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.readiness()
                        .toOptional()
                        .filter(Readiness.Ready.class::isInstance)
                        .isPresent());
        return client;
    }

    /** An hour of samples, of which the tenants' differ in value, and tenant b has more instances. */
    private static String openMetrics(List<String> tenants) {
        List<String> series = new ArrayList<>();
        for (String tenant : tenants) {
            for (String job : List.of("api", "web")) {
                for (int i = 1; i <= (tenant.equals("b") ? 3 : 2); i++) {
                    String labels = "job=\"" + job + "\",instance=\"i" + i + "\",ns=\"" + tenant + "\"";
                    series.add("up{" + labels + "}");
                    series.add("memory_bytes{" + labels + "}");
                    series.add("sum{" + labels + "}");
                    series.add("by{" + labels + "}");
                    series.add("fill{" + labels + "}");
                    series.add("offset{" + labels + "}");
                    series.add("build_info{version=\"1." + i + "\"," + labels + "}");
                    series.add("filesystem_free_bytes{" + labels + "}");
                    series.add("ALERTS{alertstate=\"firing\",alertname=\"Down\"," + labels + "}");
                    series.add("{\"http.server.duration\",\"http.route\"=\"/a b\"," + labels + "}");
                    for (String code : List.of("200", "500")) {
                        series.add("http_requests_total{code=\"" + code + "\"," + labels + "}");
                    }
                    for (String le : List.of("0.1", "1", "+Inf")) {
                        series.add("request_duration_seconds_bucket{le=\"" + le + "\"," + labels + "}");
                    }
                    for (String mode : List.of("idle", "user")) {
                        series.add("node_cpu_seconds_total{mode=\"" + mode + "\"," + labels + "}");
                    }
                    for (String name : List.of("avail_bytes", "size_bytes", "readonly")) {
                        series.add("node_filesystem_" + name + "{fstype=\"ext4\"," + labels + "}");
                    }
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (String one : series) {
            int seed = one.hashCode() & 0xFF;
            for (int step = 0; step <= 120; step++) {
                boolean counter = one.contains("_total") || one.contains("_bucket");
                int value = one.startsWith("up") ? (seed + step / 20) % 2 : counter ? seed * step : seed + step % 7;
                text.append(one)
                        .append(' ')
                        .append(value)
                        .append(' ')
                        .append(END.getEpochSecond() - 3600 + step * 30L)
                        .append('\n');
            }
        }
        return text.append("# EOF\n").toString();
    }

    private static List<String> corpus() throws IOException {
        try (InputStream in = Objects.requireNonNull(ConfinementIT.class.getResourceAsStream("/promql/corpus.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static Query parsed(String text) {
        Answer<QueryVerdict> answer = both.parseQuery(text);
        assertThat(answer.toOptional()).as(text).containsInstanceOf(QueryVerdict.Parsed.class);
        QueryVerdict.Parsed parsed = (QueryVerdict.Parsed) answer.toOptional().orElseThrow();
        return parsed.query();
    }

    @Test
    void writtenDownAgainAnExpressionMeansTheSame() throws IOException {
        for (String text : corpus()) {
            Query query = parsed(text);
            String again = QueryText.of(query);
            assertThat(parsed(again)).as(text + "   ->   " + again).isEqualTo(query);
        }
    }

    @Test
    void everySelectorIsConfinedAndNothingElseChanged() throws IOException {
        for (String text : corpus()) {
            Query goal = TENANT.confine(parsed(text));
            String rewritten = QueryText.of(goal);
            assertThat(parsed(rewritten)).as(text + "   ->   " + rewritten).isEqualTo(goal);
        }
    }

    @Test
    void aConfinedExpressionFindsWhatItWouldIfThereWereNobodyElse() throws IOException {
        int withResults = 0;
        int leaking = 0;
        for (String text : corpus()) {
            if (!(both.query(text, Optional.of(END)) instanceof Answer.Ok<QueryResult>)) {
                continue;
            }
            String rewritten = QueryText.of(TENANT.confine(parsed(text)));
            Set<Object> found = result(both, rewritten);
            assertThat(found).as(rewritten).isEqualTo(result(alone, rewritten));
            // The label of a matcher of equality is one of absent's result.
            if (!text.startsWith("absent")) {
                assertThat(found).as(rewritten).isEqualTo(result(alone, text));
            }
            withResults += found.isEmpty() ? 0 : 1;
            leaking += found.equals(result(both, text)) ? 0 : 1;
        }
        assertThat(withResults).as("expressions that find something").isGreaterThan(100);
        assertThat(leaking)
                .as("expressions that would find more if they weren't confined")
                .isGreaterThan(80);
    }

    private static Set<Object> result(PrometheusClient server, String text) {
        return switch (server.query(text, Optional.of(END))) {
            case Answer.Ok<QueryResult>(QueryResult result) ->
                Set.copyOf(result.samples().stream().map(Object::toString).toList());
            // Such as topk of as many as there are of nothing.
            case Answer.Failure<QueryResult> failure -> Set.of(failure.reason());
        };
    }

    @Test
    void whatReadsMoreThanItsSelectorsIsForbidden() {
        assertThat(TENANT.forbidden(parsed("info(up)"))).contains("info");
        assertThat(TENANT.forbidden(parsed("sum(rate(http_requests_total[5m])) + -(info(up, {version=~\".+\"}))")))
                .contains("info");
        assertThat(TENANT.forbidden(parsed("max_over_time(info(up)[5m:1m])"))).contains("info");
        assertThat(TENANT.forbidden(parsed("topk(scalar(info(up)), up)"))).contains("info");
        assertThat(TENANT.forbidden(parsed("abs(info(up))"))).contains("info");
        assertThat(TENANT.forbidden(parsed("abs(up)"))).isEmpty();
    }

    @Test
    void whatIsNotPromqlIsRefusedWithItsPlace() {
        assertThat(both.parseQuery("up foo").toOptional())
                .contains(new QueryVerdict.Refused(
                        "unexpected identifier \"foo\"", Optional.of(new QueryVerdict.Place(1, 4))));
        assertThat(both.parseQuery("up{a=\"\\xff\"}").toOptional()).containsInstanceOf(QueryVerdict.Unparsed.class);
        assertThat(both.parseQuery("up" + " + up".repeat(500)).toOptional())
                .contains(new QueryVerdict.Unparsed("it nests more than 400 deep"));
    }
}
