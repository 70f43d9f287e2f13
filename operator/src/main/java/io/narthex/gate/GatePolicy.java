package io.narthex.gate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.Kinds;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which requests may pass: a closed list of methods and paths, and for what makes, changes or deletes something a
 * check of what it makes and of what was there. Everything else is refused.
 */
final class GatePolicy {

    /** The label that says whose an object is: the name of an instance of Narthex. */
    static final String OWNER = "io.narthex.owner";

    /** The label of a Docker config that holds a resource of Narthex. */
    static final String RESOURCE = "io.narthex.resource";

    /** The label of a network that says what it is for; {@code gate} for the one on which the gate serves. */
    static final String NETWORK = "io.narthex.network";

    /** The label of a secret by which its owner lets Prometheus mount it. */
    static final String EXPOSE_TO = "io.narthex.expose-to";

    private static final Pattern PATH =
            Pattern.compile("/v1\\.[0-9]{1,3}/([a-z]+)(?:/([A-Za-z0-9][A-Za-z0-9_.-]{0,127}))?(?:/(update|logs))?");
    /** An image, such as {@code quay.io/prometheus/prometheus:v3.16.0}; never a path that leads elsewhere. */
    private static final Pattern IMAGE = Pattern.compile(
            "/v1\\.[0-9]{1,3}/distribution/[A-Za-z0-9][A-Za-z0-9_-]{0,127}([./:][A-Za-z0-9_-]{1,128}){0,64}/json");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Map<String, Kinds> KINDS = Map.of(
            "services", Kinds.SERVICES,
            "tasks", Kinds.TASKS,
            "nodes", Kinds.NODES,
            "networks", Kinds.NETWORKS,
            "configs", Kinds.CONFIGS,
            "secrets", Kinds.SECRETS);
    private static final Set<Kinds> MADE = Set.of(Kinds.SERVICES, Kinds.NETWORKS, Kinds.CONFIGS, Kinds.SECRETS);

