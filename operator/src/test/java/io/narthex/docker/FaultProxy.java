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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Stands before a real daemon and spoils what it says, as told: it hangs, breaks connections off, answers with an error
 * of its own, or passes for a daemon of another release. Events of containers it always drops, as a manager drops those of
 * other machines.
 */
public final class FaultProxy implements AutoCloseable {

    /** What becomes of a request. */
    public sealed interface Fault {

        /** It is passed on. */
        record None() implements Fault {}

        /** The connection is broken off. */
        record Broken() implements Fault {}

        /**
         * It is answered here, as Docker answers.
         *
         * @param status the HTTP status
         * @param message what the answer says
         */
        record Answered(int status, String message) implements Fault {}
    }

    /** Passes the request on. */
    public static final Fault NONE = new Fault.None();

    /**
     * A request.
     *
     * @param method its method
     * @param path its path behind the version of the API, such as {@code /services}
     */
    public record Request(String method, String path) {}

    private final DockerTransport docker;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<HttpExchange> streams = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch hung = new CountDownLatch(0);
    private volatile Optional<Release> release = Optional.empty();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile Function<Request, Fault> fault = request -> NONE;

    private record Release(String newest, String oldest) {}

    /** Makes one before this daemon. */
    public FaultProxy(DockerHost host) throws IOException {
        docker = new DockerTransport(host, Duration.ofSeconds(10));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Returns how a client comes to it. */
    public DockerHost host() {
        return DockerHost.parse("tcp://127.0.0.1:" + server.getAddress().getPort(), Optional.empty());
    }

    /** Accepts connections, and answers nothing any more. */
    public void hang() {
        hung = new CountDownLatch(1);
    }

    /** Answers again, also what came meanwhile. */
    public void goOn() {
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
        send(exchange, 200, body);
    }

    /** Says what becomes of requests from now on; may do something to the daemon before it answers. */
    public void answer(Function<Request, Fault> next) {
        fault = next;
    }

    /** Breaks off the events that are being listened to. */
    public void cutEvents() {
        streams.forEach(HttpExchange::close);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            hung.await();
            String path = exchange.getRequestURI().toString();
            asked.add(path);
            Optional<Release> as = release;
            if (as.isPresent() && path.equals("/version")) {
                version(exchange, as.get());
                return;
            }
            String target = as.isPresent() ? path.replaceFirst("^/v1\\.[0-9]+/", "/v1.41/") : path;
            Fault next = fault.apply(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().replaceFirst("^/v1\\.[0-9]+", "")));
            switch (next) {
                case Fault.Broken() -> {
                    // Closed without an answer.
                }
                case Fault.Answered(int status, String message) ->
                    send(exchange, status, ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
                case Fault.None() when target.contains("/events") -> events(exchange, target);
                case Fault.None() -> {
                    DockerTransport.Reply reply = docker.send(
                            exchange.getRequestMethod(),
                            target,
                            body.length == 0 ? Optional.empty() : Optional.of(body),
                            Map.of());
                    send(exchange, reply.status(), reply.body());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private void events(HttpExchange exchange, String target) throws IOException, InterruptedException {
        streams.add(exchange);
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
        } finally {
            streams.remove(exchange);
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
