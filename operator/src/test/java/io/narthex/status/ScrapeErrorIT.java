package io.narthex.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.process.Outcome;
import io.narthex.process.ProgramLookup;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.Certificates;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetQuery;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLParameters;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a real Prometheus says of targets that fail, one job for each way to fail that can be had on the loopback
 * address.
 */
class ScrapeErrorIT {

    @TempDir
    Path temporary;

    private final Map<String, DiagnosticCode> expected = new LinkedHashMap<>();
    private final StringBuilder jobs = new StringBuilder();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() throws Exception {
        finished.countDown();
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        threads.shutdownNow();
    }

    private void job(DiagnosticCode code, String name, String address, String... lines) {
        expected.put(name, code);
        jobs.append("- job_name: ")
                .append(name)
                .append("\n  static_configs: [{targets: [")
                .append(address)
                .append("]}]\n");
        for (String line : lines) {
            jobs.append("  ").append(line).append('\n');
        }
    }

    private String http(Answering answering) throws IOException {
        return serve(HttpServer.create(loopback(), 10), answering);
    }

    private String https(Certificates certificates, Answering answering, SSLParameters parameters) throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 10);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.context()) {
            @Override
            public void configure(HttpsParameters params) {
                params.setSSLParameters(parameters);
            }
        });
        return serve(server, answering);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private String serve(HttpServer server, Answering answering) {
        server.createContext("/", exchange -> {
            try (exchange) {
                answering.answer(exchange);
            }
        });
        server.setExecutor(threads);
        server.start();
        open.add(() -> server.stop(0));
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Accepts connections, writes the text to each, and closes it. */
    private String raw(String text) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        open.add(server);
        threads.execute(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The scraper went away, or the test is over.
                }
            }
        });
        return "127.0.0.1:" + server.getLocalPort();
    }

    @FunctionalInterface
    private interface Answering {
        void answer(HttpExchange exchange) throws IOException;
    }

    private static Answering status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    private static Answering body(String contentType, String body, String... headers) {
        return exchange -> {
            if (!contentType.isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", contentType);
            }
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
            exchange.sendResponseHeaders(200, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        };
    }

    @Test
    void everyKindOfFailureIsRecognised() throws Exception {
        Path program = RealPrograms.prometheus();
        declareNetwork();
        declareAnswers();
        declareTls();
        Outcome<PrometheusProgram> found = new ProgramLookup(Map.of()).find(Optional.of(program.toString()));
        assertThat(found).isInstanceOf(Outcome.Done.class);
        declareTexts(((Outcome.Done<PrometheusProgram>) found).value().version().isAtLeast(3, 0));
        declareLimits();

        int port = TestPrometheus.freePort();
        StateFolder state = TestPrometheus.open(temporary.resolve("state"));
        open.add(state);
        TestPrometheus.configure(state, "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n" + jobs);
        Supervisor supervisor =
                new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
        open.add(supervisor);
        PrometheusClient client = TestPrometheus.client(port);
        open.add(client);
        supervisor.start(TestPrometheus.launch(program, state, port));
        StatusReader reader = new StatusReader(client, "test", InstantSource.system());

        TargetQuery all = new TargetQuery(Optional.empty(), 10, 1, 1_000);
        ServerStatus status = await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> reader.read(Optional.empty(), Optional.empty(), Optional.empty(), all),
                        s -> s.jobs().size() == expected.size()
                                && s.jobs().stream()
                                        .allMatch(job -> job.firstDown().isPresent()));
        SoftAssertions softly = new SoftAssertions();
        for (JobStatus job : status.jobs()) {
            ScrapeError error = job.firstDown().flatMap(TargetStatus::error).orElseThrow();
            softly.assertThat(error.code()).as(job.name() + ": " + error.raw()).isEqualTo(expected.get(job.name()));
            softly.assertThat(error.brief()).isNotEmpty().doesNotContain("\n");
        }
        softly.assertThat(status.up()).isZero();
        softly.assertThat(status.down()).isGreaterThanOrEqualTo(expected.size());
        softly.assertThat(status.configLoaded()).contains(true);
        softly.assertThat(status.gaps()).isEmpty();
        softly.assertAll();
    }

    private void declareNetwork() throws IOException {
        // Nobody else gets the port, and nobody listens there.
        Socket bound = new Socket();
        open.add(bound);
        bound.bind(loopback());
        String nobody = "127.0.0.1:" + bound.getLocalPort();
        job(DiagnosticCode.TARGET_CONNECTION_REFUSED, "refused", nobody);
        job(DiagnosticCode.TARGET_UNKNOWN_HOST, "unknown-host", "app.invalid:80");
        job(
                DiagnosticCode.TARGET_TIMEOUT,
                "timeout",
                http(exchange -> {
                    try {
                        finished.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                "scrape_timeout: 200ms");
        job(
                DiagnosticCode.TARGET_TIMEOUT,
                "timeout-body",
                http(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/plain");
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write("up 1\n".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                    try {
                        finished.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }),
                "scrape_timeout: 200ms");
        job(DiagnosticCode.TARGET_CONNECTION_BROKEN, "closes", raw(""));
        job(DiagnosticCode.TARGET_CONNECTION_BROKEN, "not-http", raw("SSH-2.0-OpenSSH\r\n"));
        job(
                DiagnosticCode.TARGET_CONNECTION_BROKEN,
                "breaks-off",
                raw("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nup 1\n"));
        job(DiagnosticCode.TARGET_PROXY_FAILED, "proxy", "127.0.0.1:9", "scheme: https", "proxy_url: http://" + nobody);
        job(
                DiagnosticCode.TARGET_CREDENTIALS_UNAVAILABLE,
                "no-credentials",
                nobody,
                "authorization: {credentials_file: " + temporary.resolve("missing") + "}");
        job(
                DiagnosticCode.TARGET_CREDENTIALS_UNAVAILABLE,
                "no-password",
                nobody,
                "basic_auth: {username: u, password_file: " + temporary.resolve("missing") + "}");
        job(
                DiagnosticCode.TARGET_CREDENTIALS_UNAVAILABLE,
                "no-token",
                nobody,
                "oauth2: {client_id: a, client_secret: b, token_url: \"http://" + http(status(500)) + "/token\"}");
    }

    private void declareAnswers() throws IOException {
        job(DiagnosticCode.TARGET_BAD_REQUEST, "s400", http(status(400)));
        job(DiagnosticCode.TARGET_UNAUTHORIZED, "s401", http(status(401)));
        job(DiagnosticCode.TARGET_UNAUTHORIZED, "s403", http(status(403)));
        job(DiagnosticCode.TARGET_NOT_FOUND, "s404", http(status(404)));
        job(DiagnosticCode.TARGET_HTTP_STATUS, "s429", http(status(429)));
        job(DiagnosticCode.TARGET_SERVER_ERROR, "s500", http(status(500)));
        job(DiagnosticCode.TARGET_SERVER_ERROR, "s503", http(status(503)));
        Answering elsewhere = exchange -> {
            exchange.getResponseHeaders().set("Location", "/again");
            exchange.sendResponseHeaders(302, -1);
        };
        job(DiagnosticCode.TARGET_REDIRECTS, "s302", http(elsewhere), "follow_redirects: false");
        job(DiagnosticCode.TARGET_REDIRECTS, "circle", http(elsewhere));
    }

    private void declareTls() throws Exception {
        Certificates local = Certificates.make(temporary, "ip:127.0.0.1");
        Certificates other = Certificates.make(temporary, "dns:app.invalid");
        Certificates old = Certificates.make(temporary, "ip:127.0.0.1", "-startdate", "-10d", "-validity", "1");
        Answering fine = body("text/plain", "a 1\n");
        String server = https(local, fine, new SSLParameters());
        job(DiagnosticCode.TARGET_UNKNOWN_AUTHORITY, "authority", server, "scheme: https");
        job(DiagnosticCode.TARGET_SPEAKS_TLS, "http-to-tls", server);
        job(
                DiagnosticCode.TARGET_SPEAKS_HTTP,
                "tls-to-http",
                raw("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
                "scheme: https");
        job(
                DiagnosticCode.TARGET_CERTIFICATE_NAME,
                "no-ip-name",
                https(other, fine, new SSLParameters()),
                "scheme: https",
                "tls_config: {ca_file: " + other.certificateFile() + "}");
        job(
                DiagnosticCode.TARGET_CERTIFICATE_NAME,
                "other-name",
                https(other, fine, new SSLParameters()),
                "scheme: https",
                "tls_config: {server_name: b.invalid, ca_file: " + other.certificateFile() + "}");
        job(
                DiagnosticCode.TARGET_CERTIFICATE_EXPIRED,
                "expired",
                https(old, fine, new SSLParameters()),
                "scheme: https",
                "tls_config: {ca_file: " + old.certificateFile() + "}");
        SSLParameters wanting = new SSLParameters();
        wanting.setNeedClientAuth(true);
        job(
                DiagnosticCode.TARGET_WANTS_CERTIFICATE,
                "client-certificate",
                https(local, fine, wanting),
                "scheme: https",
                "tls_config: {insecure_skip_verify: true}");
        SSLParameters older = new SSLParameters();
        older.setProtocols(new String[] {"TLSv1.2"});
        job(
                DiagnosticCode.TARGET_TLS_FAILED,
                "tls-version",
                https(local, fine, older),
                "scheme: https",
                "tls_config: {insecure_skip_verify: true, min_version: TLS13}");
    }

    private void declareTexts(boolean contentTypes) throws IOException {
        // Releases before 3.0 don't look at the content type: they read anything as metrics.
        DiagnosticCode page = contentTypes ? DiagnosticCode.TARGET_NOT_METRICS : DiagnosticCode.TARGET_PARSE_ERROR;
        job(page, "html", http(body("text/html", "<html></html>\n")));
        job(page, "html-as-text", http(body("text/plain", "<!DOCTYPE html>\n")));
        job(DiagnosticCode.TARGET_PARSE_ERROR, "words", http(body("text/plain", "hello world out there\n")));
        job(DiagnosticCode.TARGET_PARSE_ERROR, "comma", http(body("text/plain", "a 1,5\n")));
        job(DiagnosticCode.TARGET_PARSE_ERROR, "quote", http(body("text/plain", "a{b=\"c} 1\n")));
        job(
                DiagnosticCode.TARGET_PARSE_ERROR,
                "no-eof",
                http(body("application/openmetrics-text; version=1.0.0", "a 1\n")));
        job(
                DiagnosticCode.TARGET_PARSE_ERROR,
                "hostile",
                http(body("text/plain", "connect: connection refused no such host EOF\n")));
        job(
                DiagnosticCode.TARGET_ENCODING,
                "not-gzip",
                http(body("text/plain", "longer_than_the_header 1\n", "Content-Encoding", "gzip")));
        job(
                DiagnosticCode.TARGET_BAD_NAME,
                "no-name",
                http(body("text/plain", "a 1\n")),
                "metric_relabel_configs: [{action: labeldrop, regex: __name__}]");
        job(DiagnosticCode.TARGET_BAD_NAME, "utf8", http(body("text/plain", "a{b=\"\u00ff\u00fe\"} 1\n")));
        if (contentTypes) {
            job(DiagnosticCode.TARGET_NOT_METRICS, "blank-type", http(body("", "a 1\n")));
            job(DiagnosticCode.TARGET_ENCODING, "zstd", http(body("text/plain", "a 1\n", "Content-Encoding", "zstd")));
            job(
                    DiagnosticCode.TARGET_BAD_NAME,
                    "legacy-name",
                    http(body("text/plain", "{\"http.requests\"} 1\n")),
                    "metric_name_validation_scheme: legacy",
                    "metric_name_escaping_scheme: underscores");
        }
    }

    private void declareLimits() throws IOException {
        Answering two = body("text/plain", "aaaa{bbbb=\"cccc\"} 1\ndddd 2\n");
        job(DiagnosticCode.TARGET_SAMPLE_LIMIT, "samples", http(two), "sample_limit: 1");
        job(DiagnosticCode.TARGET_BODY_SIZE_LIMIT, "body", http(two), "body_size_limit: 10B");
        job(DiagnosticCode.TARGET_LABEL_LIMIT, "labels", http(two), "label_limit: 1");
        job(DiagnosticCode.TARGET_LABEL_LIMIT, "label-names", http(two), "label_name_length_limit: 3");
        job(DiagnosticCode.TARGET_LABEL_LIMIT, "label-values", http(two), "label_value_length_limit: 2");
        job(DiagnosticCode.TARGET_LIMIT, "targets", http(two) + ", " + http(two), "target_limit: 1");
    }
}
