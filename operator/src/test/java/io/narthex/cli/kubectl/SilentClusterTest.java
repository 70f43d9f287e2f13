package io.narthex.cli.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No command waits for ever for a cluster that doesn't answer: each ends with what is wrong, and the code for it. */
class SilentClusterTest {

    @TempDir
    Path folder;

    private List<List<String>> commands(String server) throws IOException {
        String file = Files.writeString(folder.resolve("config"), """
                        apiVersion: v1
                        kind: Config
                        current-context: c
                        clusters: [{name: k, cluster: {server: '%s', insecure-skip-tls-verify: true}}]
                        users: [{name: u, user: {token: secret}}]
                        contexts: [{name: c, context: {cluster: k, user: u}}]
                        """.formatted(server))
                .toString();
        String monitor = Files.writeString(folder.resolve("web.yaml"), """
                        apiVersion: monitoring.narthex.io/v1alpha1
                        kind: Monitor
                        metadata: {name: web}
                        spec: {source: {static: {targets: ['127.0.0.1:1']}}, endpoints: [{interval: 5s}]}
                        """).toString();
        return List.of(
                List.of("kubectl", "status", "--kubeconfig", file),
                List.of("kubectl", "status", "-A", "-o", "json", "--kubeconfig", file),
                List.of("kubectl", "explain", "monitor/web", "--kubeconfig", file),
                List.of("kubectl", "lint", monitor, "--kubeconfig", file),
                List.of("kubectl", "diff", monitor, "--kubeconfig", file));
    }

    private static void eachEnds(List<List<String>> commands, String server) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Session.Result>> all = new ArrayList<>();
            for (List<String> command : commands) {
                all.add(threads.submit(() -> new Session().run(command.toArray(String[]::new))));
            }
            for (int i = 0; i < commands.size(); i++) {
                Session.Result result = all.get(i).get();
                assertThat(result.code())
                        .as("%s: %s", commands.get(i), result.err())
                        .isEqualTo(ExitCode.ENVIRONMENT.number());
                assertThat(result.err())
                        .startsWith("narthex: " + server)
                        .contains("= help: ")
                        .doesNotContain("Exception", "\tat ", "secret");
            }
        }
    }

    @Test
    @Timeout(180)
    void oneThatAcceptsAndSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String server = "https://127.0.0.1:" + silent.getLocalPort();
            eachEnds(commands(server), server);
        }
    }

    @Test
    @Timeout(180)
    void oneThatStopsInTheMiddleOfItsAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HttpServer stalled = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalled.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        stalled.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        stalled.start();
        try {
            String server = "http://127.0.0.1:" + stalled.getAddress().getPort();
            eachEnds(commands(server), server);
        } finally {
            end.countDown();
            stalled.stop(0);
        }
    }
}