    private final String owner;
    private final World world;
    private final ServiceCheck services;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonParser.Feature.ALLOW_COMMENTS)
            .build();

    /**
     * Makes a policy.
     *
     * @param owner whose objects may be made, changed and deleted
     * @param world is asked what is there
     */
    GatePolicy(String owner, World world) {
        this.owner = owner;
        this.world = world;
        this.services = new ServiceCheck(owner, world);
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Returns whether a path asks a registry for what an image is. */
    private static boolean isImage(String path) {
        return IMAGE.matcher(path).matches();
    }

    /** Returns whether a request that may pass may carry a registry's login. */
    static boolean takesLogin(Request passed) {
        return isImage(passed.path())
                || (passed.method().equals("POST") && passed.path().contains("/services/"));
    }

    /** Returns whose an object is; empty where nobody's of Narthex. */
    static Optional<String> owner(JsonNode object) {
        // A network has its labels beside its name, all others have theirs in their specification.
        JsonNode labels = object.has("Spec") ? object.path("Spec").path("Labels") : object.path("Labels");
        return Optional.ofNullable(labels.path(OWNER).textValue());
    }

    /**
     * Returns the request as it may pass: written anew from what was understood of it.
     *
     * @throws Refused for every other request
     */
    Request judge(Request request) throws Refused, InterruptedException {
        if (request.method().equals("GET")
                && (request.path().equals("/version") || request.path().equals("/_ping"))) {
            return new Request("GET", request.path(), Optional.empty(), Optional.empty());
        }
        if (request.method().equals("GET") && isImage(request.path())) {
            return new Request("GET", request.path(), Optional.empty(), Optional.empty());
        }
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            throw notListed(request);
        }
        String noun = path.group(1);
        Optional<String> id = Optional.ofNullable(path.group(2));
        Optional<String> verb = Optional.ofNullable(path.group(3));
        if (request.method().equals("GET")) {
            return read(request, noun, id, verb);
        }
        Kinds kind = KINDS.get(noun);
        if (kind == null || !MADE.contains(kind) || id.isEmpty()) {
            throw notListed(request);
        }
        if (request.method().equals("DELETE") && verb.isEmpty()) {
            String found = id(owned(kind, id.get()));
            return new Request("DELETE", prefix(request) + noun + "/" + found, Optional.empty(), Optional.empty());
        }
        if (request.method().equals("POST") && verb.isEmpty() && id.get().equals("create")) {
            return new Request(
                    "POST",
                    prefix(request) + noun + "/create",
                    Optional.empty(),
                    Optional.of(written(checked(kind, request, Optional.empty()))));
        }
        if (request.method().equals("POST") && verb.equals(Optional.of("update")) && kind != Kinds.NETWORKS) {
            String version = request.query().orElse("");
            if (!version.matches("version=[0-9]{1,20}")) {
                throw new Refused("an update takes the query version=NUMBER alone");
            }
            JsonNode before = owned(kind, id.get());
            ObjectNode spec = checked(kind, request, Optional.of(before));
            return new Request(
                    "POST",
                    prefix(request) + noun + "/" + id(before) + "/update",
                    Optional.of(version),
                    Optional.of(written(spec)));
        }
        throw notListed(request);
    }

    private static String prefix(Request request) {
        return request.path().substring(0, request.path().indexOf('/', 1) + 1);
    }

    private static Refused notListed(Request request) {
        return new Refused(Fields.shown(request.method()) + " " + Fields.shown(request.path()) + " isn't permitted");
    }

    private Request read(Request request, String noun, Optional<String> id, Optional<String> verb)
            throws Refused, InterruptedException {
        boolean single = noun.equals("info") || noun.equals("version") || noun.equals("events");
        // Whether a volume is there, by its name; never which there are.
        boolean volume = noun.equals("volumes") && id.isPresent() && verb.isEmpty();
        if (single ? id.isPresent() || verb.isPresent() : !volume && !KINDS.containsKey(noun)) {
            throw notListed(request);
        }
        if (verb.isPresent()) {
            if (!noun.equals("tasks") || id.isEmpty() || !verb.get().equals("logs")) {
                throw notListed(request);
            }
            String service = world.find(Kinds.TASKS, id.get())
                    .map(task -> task.path("ServiceID").asText())
                    .orElseThrow(() -> Refused.missing("there is no task " + id.get()));
            owned(Kinds.SERVICES, service);
        }
        Set<String> allowed = verb.isPresent()
                ? Set.of("stdout", "stderr", "tail")
                : id.isPresent() ? Set.of() : Set.of("filters", "since", "until");
        for (String parameter : request.query().orElse("").split("&", -1)) {
            String name = parameter.replaceFirst("=.*$", "");
            if (!name.isEmpty() && !allowed.contains(name)) {
                throw new Refused("the query parameter " + Fields.shown(name) + " isn't permitted");
            }
        }
        return new Request("GET", request.path(), request.query(), Optional.empty());
    }

    private static String id(JsonNode object) {
        return object.path("ID").asText(object.path("Id").asText());
    }

    /** Returns an object that is ours and has an ID. */
    private JsonNode owned(Kinds kind, String name) throws Refused, InterruptedException {
        if (!isId(name)) {
            throw new Refused("there is no object of this name");
        }
        JsonNode object = world.find(kind, name)
                .orElseThrow(() -> Refused.missing("there is none of the name " + Fields.shown(name)));
        if (!owner(object).equals(Optional.of(owner))) {
            throw new Refused(Fields.shown(name) + " isn't the object of this instance of Narthex: it has no label "
                    + OWNER + "=" + owner);
        }
        if (!isId(id(object))) {
            throw new Refused(Fields.shown(name) + " has no ID");
        }
        return object;
    }

    private ObjectNode checked(Kinds kind, Request request, Optional<JsonNode> before)
            throws Refused, InterruptedException {
        ObjectNode spec = parsed(request);
        if (!owner.equals(spec.path("Labels").path(OWNER).textValue())) {
            throw new Refused("what is made must have the label " + OWNER + "=" + owner);
        }
        switch (kind) {
            case SERVICES -> services.check(spec, before);
            case CONFIGS, SECRETS -> Fields.only(spec, "it", Set.of("Name", "Labels", "Data"));
            case NETWORKS -> network(spec);
            default -> throw notListed(request);
        }
        return spec;
    }

    private static void network(JsonNode spec) throws Refused {
        Fields.only(
                spec,
                "the network",
                Set.of("Name", "Labels", "Driver", "Attachable", "Internal", "CheckDuplicate", "Options"));
        Fields.only(spec.path("Options"), "Options", Set.of("encrypted"));
        if (!spec.path("Driver").asText().equals("overlay")) {
            throw new Refused("only overlay networks are permitted");
        }
    }

    private ObjectNode parsed(Request request) throws Refused {
        try {
            if (json.readTree(request.body().orElse(new byte[0])) instanceof ObjectNode object) {
                return object;
            }
        } catch (IOException e) {
            // Said below; what was sent isn't quoted.
        }
        throw new Refused("the content is no JSON object, or has a field twice");
    }

    private byte[] written(ObjectNode tree) {
        try {
            return json.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
