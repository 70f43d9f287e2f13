package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.source.kubernetes.KubernetesClients;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials of Secrets come to Prometheus and nowhere else, and new ones without a restart. */
class CredentialsIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forEach();

    /** Where pods reach this machine. */
    private static final String NODE = "10.244.0.1";

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    /** What Prometheus sends is what counts: it reads the file anew at each request. */
    @Test
    void aCredentialIsRotatedWithoutARestart() throws Exception {
        AtomicReference<String> sent = new AtomicReference<>("");
        HttpServer target = HttpServer.create(new InetSocketAddress(NODE, 0), 0);
        target.createContext("/metrics", exchange -> {
            try (exchange) {
                sent.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, -1);
            }
        });
        target.start();
        try {
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            home.declare(
                    "Monitor", "self", """
                    source: {static: {targets: ['%s:%d']}}
                    endpoints:
                    - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                    """.formatted(NODE, target.getAddress().getPort()));
            home.awaitCondition("Monitor", "self", "Ready", "False CredentialMissing");
            assertThat(sent.get()).isEmpty();
            home.secret("token", Map.of("t", "one"));
            home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
            assertThat(sent.get()).isEqualTo("Bearer one");
            String uid = home.podUid();
            home.secret("token", Map.of("t", "two"));
            await().atMost(LONG).until(() -> sent.get().equals("Bearer two"));
            assertThat(home.published()).containsExactly("two");
            home.awaitCondition("PrometheusServer", "main", "Ready", "True AsDeclared");
            assertThat(home.podUid()).isEqualTo(uid);
            String digest = sha256("two");
            assertThat(served()).isNotEmpty().noneMatch(text -> text.contains(digest));
            nothingElseIsServed();
        } finally {
            target.stop(0);
        }
    }

    /** What whoever reaches Prometheus sees of its credentials. */
    private List<String> served() {
        List<String> texts = new ArrayList<>();
        try (PrometheusClient prometheus = home.prometheus()) {
            for (int number = 0; number < 8; number++) {
                prometheus
                        .userAsset("credential-0" + number)
                        .toOptional()
                        .flatMap(asset -> asset)
                        .ifPresent(bytes -> texts.add(new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return texts;
    }

    /** Whoever reaches Prometheus reaches the folder of arrivals, and must not get out of it. */
    private void nothingElseIsServed() throws IOException {
        String listing = answer("/user/");
        assertThat(Pattern.compile("href=\"([^\"]+)\"")
                        .matcher(listing)
                        .results()
                        .map(link -> link.group(1))
                        .toList())
                .as(listing)
                .contains("index")
                .anyMatch(name -> name.startsWith("credential-"))
                .allMatch(name -> name.matches("index|(part|credential)-\\d\\d"));
        for (String path : List.of(
                "/user/..",
                "/user/../",
                "/user/../prometheus.yml",
                "/user/%2e%2e/prometheus.yml",
                "/user/..%2fprometheus.yml",
                "/user/..%2f..data%2fprometheus.yml",
                "/user/..data/",
                "/user/..data/prometheus.yml",
                "/user//etc/passwd",
                "/user/%2fetc%2fpasswd")) {
            assertThat(answer(path)).as(path).doesNotContain("rule_files", "scrape_config_files", "root:", "jobs-");
        }
    }

    /** What Prometheus says to a path that no client would send so. */
    private String answer(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.0\r\n\r\n";
        try (Socket socket = new Socket(home.pod().getStatus().getPodIP(), 9090)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Where Secrets mayn't be listed, that is said; told so, the operator works with those that are named. */
    @Test
    void secretsAreReadByNameWhereTheyMaynTBeListed() throws Exception {
        CLUSTER.stopOperator();
        String name = "narthex-by-name";
        CLUSTER.apply(Files.readString(OperatorExtension.ROLE_FILE)
                .replace("name: " + OperatorExtension.ROLE, "name: " + name)
                .replace(
                        "resources: [secrets]\n    verbs: [get, list, watch, create, patch]",
                        "resources: [secrets]\n    verbs: [get, create, patch]"));
        try (KubernetesClient few =
                KubernetesClients.ofOperator(CLUSTER.testbed().withClusterRole(name))) {
            try (ClusterOperator watching = OperatorExtension.operator(few, OperatorExtension.SETTINGS)) {
                Thread start = Thread.ofVirtual().start(() -> {
                    try {
                        watching.start();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(
                                        watching.source().health().problems().get("Secret"))
                                .isEqualTo("the operator may not list and watch Secret here; its role must allow that,"
                                        + " or --namespaces must name where it does"));
                assertThat(watching.isStarted()).isFalse();
                start.interrupt();
            }
            home.secret("token", Map.of("t", "one"));
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            home.declare("Monitor", "self", """
                    source: {static: {targets: ['127.0.0.1:9090']}}
                    endpoints:
                    - {interval: 1s, auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}
                    """);
            try (ClusterOperator naming = OperatorExtension.operator(few, OperatorExtension.withoutWatchingSecrets())) {
                naming.start();
                home.awaitCondition("Monitor", "self", "Ready", "True AsDeclared");
                assertThat(home.published()).containsExactly("one");
                home.secret("token", Map.of("t", "two"));
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(home.published()).containsExactly("two"));
                // Prometheus would take a part that is missing for one that is empty.
                List<String> parts = parts();
                assertThat(parts).hasSize(1);
                CLUSTER.admin()
                        .secrets()
                        .inNamespace(home.name())
                        .withName(parts.getFirst())
                        .delete();
                await().atMost(LONG).untilAsserted(() -> assertThat(parts()).isEqualTo(parts));
            }
        }
    }

    private List<String> parts() {
        return CLUSTER.admin().secrets().inNamespace(home.name()).list().getItems().stream()
                .map(secret -> secret.getMetadata().getName())
                .filter(secret -> secret.contains("-part-"))
                .toList();
    }
}
