package io.narthex.web;

import com.sun.net.httpserver.HttpExchange;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /livez} (the process answers), {@code /readyz} (it works with all that exists, or waits for its turn) and
 * {@code /metrics}, over plain HTTP and to everybody who reaches the port: nothing of it is secret.
 *
 * <p>Metrics: {@code narthex_build_info}, {@code narthex_leader}, {@code narthex_ready}, {@code narthex_resources} by
 * kind, {@code narthex_resources_ready} by kind, status and reason, {@code narthex_server_ready} by server, {@code
 * narthex_watch_failing} by kind, and those of the Java client library for the JVM and the process.
 */
public final class OperatorEndpoint implements AutoCloseable {

    private final HTTPServer server;
    private final List<Page> pages;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Begins to serve.
     *
     * @param address where; port 0 for a free one
     * @param health tells how the operator is, at each request and from any thread
     * @param version the operator's version
     * @param pages what else it serves; the first that knows a path answers. Closed with it
     * @throws IOException when it can't listen there
     */
    public OperatorEndpoint(
            InetSocketAddress address, Supplier<OperatorHealth> health, String version, List<Page> pages)
            throws IOException {
        this.pages = List.copyOf(pages);
        PrometheusRegistry registry = new PrometheusRegistry();
        register(registry, health, version);
        JvmMetrics.builder().register(registry);
        this.server = HTTPServer.builder()
                .inetAddress(address.getAddress())
                .port(address.getPort())
                .registry(registry)
                .executorService(executor)
                .defaultHandler(exchange -> answer(exchange, health, this.pages))
                .buildAndStart();
    }

    private static void register(PrometheusRegistry registry, Supplier<OperatorHealth> health, String version) {
        Info.builder()
                .name("narthex_build_info")
                .help("Which Narthex this is.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
        GaugeWithCallback.builder()
                .name("narthex_leader")
                .help("1 for the replica that works, 0 for those that wait.")
                .callback(callback -> callback.call(health.get().role() == OperatorHealth.Role.LEADING ? 1 : 0))
                .register(registry);
        GaugeWithCallback.builder()
                .name("narthex_ready")
                .help("1 where all that existed at the start has been seen, or where the replica waits.")
                .callback(callback -> callback.call(health.get().ready() ? 1 : 0))
                .register(registry);
        GaugeWithCallback.builder()
                .name("narthex_resources")
                .help("How many resources have been read.")
                .labelNames("kind")
                .callback(callback -> health.get().resources().forEach((kind, count) -> callback.call(count, kind)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("narthex_resources_ready")
                .help("Of how many resources the condition Ready has this status, for this reason.")
                .labelNames("kind", "status", "reason")
                .callback(callback -> health.get()
                        .conditions()
                        .forEach((ready, count) -> callback.call(count, ready.kind(), ready.status(), ready.reason())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("narthex_server_ready")
                .help("1 where the PrometheusServer is ready, 0 where it isn't or that isn't known.")
                .labelNames("server")
                .callback(callback ->
                        health.get().servers().forEach((server, ready) -> callback.call(ready ? 1 : 0, server)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("narthex_watch_failing")
                .help("1 for each kind whose watch fails now; the log has the reason.")
                .labelNames("kind")
                .callback(callback -> health.get().failingWatches().keySet().forEach(kind -> callback.call(1, kind)))
                .register(registry);
    }

    private static void answer(HttpExchange exchange, Supplier<OperatorHealth> health, List<Page> pages)
            throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> send(exchange, 200, "ok\n");
                case "/readyz" -> ready(exchange, health.get());
                default -> page(exchange, pages);
            }
        }
    }

    private static void page(HttpExchange exchange, List<Page> pages) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            for (Page page : pages) {
                Optional<Page.Response> response = page.get(new Page.Request(
                        exchange.getRequestURI().getPath(),
                        exchange.getRemoteAddress().toString(),
                        name -> Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))));
                if (response.isPresent()) {
                    send(
                            exchange,
                            response.get().status(),
                            response.get().contentType(),
                            response.get().content());
                    return;
                }
            }
        }
        send(exchange, 404, "not found; there are /livez, /readyz and /metrics\n");
    }

    private static void ready(HttpExchange exchange, OperatorHealth health) throws IOException {
        StringBuilder text = new StringBuilder(
                switch (health.role()) {
                    case STARTING -> "asking who leads\n";
                    case LEADING -> health.started() ? "ok\n" : "reading what the cluster declares\n";
                    case WAITING -> "ok, waiting for the lease\n";
                });
        new TreeMap<>(health.failingWatches())
                .forEach((kind, problem) -> text.append(kind)
                        .append(" can't be watched: ")
                        .append(problem)
                        .append('\n'));
        send(exchange, health.ready() ? 200 : 503, text.toString());
    }

    private static void send(HttpExchange exchange, int code, String text) throws IOException {
        send(exchange, code, "text/plain; charset=utf-8", text);
    }

    private static void send(HttpExchange exchange, int code, String contentType, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        pages.forEach(Page::close);
        server.stop();
        executor.close();
    }
}
