package io.narthex.docker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerException.Kind;
import io.narthex.docker.DockerTransport.Reply;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Asks a Swarm manager (Docker Engine API, 1.41 of Docker 20.10 and later). Objects are JSON trees as Docker writes them,
 * so that changing one loses no field that this release of Narthex doesn't know.
 *
 * <p>Any number of threads may ask at once. Every method throws {@link DockerException} where Docker doesn't do what it is
 * asked for.
 */
public final class DockerClient implements Closeable {

    /** The oldest version of the API that has all that is used. */
    static final ApiVersion OLDEST = new ApiVersion(1, 41);
    /** The newest version of the API that was looked at; a newer daemon is spoken to in this one. */
    static final ApiVersion NEWEST = new ApiVersion(1, 51);

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int CONFLICTS = 5;
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9]+:[0-9a-f]{32,128}");
    /** What the daemon says where the version of an update isn't the newest (source: swarmkit, manager/state/store). */
    private static final String OUT_OF_SEQUENCE = "update out of sequence";

    private final DockerTransport transport;
    private final ObjectMapper json = new ObjectMapper();
    private volatile Optional<ApiVersion> version = Optional.empty();

    /** All objects of a kind, as they were told last: thousands of tasks that didn't change aren't parsed again. */
    private final Map<Kinds, Listed> listed = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // Compared by content where it is used, and nobody else's.
    private record Listed(byte[] body, List<JsonNode> objects) {}

    record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
        static Optional<ApiVersion> parse(String text) {
            String[] parts = text.split("\\.", -1);
            try {
                return parts.length == 2
                        ? Optional.of(new ApiVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        @Override
        public int compareTo(ApiVersion other) {
            return major != other.major ? Integer.compare(major, other.major) : Integer.compare(minor, other.minor);
        }

        @Override
        public String toString() {
            return major + "." + minor;
        }
    }

    /** Makes a client of the daemon there; nothing is sent yet. */
    public DockerClient(DockerHost host) {
        this(new DockerTransport(host, LIMIT));
    }

    /** Makes a client that sends by {@code transport}, which it closes at last. */
    public DockerClient(DockerTransport transport) {
        this.transport = transport;
    }

    /** Returns where the daemon is. */
    public DockerHost host() {
        return transport.host();
    }

    /** Returns what the daemon says of itself; answered by a daemon that is in no Swarm, too. */
    public JsonNode info() throws InterruptedException {
        return get("/info", Map.of());
    }

    /**
     * Returns all objects of a kind; tasks as far as {@link Excerpt#OF_TASKS}.
     *
     * @param kind the kind
     * @param filters which of them: values by filter, such as {@code label}; empty for all
     */
    public List<JsonNode> list(Kinds kind, Map<String, List<String>> filters) throws InterruptedException {
        String path = "/" + kind.path();
        Reply reply = send(
                "GET",
                path,
                filters.isEmpty() ? Map.of() : Map.of("filters", written(filters)),
                Optional.empty(),
                Optional.empty());
        if (!filters.isEmpty()) {
            return parsed(reply, kind, Map.of());
        }
        Listed before = listed.get(kind);
        if (before != null && Arrays.equals(before.body(), reply.body())) {
            return before.objects();
        }
        Map<String, JsonNode> known = new HashMap<>();
        if (before != null) {
            before.objects().forEach(object -> known.put(SwarmSnapshot.id(object), object));
        }
        List<JsonNode> objects = parsed(reply, kind, known);
        listed.put(kind, new Listed(reply.body(), objects));
        return objects;
    }

    /**
     * Returns the containers of the daemon's own machine in every state, each with its labels, networks and ports; those
     * of a Swarm's tasks too.
     */
    public List<JsonNode> containers() throws InterruptedException {
        List<JsonNode> containers = new ArrayList<>();
        get("/containers/json", Map.of("all", "1")).forEach(containers::add);
        return containers;
    }

    /**
     * Returns the digest that an image's tag means in its registry, which the daemon asks.
     *
     * @param registryAuth see {@link #create}
     */
    public String digest(ImageName image, Optional<String> registryAuth) throws InterruptedException {
        String path = "/distribution/" + image.withoutDigest() + "/json";
        String digest = exchange("GET", path, Map.of(), Optional.empty(), registryAuth)
                .at("/Descriptor/digest")
                .asText();
        if (!DIGEST.matcher(digest).matches()) {
            throw new DockerException(Kind.UNINTELLIGIBLE, "the registry tells no digest of " + image.text());
        }
        return digest;
    }

    /** Reads one object after the other, and takes those that are known and the same in place of new ones. */
    private List<JsonNode> parsed(Reply reply, Kinds kind, Map<String, JsonNode> known) {
        String path = "/" + kind.path();
        List<JsonNode> objects = new ArrayList<>();
        try (JsonParser parser = json.createParser(reply.body())) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw notDocker(path, "no list");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonNode object = kind == Kinds.TASKS ? Excerpt.OF_TASKS.read(parser, json) : json.readTree(parser);
                JsonNode same = known.get(SwarmSnapshot.id(object));
                objects.add(object.equals(same) ? same : object);
            }
        } catch (IOException e) {
            throw notDocker(path, String.valueOf(e.getMessage()));
        }
        return List.copyOf(objects);
    }

    private DockerException notDocker(String path, String why) {
        return new DockerException(
                Kind.UNINTELLIGIBLE, "what answers at " + host() + path + " isn't Docker: " + first(why));
    }

    /** Returns whether the daemon's own machine has a volume of this name. */
    public boolean hasVolume(String name) throws InterruptedException {
        try {
            get("/volumes/" + encoded(name), Map.of());
            return true;
        } catch (DockerException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Returns one object, by its ID or name. */
    public JsonNode inspect(Kinds kind, String id) throws InterruptedException {
        return get("/" + kind.path() + "/" + encoded(id), Map.of());
    }

    /** Returns one object, by its ID or name; empty where there is none. */
    public Optional<JsonNode> find(Kinds kind, String id) throws InterruptedException {
        try {
            return Optional.of(inspect(kind, id));
        } catch (DockerException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes an object.
     *
     * @param registryAuth what a registry asks for, as Docker's header {@code X-Registry-Auth} has it; empty for none
     * @return its ID
     */
    public String create(Kinds kind, ObjectNode spec, Optional<String> registryAuth) throws InterruptedException {
        JsonNode answer = post("/" + kind.path() + "/create", Map.of(), spec, registryAuth);
        String id = answer.path("ID").asText(answer.path("Id").asText());
        if (id.isEmpty()) {
            throw new DockerException(Kind.UNINTELLIGIBLE, "Docker made something without saying its ID");
        }
        return id;
    }

    /**
     * Changes an object's specification: reads it, changes it, writes it; again where somebody else wrote meanwhile.
     *
     * @param change changes the specification in place, and returns it; returns the same content for nothing to do
     * @param registryAuth see {@link #create}
     * @return whether something was written
     */
    public boolean update(Kinds kind, String id, UnaryOperator<ObjectNode> change, Optional<String> registryAuth)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            JsonNode object = inspect(kind, id);
            ObjectNode before = (ObjectNode) object.required("Spec");
            ObjectNode after = change.apply(before.deepCopy());
            if (after.equals(before)) {
                return false;
            }
            try {
                write(
                        kind,
                        object.required("ID").asText(),
                        object.at("/Version/Index").asLong(),
                        after,
                        registryAuth);
                return true;
            } catch (DockerException e) {
                if (e.kind() != Kind.VERSION_CONFLICT || attempt == CONFLICTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Writes an object's specification, where its version is still this one.
     *
     * @throws DockerException of the kind {@link Kind#VERSION_CONFLICT} where it isn't
     */
    public void write(Kinds kind, String id, long objectVersion, ObjectNode spec, Optional<String> registryAuth)
            throws InterruptedException {
        post(
                "/" + kind.path() + "/" + encoded(id) + "/update",
                Map.of("version", Long.toString(objectVersion)),
                spec,
                registryAuth);
    }

    /** Deletes an object, by its ID or name; one that isn't there is no error. */
    public void delete(Kinds kind, String id) throws InterruptedException {
        try {
            exchange("DELETE", "/" + kind.path() + "/" + encoded(id), Map.of(), Optional.empty(), Optional.empty());
        } catch (DockerException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Returns the last lines that a task's container wrote to both streams, the latest last. */
    public List<String> lastLines(String task, int lines) throws InterruptedException {
        Reply reply = send(
                "GET",
                "/tasks/" + encoded(task) + "/logs",
                Map.of("stdout", "1", "stderr", "1", "tail", Integer.toString(lines)),
                Optional.empty(),
                Optional.empty());
        return unframed(reply.body()).lines().toList();
    }

    /** Docker writes each piece of a log behind eight bytes: the stream, three zeros, the length. */
    private static String unframed(byte[] log) {
        ByteBuffer in = ByteBuffer.wrap(log);
        StringBuilder text = new StringBuilder();
        while (in.remaining() >= 8 && in.get(in.position()) <= 2) {
            in.getInt();
            int length = Math.clamp(in.getInt(), 0, in.remaining());
            text.append(new String(log, in.position(), length, StandardCharsets.UTF_8));
            in.position(in.position() + length);
        }
        // A container with a terminal writes as it is.
        return text.append(new String(log, in.position(), in.remaining(), StandardCharsets.UTF_8))
                .toString();
    }

    /**
     * Hands on events until the stream ends, which it does where the daemon ends or {@code opened} closes it.
     *
     * @param filters which events
     * @param opened is given what ends it, before the first event
     * @param listener is given each event
     */
    public void events(Map<String, List<String>> filters, Consumer<Closeable> opened, Consumer<JsonNode> listener)
            throws InterruptedException {
        String path = "/v" + version() + "/events" + query(Map.of("filters", written(filters)));
        try (DockerTransport.Stream stream = transport.open(path)) {
            if (stream.status() != 200) {
                throw refused(
                        new Reply(
                                stream.status(),
                                stream.contentType(),
                                stream.body().readNBytes(4096)),
                        path);
            }
            opened.accept(stream);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank()) {
                        listener.accept(json.readTree(line));
                    }
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DockerException(Kind.UNREACHABLE, "Docker's events ended: " + e.getMessage());
        }
    }

    private JsonNode get(String path, Map<String, String> query) throws InterruptedException {
        return exchange("GET", path, query, Optional.empty(), Optional.empty());
    }

    private JsonNode post(String path, Map<String, String> query, ObjectNode body, Optional<String> registryAuth)
            throws InterruptedException {
        return exchange("POST", path, query, Optional.of(body), registryAuth);
    }

    private JsonNode exchange(
            String method, String path, Map<String, String> query, Optional<ObjectNode> body, Optional<String> auth)
            throws InterruptedException {
        Reply reply = send(method, path, query, body, auth);
        if (reply.body().length == 0) {
            return json.missingNode();
        }
        return parsed(reply, path);
    }

    private Reply send(
            String method, String path, Map<String, String> query, Optional<ObjectNode> body, Optional<String> auth)
            throws InterruptedException {
        Map<String, String> headers =
                auth.map(text -> Map.of("X-Registry-Auth", text)).orElse(Map.of());
        Reply reply;
        try {
            reply = transport.send(method, "/v" + version() + path + query(query), body.map(this::written), headers);
        } catch (DockerException e) {
            // Another daemon may answer the next time.
            version = Optional.empty();
            throw e;
        }
        if (reply.status() >= 300) {
            DockerException refused = refused(reply, path);
            if (refused.kind() == Kind.TOO_NEW) {
                // The daemon was replaced by one of another release: it says anew what it speaks.
                ApiVersion spoken = version();
                version = Optional.empty();
                if (!version().equals(spoken)) {
                    return send(method, path, query, body, auth);
                }
            }
            throw refused;
        }
        return reply;
    }

    private JsonNode parsed(Reply reply, String path) {
        try {
            return json.readTree(reply.body());
        } catch (IOException e) {
            throw notDocker(path, String.valueOf(e.getMessage()));
        }
    }

    /** Asked once, since every path begins with it. */
    private ApiVersion version() throws InterruptedException {
        Optional<ApiVersion> known = version;
        if (known.isPresent()) {
            return known.get();
        }
        Reply reply = transport.send("GET", "/version", Optional.empty(), Map.of());
        if (reply.status() >= 300) {
            throw refused(reply, "/version");
        }
        JsonNode said = parsed(reply, "/version");
        ApiVersion theirs = ApiVersion.parse(said.path("ApiVersion").asText())
                .orElseThrow(() -> new DockerException(
                        Kind.UNINTELLIGIBLE, "what answers at " + host() + " isn't Docker: it tells no version"));
        if (theirs.compareTo(OLDEST) < 0) {
            throw new DockerException(
                    Kind.TOO_OLD,
                    "the Docker daemon at " + host() + " speaks version " + theirs + " of the API; Narthex takes "
                            + OLDEST + " or later, which is Docker 20.10");
        }
        Optional<ApiVersion> least = ApiVersion.parse(said.path("MinAPIVersion").asText());
        if (least.filter(oldest -> oldest.compareTo(NEWEST) > 0).isPresent()) {
            throw new DockerException(
                    Kind.TOO_NEW,
                    "the Docker daemon at " + host() + " speaks no version of the API before " + least.get()
                            + ", and this release of Narthex none after " + NEWEST + "; take a later Narthex");
        }
        ApiVersion chosen = theirs.compareTo(NEWEST) > 0 ? NEWEST : theirs;
        version = Optional.of(chosen);
        return chosen;
    }

    private DockerException refused(Reply reply, String path) {
        String message;
        try {
            message = json.readTree(reply.body()).path("message").asText();
        } catch (IOException e) {
            message = "";
        }
        message = first(message.isEmpty() ? new String(reply.body(), StandardCharsets.UTF_8) : message)
                .replaceFirst("^rpc error: code = \\w+ desc = ", "");
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("http request to an https server")) {
            return new DockerException(
                    Kind.NOT_PERMITTED,
                    "the Docker daemon at " + host() + " speaks TLS; set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or"
                            + " --docker-cert-path, to a folder with ca.pem, cert.pem and key.pem");
        }
        if (lower.contains("client version ") && (lower.contains("is too new") || lower.contains("is too old"))) {
            return new DockerException(Kind.TOO_NEW, "Docker refuses: " + message);
        }
        Optional<SwarmObstacle> obstacle = SwarmObstacle.in(lower);
        if (obstacle.isPresent()) {
            return obstacle.get().exception(host().toString());
        }
        if (lower.contains(OUT_OF_SEQUENCE)) {
            return new DockerException(Kind.VERSION_CONFLICT, "somebody else changed it meanwhile");
        }
        if (reply.status() == 404) {
            return new DockerException(Kind.NOT_FOUND, message);
        }
        if (reply.status() == 409 || lower.contains("name conflicts with an existing object")) {
            return new DockerException(Kind.NAME_TAKEN, message);
        }
        if (lower.contains("is in use by") || lower.contains("in use by task")) {
            return new DockerException(Kind.IN_USE, message);
        }
        if (message.isEmpty()) {
            message = "HTTP status " + reply.status() + " for " + path;
        }
        return new DockerException(
                Kind.REFUSED,
                reply.status() < 500
                        ? "Docker refuses: " + message
                        : "the Docker daemon at " + host() + " fails (HTTP " + reply.status() + "): " + message);
    }

    private static String first(String text) {
        return text.lines().findFirst().map(String::strip).orElse("");
    }

    private String written(Object tree) {
        try {
            return json.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    private byte[] written(ObjectNode tree) {
        return written((Object) tree).getBytes(StandardCharsets.UTF_8);
    }

    private static String query(Map<String, String> query) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(query)
                .forEach((name, value) -> text.append(text.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encoded(value)));
        return text.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() throws IOException {
        transport.close();
    }
}
