package io.narthex.docker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a real daemon and spoils what it says: it drops the events of containers, which a manager doesn't send
 * for other machines either, hangs when told to, and passes for a daemon of another release.
 */
final class FaultProxy implements AutoCloseable {

    private final DockerTransport docker;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile CountDownLatch hung = new CountDownLatch(0);
    private volatile Optional<Release> release = Optional.empty();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    private record Release(String newest, String oldest) {}

    FaultProxy(DockerHost host) throws IOException {
        docker = new DockerTransport(host, Duration.ofSeconds(10));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    DockerHost host() {
        return DockerHost.parse("tcp://127.0.0.1:" + server.getAddress().getPort(), Optional.empty());
    }

    void hang() {
        hung = new CountDownLatch(1);
    }

    void goOn() {
        hung.countDown();
    }

    /** Has the daemon say that it is of another release, and take what that would. */
    void speak(String newest, String oldest) {
        release = Optional.of(new Release(newest, oldest));
    }

    /** Lets the daemon say what it is. */
    void speakAsItIs() {
        release = Optional.empty();
    }

    /** Returns the paths that were asked for. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void version(HttpExchange exchange, Release as) throws IOException {
        byte[] body = "{\"ApiVersion\": \"%s\", \"MinAPIVersion\": \"%s\"}"
                .formatted(as.newest(), as.oldest())
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            hung.await();
            String target = exchange.getRequestURI().toString();
            asked.add(target);
            Optional<Release> as = release;
            if (as.isPresent() && target.equals("/version")) {
                version(exchange, as.get());
                return;
            }
            if (as.isPresent()) {
                target = target.replaceFirst("^/v1\\.[0-9]+/", "/v1.41/");
            }
            if (target.contains("/events")) {
                events(exchange, target);
                return;
            }
            DockerTransport.Reply reply = docker.send(exchange.getRequestMethod(), target, Optional.empty(), Map.of());
            exchange.sendResponseHeaders(reply.status(), reply.body().length);
            exchange.getResponseBody().write(reply.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void events(HttpExchange exchange, String target) throws IOException, InterruptedException {
        try (DockerTransport.Stream stream = docker.open(target);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                hung.await();
                if (!line.contains("\"Type\":\"container\"")) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        goOn();
        server.stop(0);
        threads.shutdownNow();
        docker.close();
    }
}
