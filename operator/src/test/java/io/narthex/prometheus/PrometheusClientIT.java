package io.narthex.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.SecretValue;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.Answer.Obstacle;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's questions to a real Prometheus. */
class PrometheusClientIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String MARKER = "generation-0123456789abcdef-*.none";

    @TempDir
    Path temporary;

    private Path program;
    private int port;
    private StateFolder state;
    private Supervisor supervisor;

    @BeforeEach
    void open() throws IOException {
        program = RealPrograms.prometheus();
        port = TestPrometheus.freePort();
        state = TestPrometheus.open(temporary.resolve("state"));
        supervisor = new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
    }

    @AfterEach
    void close() throws IOException {
        supervisor.close();
        state.close();
    }

    private void start(PrometheusClient client, String... flags) {
        supervisor.start(TestPrometheus.launch(program, state, port, flags));
        await().atMost(LONG).until(() -> client.readiness().equals(new Answer.Ok<>((Readiness) new Readiness.Ready())));
    }

    private static <T> T ok(Answer<T> answer) {
        assertThat(answer).isInstanceOf(Answer.Ok.class);
        return ((Answer.Ok<T>) answer).value();
    }

    private void configure(String selfPath) throws IOException {
        TestPrometheus.configure(state, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules.yml, "%s"]
                alerting:
                  alertmanagers:
                  - static_configs: [{targets: ["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]}]
                    relabel_configs: [{source_labels: [__address__], regex: ".*:3", action: drop}]
                scrape_configs:
                - job_name: monitor/default/self/metrics
                  metrics_path: %s
                  static_configs:
                  - targets: ["127.0.0.1:%d"]
                    labels: {job: self}
                """.formatted(MARKER, selfPath, port));
        Files.writeString(state.config().resolve("rules.yml"), """
                groups:
                - name: g
                  rules:
                  - record: fine
                    expr: vector(1)
                  - record: twice
                    expr: label_replace(prometheus_http_requests_total, "__name__", "x", "", "")
                    labels: {handler: same, code: same}
                  - alert: Fires
                    expr: vector(1)
                """);
    }

    @Test
    void answersEveryQuestion() throws Exception {
        configure("/metrics");
        try (PrometheusClient client = TestPrometheus.client(port)) {
            start(client);
            assertThat(ok(client.healthy())).isTrue();
            assertThat(ok(client.buildInfo()).version().isAtLeast(2, 42)).isTrue();
            assertThat(ok(client.flags()))
                    .containsEntry("storage.tsdb.path", state.data().toString())
                    .containsEntry("web.enable-lifecycle", "false");
            RuntimeInfo runtime = ok(client.runtimeInfo());
            assertThat(runtime.reloadSuccessful()).isTrue();
            assertThat(runtime.workingDirectory()).isEqualTo(state.root().toString());
            ReloadState reload = ok(client.reloadState());
            assertThat(reload.successful()).isTrue();
            assertThat(reload.lastSuccess().orElseThrow()).isBeforeOrEqualTo(Instant.now());
            assertThat(ok(client.loadedConfig())).contains("monitor/default/self/metrics");
            assertThat(ok(client.loadedConfigHolds(List.of(MARKER)))).hasValue(MARKER);
            assertThat(ok(client.loadedConfigHolds(List.of("generation-0123456789abcdee-*.none"))))
                    .isEmpty();
            assertThat(client.reload()).isEqualTo(new Answer.Refused<>(403, "Lifecycle API is not enabled."));

            PoolTargets self = await().atMost(LONG)
                    .until(
                            () -> Optional.ofNullable(ok(client.targets(TargetQuery.of("monitor/default/self/metrics")))
                                    .pools()
                                    .get("monitor/default/self/metrics")),
                            pool -> pool.isPresent() && pool.get().up() == 1)
                    .orElseThrow();
            assertThat(self.samples().getFirst().labels()).containsEntry("job", "self");

            RuleReport.Group group = await().atMost(LONG)
                    .until(
                            () -> ok(client.rules()).groups().getFirst(),
                            g -> !g.failed().isEmpty());
            assertThat(group.rules()).isEqualTo(3);
            assertThat(group.failed()).hasSize(1);
            assertThat(group.failed().getFirst().name()).isEqualTo("twice");
            assertThat(group.failed().getFirst().error()).contains("same labelset");

            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(ok(client.alertmanagers())).isEqualTo(new AlertmanagerReport(2, 1)));

            assertThat(ok(client.query("1 + 1", Optional.empty()))
                            .samples()
                            .getFirst()
                            .value())
                    .isEqualTo(2);
            QueryResult up = ok(client.query("up{job=\"self\"}", Optional.empty()));
            assertThat(up.samples()).singleElement().satisfies(sample -> {
                assertThat(sample.value()).isEqualTo(1);
                assertThat(sample.labels()).containsEntry("__name__", "up").containsEntry("job", "self");
            });
            assertThat(ok(client.query("1 / 0", Optional.of(Instant.now())))
                            .samples()
                            .getFirst()
                            .value())
                    .isInfinite();
            assertThat(client.query("up{", Optional.empty())).isInstanceOf(Answer.Refused.class);
        }
    }

    @Test
    void checksQueriesAndSaysWhere() throws Exception {
        TestPrometheus.configure(state, "{}");
        try (PrometheusClient client = TestPrometheus.client(port)) {
            start(client);
            assertThat(ok(client.checkQuery("sum by (job) (rate(up[5m])) > 0"))).isEqualTo(new QueryVerdict.Valid());
            QueryVerdict.Refused invalid = (QueryVerdict.Refused) ok(client.checkQuery("up{a=\"é\"} +\n  sum(("));
            assertThat(invalid.message()).startsWith("unclosed left parenthesis");
            assertThat(invalid.place()).contains(new QueryVerdict.Place(2, 8));
            assertThat(((QueryVerdict.Refused) ok(client.checkQuery("\"é\" foo"))).place())
                    .contains(new QueryVerdict.Place(1, 5));
            assertThat(ok(client.checkQuery(""))).isInstanceOf(QueryVerdict.Refused.class);
        }
    }

    @Test
    void honoursPrefixTlsAndCredentials() throws Exception {
        configure("/prom/metrics");
        Certificates certificates = Certificates.make(temporary, "dns:prometheus.invalid");
        // The bcrypt hash of "narthex".
        Files.writeString(state.config().resolve("web.yml"), """
                tls_server_config: {cert_file: "%s", key_file: "%s"}
                basic_auth_users: {me: $2a$04$aeKI7ENGjOVIvb7WPwt//uOTiirdx49p3FapCN26SqqkqvJAilIxy}
                """.formatted(
                        certificates.certificateFile(), certificates.keyFile()));
        Credentials me = new Credentials.Basic("me", SecretValue.of("narthex"));
        Trust pinned = new Trust.Pinned(certificates.certificate());
        try (PrometheusClient client = client(pinned, me)) {
            start(
                    client,
                    "--web.config.file=" + state.config().resolve("web.yml"),
                    "--web.route-prefix=/prom",
                    "--web.enable-lifecycle");
            Instant before = ok(client.reloadState()).lastSuccess().orElseThrow();
            assertThat(ok(client.reload())).isTrue();
            assertThat(ok(client.reloadState()).lastSuccess().orElseThrow()).isAfter(before);
            TestPrometheus.configure(state, "global: {scrape_interval: nonsense}\n");
            assertThat(client.reload()).isInstanceOfSatisfying(Answer.Refused.class, refused -> {
                assertThat(refused.status()).isEqualTo(500);
                assertThat(refused.message()).contains("not a valid duration string");
            });
            assertThat(ok(client.reloadState()).successful()).isFalse();
        }
        for (Trust trust : new Trust[] {new Trust.Anything(), new Trust.Presented(certificates::certificateText)}) {
            try (PrometheusClient client = client(trust, me)) {
                assertThat(ok(client.healthy())).isTrue();
            }
        }
        Trust lost = new Trust.Presented(() -> {
            throw new IOException("the certificate is lost");
        });
        try (PrometheusClient client = client(lost, me)) {
            assertThat(client.healthy())
                    .isInstanceOfSatisfying(
                            Answer.Unreachable.class,
                            unreachable -> assertThat(unreachable.reason()).endsWith("the certificate is lost"));
        }
        Certificates another = Certificates.make(temporary, "ip:127.0.0.1");
        try (PrometheusClient client = client(pinned, new Credentials.Basic("me", SecretValue.of("wrong")))) {
            assertThat(client.readiness()).isInstanceOf(Answer.Unauthorized.class);
        }
        for (Trust trust : new Trust[] {
            Trust.defaults(),
            new Trust.Authorities(certificates.certificate()),
            new Trust.Pinned(another.certificate()),
            new Trust.Presented(another::certificateText)
        }) {
            try (PrometheusClient client = client(trust, me)) {
                assertThat(client.healthy())
                        .isInstanceOfSatisfying(
                                Answer.Unreachable.class,
                                unreachable ->
                                        assertThat(unreachable.obstacle()).isEqualTo(Obstacle.TLS));
            }
        }
        try (PrometheusClient client = new PrometheusClient(
                PrometheusEndpoint.of(URI.create("http://127.0.0.1:" + port + "/prom")), ClientLimits.DEFAULT)) {
            assertThat(client.healthy()).isInstanceOf(Answer.Refused.class);
        }
    }

    private PrometheusClient client(Trust trust, Credentials credentials) {
        return new PrometheusClient(
                new PrometheusEndpoint(URI.create("https://127.0.0.1:" + port + "/prom"), trust, credentials),
                ClientLimits.DEFAULT);
    }
}
