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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a real daemon and spoils what it says: it drops the events of containers, which a manager doesn't send
 * for other machines either, and hangs when told to.
 */
final class FaultProxy implements AutoCloseable {

    private final DockerTransport docker;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile CountDownLatch hung = new CountDownLatch(0);

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

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            hung.await();
            String target = exchange.getRequestURI().toString();
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
