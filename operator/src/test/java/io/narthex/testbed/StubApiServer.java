package io.narthex.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Answers as told in place of an API server, for refusals that the real one can't be made to give; notes what it was asked. */
public final class StubApiServer implements AutoCloseable {

    /**
     * A request.
     *
     * @param method its method
     * @param path its path
     * @param body its body
     * @param accept what it takes as an answer: its header Accept, empty where it has none
     */
    public record Request(String method, String path, String body, String accept) {

        /** Whether it takes nothing but an object's metadata. */
        public boolean isForMetadata() {
            return StubApiServer.isForMetadata(accept, "PartialObjectMetadata");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /**
     * An answer.
     *
     * @param status its status
     * @param body its body, JSON
     */
    public record Answer(int status, String body) {

        /** The API server's refusal. */
        public static Answer refusal(int status, String details) {
            return new Answer(
                    status,
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"message\":\"told to\",\"code\":"
                            + status + ",\"details\":" + details + "}");
        }
    }

    private final HttpServer server;
    private final KubernetesClient client;
    private final List<Request> asked = new CopyOnWriteArrayList<>();
    private volatile Function<Request, Answer> answers;

    /** Begins to answer, one request after the other. */
    public StubApiServer(Function<Request, Answer> answers) throws IOException {
        this(answers, Runnable::run);
    }

    /** Begins to answer, each request in a thread of the executor's. */
    public StubApiServer(Function<Request, Answer> answers, Executor executor) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    /** Answers otherwise from now on. */
    public void answer(Function<Request, Answer> next) {
        answers = next;
    }

    /** Returns a client of it. */
    public KubernetesClient client() {
        return client;
    }

    /** Returns what it was asked so far. */
    public List<Request> asked() {
        return List.copyOf(asked);
    }

    /** Forgets what it was asked so far. */
    public void forget() {
        asked.clear();
    }

    /** Returns what a request takes as an answer; empty where it doesn't say. */
    public static String accept(HttpExchange exchange) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Accept"), "");
    }

    /**
     * Whether a header Accept is for metadata and nothing else, as an API server reads it (Kubernetes API Concepts, "Metadata-only
     * fetches").
     *
     * @param accept the header
     * @param kind the kind that an API server wants named: PartialObjectMetadata for an object and for the events of a watch,
     *     PartialObjectMetadataList for a list; it answers 406 to the other
     */
    public static boolean isForMetadata(String accept, String kind) {
        List<String> parts = List.of(accept.split(";", -1));
        return parts.getFirst().equals("application/json")
                && Set.copyOf(parts.subList(1, parts.size())).equals(Set.of("as=" + kind, "v=v1", "g=meta.k8s.io"));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    accept(exchange));
            asked.add(request);
            Answer answer = answers.apply(request);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
