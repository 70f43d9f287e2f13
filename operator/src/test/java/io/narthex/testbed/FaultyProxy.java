package io.narthex.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Stands before an API server and fails as told, which the real one can't be made to do: it passes requests on as the
 * cluster's administrator, answers a status of its own, or breaks connections off.
 */
public final class FaultyProxy implements AutoCloseable {

    /** Passes the request on. */
    public static final int PASS = 0;

    /** Breaks the connection off. */
    public static final int BREAK = -1;

    /**
     * A request.
     *
     * @param method its method
     * @param path its path
     * @param query its query; empty for none
     */
    public record Request(String method, String path, String query) {}

    private final KubernetesClient behind;
    private final HttpServer server;
    private final Set<HttpExchange> open = ConcurrentHashMap.newKeySet();
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private volatile Function<Request, Integer> fault = request -> PASS;

    /** Makes one before the API server of this client; not closed here. */
    public FaultyProxy(KubernetesClient behind) throws IOException {
        this.behind = behind;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** Returns how a client comes to it. */
    public Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .withOnlyHttpWatches(true)
                .build();
    }

    /**
     * Says what becomes of requests from now on: {@link #PASS}, {@link #BREAK} or the status to answer. Watches that are
     * open are broken off.
     */
    public void answer(Function<Request, Integer> next) {
        fault = next;
        open.forEach(HttpExchange::close);
    }

    /**
     * Tells each watch that is open that the version from which it goes on is too old, as the API server does where it has
     * forgotten what came after it; from then on nothing comes by it.
     */
    public void expireWatches() throws IOException {
        for (Watch watch : watches) {
            watch.expire();
        }
    }

    /** The answer to a watch. */
    private static final class Watch {
        private final OutputStream out;
        private boolean expired;

        Watch(OutputStream out) {
            this.out = out;
        }

        synchronized void write(byte[] buffer, int length) throws IOException {
            if (!expired) {
                out.write(buffer, 0, length);
                out.flush();
            }
        }

        synchronized void expire() throws IOException {
            byte[] event = """
                    {"type": "ERROR", "object": {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",\
                     "message": "too old resource version", "reason": "Expired", "code": 410}}
                    """.getBytes(StandardCharsets.UTF_8);
            write(event, event.length);
            expired = true;
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        int status = fault.apply(new Request(
                exchange.getRequestMethod(), exchange.getRequestURI().getPath(), query == null ? "" : query));
        try (exchange) {
            if (status == BREAK) {
                return;
            }
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (status != PASS) {
                byte[] text =
                        ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"told to\","
                                        + "\"code\":" + status + "}")
                                .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(status, text.length);
                exchange.getResponseBody().write(text);
                return;
            }
            pass(exchange, body, query);
        }
    }

    private void pass(HttpExchange exchange, byte[] body, String query) throws IOException {
        String uri = behind.getMasterUrl().toString().replaceAll("/+$", "")
                + exchange.getRequestURI().getRawPath()
                + (query == null ? "" : "?" + query);
        HttpRequest.Builder request =
                behind.getHttpClient().newHttpRequestBuilder().uri(uri);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (accept != null) {
            request.header("Accept", accept);
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            request.method(
                    exchange.getRequestMethod(),
                    type == null ? "application/json" : type,
                    new String(body, StandardCharsets.UTF_8));
        }
        if (query != null && query.contains("watch=")) {
            request.forStreaming();
        }
        try {
            HttpResponse<InputStream> response = behind.getHttpClient()
                    .sendAsync(request.build(), InputStream.class)
                    .get();
            try (InputStream in = response.body()) {
                open.add(exchange);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(response.code(), 0);
                Watch answer = new Watch(exchange.getResponseBody());
                if (query != null && query.contains("watch=")) {
                    watches.add(answer);
                }
                byte[] buffer = new byte[16 * 1024];
                try {
                    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                        answer.write(buffer, read);
                    }
                } finally {
                    watches.remove(answer);
                }
            } finally {
                open.remove(exchange);
            }
        } catch (ExecutionException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        answer(request -> BREAK);
        server.stop(0);
    }
}
