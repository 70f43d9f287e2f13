package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of the first server of a namespace no status says yet what it may see: lint goes by what the operator was started with, as
 * the operator does. An API server that answers what a test wants stands in here, since operators of several classes and users
 * with fewer rights are needed.
 */
class FirstServerLintTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/deployments";
    private static final String RESOURCES = "/apis/monitoring.narthex.io/v1alpha1/";

    @TempDir
    Path folder;

    private HttpServer api;
    /** By path, the items of a list; what isn't there may not be listed. */
    private final Map<String, String> lists = new TreeMap<>();

    @BeforeEach
    void begin() throws IOException {
        for (String kind : List.of("prometheusservers", "monitors", "rulesets")) {
            lists.put(RESOURCES + kind, "");
        }
        lists.put(
                "/api/v1/namespaces",
                "{\"metadata\": {\"name\": \"shop\"}}, {\"metadata\": {\"name\": \"monitoring\"}}");
        lists.put(DEPLOYMENTS, "");
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", this::answer);
        api.start();
        Files.writeString(
                folder.resolve("config"), """
                        apiVersion: v1
                        kind: Config
                        current-context: c
                        clusters: [{name: k, cluster: {server: 'http://127.0.0.1:%d'}}]
                        users: [{name: u, user: {token: t}}]
                        contexts: [{name: c, context: {cluster: k, user: u, namespace: monitoring}}]
                        """.formatted(api.getAddress().getPort()));
    }

    @AfterEach
    void end() {
        api.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        // What the chart calls the operator's Deployment by.
        boolean isAskedFor = !path.endsWith("/deployments")
                || String.valueOf(exchange.getRequestURI().getQuery())
                        .contains("labelSelector=app.kubernetes.io/component=operator");
        String items = isAskedFor ? lists.get(path) : "";
        byte[] body = (items == null
                        ? "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": 403, \"message\": \"no\"}"
                        : "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [%s]}"
                                .formatted(items))
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(items == null ? 403 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String operator(String... arguments) {
        List<String> all = new ArrayList<>(List.of("operator", "--discovery-role=narthex-discovery"));
        all.addAll(List.of(arguments));
        return """
                {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "narthex", "namespace": "monitoring"},
                 "spec": {"template": {"spec": {"containers": [{"name": "operator", "args": ["%s"]}]}}}}""".formatted(String.join("\", \"", all));
    }

    /** Lints a first server, and a Monitor of another namespace that only one which sees all may take. */
    private Session.Result lint(String spec) throws IOException {
        Path file = folder.resolve("first.yaml");
        Files.writeString(file, """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: first, namespace: monitoring}
                spec: {monitors: {namespaceSelector: {}}%s}
                ---
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: nodes, namespace: shop}
                spec: {source: {node: {}}, endpoints: [{port: 9100}]}
                """.formatted(spec));
        return new Session()
                .with("COLUMNS", "200")
                .run(
                        "kubectl",
                        "lint",
                        file.toString(),
                        "--kubeconfig",
                        folder.resolve("config").toString());
    }

    private static void isTrusted(Session.Result result) {
        assertThat(result.out()).as(result.err()).contains("2 resources: 0 errors, 0 warnings");
        assertThat(result.out()).doesNotContain("NX1202", "NX1515", "isn't known");
        assertThat(result.code()).isZero();
    }

    private static void isNot(Session.Result result) {
        assertThat(result.out()).as(result.err()).contains("NX1202", "may not see the namespace shop");
    }

    @Test
    void ofAPlatformNamespaceItSeesAll() throws IOException {
        lists.put(DEPLOYMENTS, operator("--platform-namespaces=tools,monitoring"));
        isTrusted(lint(""));

        lists.put(DEPLOYMENTS, operator("--platform-namespaces", "monitoring"));
        isTrusted(lint(""));
    }

    @Test
    void ofAnyOtherItDoesNot() throws IOException {
        lists.put(DEPLOYMENTS, operator("--platform-namespaces=tools"));
        Session.Result result = lint("");
        isNot(result);
        assertThat(result.out()).doesNotContain("isn't known");
    }

    @Test
    void theOperatorOfItsClassDecides() throws IOException {
        lists.put(
                DEPLOYMENTS,
                operator("--platform-namespaces=tools") + ","
                        + operator("--operator-class=a", "--platform-namespaces=monitoring"));
        isNot(lint(""));
        isTrusted(lint(", operatorClass: a"));
    }

    @Test
    void whereItsOperatorIsNotSeenThatIsSaid() throws IOException {
        lists.put(DEPLOYMENTS, "");
        Session.Result none = lint("");
        isNot(none);
        assertThat(none.out() + none.err()).contains("whether the server may see all namespaces isn't known");

        lists.remove(DEPLOYMENTS);
        Session.Result forbidden = lint("");
        isNot(forbidden);
        assertThat(forbidden.out() + forbidden.err()).contains("whether the server may see all namespaces isn't known");

        // The operator's own namespace is a platform namespace, unless set otherwise.
        lists.put("/apis/apps/v1/namespaces/monitoring/deployments", operator("--platform-namespaces=monitoring"));
        isTrusted(lint(""));
    }

    @Test
    void whatAStatusSaysOfItsNamespaceCountsMore() throws IOException {
        lists.put(DEPLOYMENTS, operator("--platform-namespaces=monitoring"));
        lists.put(RESOURCES + "prometheusservers", """
                {"apiVersion": "monitoring.narthex.io/v1alpha1", "kind": "PrometheusServer",
                 "metadata": {"name": "main", "namespace": "monitoring", "uid": "u", "generation": 1, "resourceVersion": "1"},
                 "spec": {"monitors": {"selector": {"matchLabels": {"a": "b"}}}},
                 "status": {"observedGeneration": 1, "seesAllNamespaces": false}}""");
        isNot(lint(""));
    }

    @Test
    void whatOnlyLooksLikeAnOperatorIsNone() throws IOException {
        lists.put(
                DEPLOYMENTS,
                operator("--platform-namespaces=monitoring").replace("--discovery-role=narthex-discovery", "--other"));
        isNot(lint(""));
    }
}
