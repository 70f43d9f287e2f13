package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Answers as a manager of a Swarm whose objects are those that a test puts there, for states that a real one can't be
 * brought to: a task whose container isn't known yet, a service that goes between a write and the next look, a stream of
 * events whose other end is gone without a word. It starts nothing. What a client changes is told as an event.
 */
public final class StandInDocker implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    private final Queue<String> written = new ConcurrentLinkedQueue<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private volatile Predicate<String> broken = path -> false;
    private volatile Runnable beforeEvents = () -> {};
    private volatile Consumer<String> afterWrite = request -> {};

    // Guarded by this.
    private final Map<Kinds, List<ObjectNode>> objects = new EnumMap<>(Kinds.class);
    private ArrayNode containers = JSON.createArrayNode();
    private long version;

    private static final class Stream {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        volatile boolean mute;
    }

    /** Begins with no objects. */
    public StandInDocker() throws IOException {
        for (Kinds kind : Kinds.values()) {
            objects.put(kind, new ArrayList<>());
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Returns how a client comes to it. */
    public DockerHost host() {
        return DockerHost.parse("tcp://127.0.0.1:" + server.getAddress().getPort(), Optional.empty());
    }

    // What a test does.

    /** Adds objects, or replaces those of the same ID, without an event; single quotes stand for double ones. */
    public synchronized void put(Kinds kind, String... texts) throws IOException {
        for (JsonNode object : DockerJson.objects(texts)) {
            remove(kind, SwarmSnapshot.id(object));
            ObjectNode added = ((ObjectNode) object).deepCopy();
            added.putObject("Version").put("Index", ++version);
            objects.get(kind).add(added);
        }
    }

    /** Removes an object, by its ID or name, without an event. */
    public synchronized void remove(Kinds kind, String id) {
        objects.get(kind).removeIf(object -> isNamed(object, id));
    }

    /** Says which containers the machine has. */
    public synchronized void containers(String... texts) throws IOException {
        ArrayNode all = JSON.createArrayNode();
        DockerJson.objects(texts).forEach(all::add);
        containers = all;
    }

    /** Returns the objects of a kind. */
    public synchronized List<JsonNode> all(Kinds kind) {
        return objects.get(kind).stream().<JsonNode>map(ObjectNode::deepCopy).toList();
    }

    /** Returns the object of this name; empty where there is none. */
    public synchronized Optional<JsonNode> named(Kinds kind, String name) {
        return objects.get(kind).stream()
                .filter(object -> isNamed(object, name))
                .<JsonNode>map(ObjectNode::deepCopy)
                .findFirst();
    }

    /** Returns what was asked to be changed, such as {@code POST /configs/create}, in that order. */
    public List<String> written() {
        return List.copyOf(written);
    }

    /** Sends an event to all who listen. */
    public void tell(String type, String action) {
        String line = JsonNodeFactory.instance
                .objectNode()
                .put("Type", type)
                .put("Action", action)
                .toString();
        streams.forEach(stream -> stream.lines.add(line));
    }

    /** Returns to how many events are sent that are heard. */
    public long listeners() {
        return streams.stream().filter(stream -> !stream.mute).count();
    }

    /** Sends nothing more on the streams of events that are open now, and doesn't end them either. */
    public void muteEvents() {
        streams.forEach(stream -> stream.mute = true);
    }

    /** Ends the streams of events that are open now. */
    public void endEvents() {
        streams.forEach(stream -> stream.lines.add(END));
    }

    /** Has something run each time before a stream of events is opened. */
    public void beforeEvents(Runnable action) {
        beforeEvents = action;
    }

    /** Returns the paths that were asked for without changing anything. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /**
     * Has something run after each change that was asked for, before that is answered; it is given what {@link #written}
     * says of it.
     */
    public void afterWrite(Consumer<String> action) {
        afterWrite = action;
    }

    /** Breaks off the requests for these paths, such as {@code /services}. */
    public void breakOff(Predicate<String> paths) {
        broken = paths;
    }

    // What a client asks.

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.[0-9]+/", "/");
            if (broken.test(path)) {
                return;
            }
            if (path.equals("/events")) {
                events(exchange);
                return;
            }
            String method = exchange.getRequestMethod();
            boolean writes = !method.equals("GET");
            String request = method + " " + path;
            if (writes) {
                written.add(request);
            } else {
                asked.add(path);
            }
            Answer answer = answer(method, path, exchange.getRequestURI().getQuery(), body);
            if (writes) {
                afterWrite.accept(request);
                tell(path.substring(1).replaceFirst("s/.*", ""), "update");
            }
            byte[] content = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Answer(int status, String body) {
        static Answer ok(JsonNode body) {
            return new Answer(200, body.toString());
        }

        static Answer refused(int status, String message) {
            return new Answer(
                    status,
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("message", message)
                            .toString());
        }
    }

    private synchronized Answer answer(String method, String path, String query, byte[] body) throws IOException {
        String[] parts = path.substring(1).split("/", 3);
        switch (parts[0]) {
            case "version" -> {
                return new Answer(200, "{\"ApiVersion\": \"1.47\", \"MinAPIVersion\": \"1.24\"}");
            }
            case "info" -> {
                return new Answer(200, "{\"Name\": \"machine\"}");
            }
            case "containers" -> {
                return Answer.ok(containers);
            }
            default -> {
                // A kind of objects.
            }
        }
        Optional<Kinds> kind = List.of(Kinds.values()).stream()
                .filter(one -> one.path().equals(parts[0]))
                .findFirst();
        if (kind.isEmpty()) {
            return Answer.refused(404, "page not found");
        }
        if (parts.length == 1) {
            ArrayNode all = JSON.createArrayNode();
            objects.get(kind.get()).forEach(all::add);
            return Answer.ok(all);
        }
        return parts[1].equals("create")
                ? create(kind.get(), (ObjectNode) JSON.readTree(body))
                : one(method, kind.get(), parts, query, body);
    }

    private Answer create(Kinds kind, ObjectNode spec) {
        if (named(kind, spec.path("Name").asText()).isPresent()) {
            return Answer.refused(409, "rpc error: code = AlreadyExists desc = name conflicts with an existing object");
        }
        if (kind == Kinds.SERVICES && !hasConfigs(spec)) {
            return Answer.refused(400, "rpc error: code = InvalidArgument desc = config not found");
        }
        version++;
        ObjectNode object = JSON.createObjectNode().put("ID", "made" + version);
        object.putObject("Version").put("Index", version);
        object.set("Spec", spec);
        objects.get(kind).add(object);
        return new Answer(201, "{\"ID\": \"made" + version + "\"}");
    }

    private boolean hasConfigs(JsonNode service) {
        for (JsonNode config : service.at("/TaskTemplate/ContainerSpec/Configs")) {
            if (named(Kinds.CONFIGS, config.path("ConfigID").asText()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private Answer one(String method, Kinds kind, String[] parts, String query, byte[] body) throws IOException {
        String id = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
        Optional<ObjectNode> found =
                objects.get(kind).stream().filter(object -> isNamed(object, id)).findFirst();
        if (found.isEmpty()) {
            return Answer.refused(404, kind.path() + " " + id + " not found");
        }
        if (method.equals("DELETE")) {
            remove(kind, id);
            return new Answer(204, "");
        }
        if (method.equals("GET")) {
            return parts.length > 2 ? new Answer(200, "") : Answer.ok(found.get());
        }
        if (!query.equals("version=" + found.get().at("/Version/Index").asLong())) {
            return Answer.refused(500, "rpc error: code = Unknown desc = update out of sequence");
        }
        found.get().putObject("Version").put("Index", ++version);
        found.get().set("Spec", JSON.readTree(body));
        return new Answer(200, "");
    }

    private static boolean isNamed(JsonNode object, String id) {
        return SwarmSnapshot.id(object).equals(id) || SwarmSnapshot.name(object).equals(id);
    }

    private void events(HttpExchange exchange) throws IOException, InterruptedException {
        beforeEvents.run();
        Stream stream = new Stream();
        streams.add(stream);
        try {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.flush();
            for (String line = stream.lines.take(); !line.equals(END); line = stream.lines.take()) {
                if (!stream.mute) {
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    out.flush();
                }
            }
        } finally {
            streams.remove(stream);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
