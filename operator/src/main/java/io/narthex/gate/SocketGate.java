package io.narthex.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerTransport;
import io.narthex.docker.Kinds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves Docker's API over plain HTTP, as far as {@link GatePolicy}, or without a Swarm {@link ContainerPolicy}, permits.
 * It has the Docker socket so that nobody else needs it; it belongs on a network that only the operator is on.
 */
public final class SocketGate implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SocketGate.class);

    /** A config holds at most a megabyte, in base64. */
    private static final int MOST_BYTES = 2 << 20;

    private static final int MOST_AUTH = 16 << 10;

    private final DockerTransport docker;
    private final Policy policy;
    private final Veil veil;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Says which requests may pass. */
    private interface Policy {
        Request judge(Request request) throws Refused, InterruptedException;
    }

    /**
     * Begins to serve what takes to operate a Swarm.
     *
     * @param address where; port 0 for a free one
     * @param owner whose objects may be made, changed and deleted: the name of an instance
     * @param docker where permitted requests go; not closed here
     * @throws IOException when it can't listen there
     */
    public SocketGate(InetSocketAddress address, String owner, DockerTransport docker) throws IOException {
        this(address, owner, docker, policy(owner, docker));
    }

    /**
     * Begins to serve what takes to see the containers of one daemon, without a Swarm: nothing can be made by it.
     *
     * @param address where; port 0 for a free one
     * @param docker where permitted requests go; not closed here
     * @throws IOException when it can't listen there
     */
    public static SocketGate ofContainers(InetSocketAddress address, DockerTransport docker) throws IOException {
        return new SocketGate(address, "", docker, new ContainerPolicy()::judge);
    }

    private SocketGate(InetSocketAddress address, String owner, DockerTransport docker, Policy policy)
            throws IOException {
        this.docker = docker;
        this.policy = policy;
        this.veil = new Veil(owner);
        this.server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private static Policy policy(String owner, DockerTransport docker) {
        DockerClient client = new DockerClient(docker);
        return new GatePolicy(owner, new World() {
            @Override
            public Optional<JsonNode> find(Kinds kind, String id) throws InterruptedException {
                return client.find(kind, id);
            }

            @Override
            public List<JsonNode> services() throws InterruptedException {
                return client.list(Kinds.SERVICES, Map.of());
            }
        })::judge;
    }

    /** Returns the port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            answer(exchange);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] content = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
        String auth = exchange.getRequestHeaders().getFirst("X-Registry-Auth");
        if (content.length > MOST_BYTES || (auth != null && auth.length() > MOST_AUTH)) {
            refuse(exchange, 413, "the request is too long");
            return;
        }
        Request request = new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()),
                content.length == 0 ? Optional.empty() : Optional.of(content));
        try {
            Request passed = policy.judge(request);
            if (passed.isEvents()) {
                stream(exchange, passed);
            } else {
                boolean login = auth != null && GatePolicy.takesLogin(passed);
                forward(exchange, passed, login ? Map.of("X-Registry-Auth", auth) : Map.of());
            }
        } catch (Refused e) {
            if (e.status() == 404) {
                refuse(exchange, 404, e.words());
            } else {
                LOG.warn("Refused: {}", e.words());
                refuse(exchange, e.status(), "the socket gate refuses: " + e.words());
            }
        } catch (DockerException e) {
            LOG.warn("{}", e.words());
            refuse(exchange, 502, e.words());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forward(HttpExchange exchange, Request request, Map<String, String> headers)
            throws IOException, InterruptedException {
        DockerTransport.Reply reply = docker.send(request.method(), request.target(), request.body(), headers);
        byte[] body = reply.status() < 300 && request.method().equals("GET")
                ? veil.over(request, reply.body())
                : reply.body();
        if (!reply.contentType().isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
        }
        if (body.length == 0) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    private void stream(HttpExchange exchange, Request request) throws IOException, InterruptedException {
        try (DockerTransport.Stream stream = docker.open(request.target())) {
            exchange.getResponseHeaders().set("Content-Type", stream.contentType());
            exchange.sendResponseHeaders(stream.status(), 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            if (stream.status() >= 300) {
                out.write(stream.body().readNBytes(MOST_BYTES));
                return;
            }
            for (String event = line(stream.body()); !event.isEmpty(); event = line(stream.body())) {
                if (!event.isBlank()) {
                    out.write(veil.overEvent(event));
                    out.write('\n');
                    out.flush();
                }
            }
        }
    }

    /** Returns the next line with what ends it; empty at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            line.write(next);
            if (next == '\n') {
                break;
            }
            if (line.size() > MOST_BYTES) {
                throw new IOException("an event of Docker is too long");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private void refuse(HttpExchange exchange, int status, String message) throws IOException {
        byte[] body = json.writeValueAsBytes(Map.of("message", message));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
