package io.narthex.gate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.Excerpt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Takes out of Docker's answers what the operator has no use for and others may have put a password into. */
final class Veil {

    private static final List<String> COMMAND_LINE = List.of("Env", "Args", "Command", "Healthcheck");
    private static final Set<String> OF_INFO = Set.of("ID", "Name", "ServerVersion", "Swarm");

    private static final Set<String> OF_CONTAINERS =
            Set.of("Id", "Names", "Image", "Created", "Ports", "Labels", "State", "Status", "NetworkSettings");

    private final String owner;
    private final ObjectMapper json = new ObjectMapper();
    /** What was asked for last, of each kind all objects: what Docker says again isn't read again. */
    private final Map<String, Veiled> before = new ConcurrentHashMap<>();

    @SuppressWarnings("ArrayRecordComponent") // Compared by content where it is used, and nobody else's.
    private record Veiled(byte[] body, byte[] shown) {}

    Veil(String owner) {
        this.owner = owner;
    }

    /**
     * Returns what may be seen of an answer.
     *
     * @throws IOException where it isn't JSON
     */
    byte[] over(Request request, byte[] body) throws IOException {
        String noun = request.noun();
        boolean veiled = Set.of("services", "tasks", "configs", "info", "containers", "volumes")
                .contains(noun);
        if (!veiled || request.isLog() || body.length == 0) {
            return body;
        }
        Veiled known = before.get(noun);
        if (known != null && Arrays.equals(known.body(), body)) {
            return known.shown();
        }
        try (JsonParser parser = json.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                JsonNode object = json.readTree(parser);
                cover(noun, object);
                return json.writeValueAsBytes(object);
            }
            byte[] shown = list(noun, parser, body.length);
            before.put(noun, new Veiled(body, shown));
            return shown;
        }
    }

    /** One object after the other, since there may be thousands. */
    private byte[] list(String noun, JsonParser parser, int size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        try (JsonGenerator generator = json.createGenerator(out)) {
            generator.writeStartArray();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonNode object = noun.equals("tasks") ? Excerpt.OF_TASKS.read(parser, json) : json.readTree(parser);
                cover(noun, object);
                json.writeTree(generator, object);
            }
            generator.writeEndArray();
        }
        return out.toByteArray();
    }

    private void cover(String noun, JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        switch (noun) {
            case "services" -> {
                if (!isOurs(object)) {
                    template(object.at("/Spec/TaskTemplate"));
                    object.remove("PreviousSpec");
                }
            }
            case "tasks" -> template(object.path("Spec"));
            case "configs" -> {
                boolean resource = object.at("/Spec/Labels")
                        .path(GatePolicy.RESOURCE)
                        .asText()
                        .equals("true");
                if (!isOurs(object) && !resource) {
                    without(object.path("Spec"), List.of("Data"));
                }
            }
            case "containers" -> object.retain(OF_CONTAINERS);
            case "info" -> object.retain(OF_INFO);
            case "volumes" -> object.retain("Name");
            default -> {
                // Nothing of it is anybody's secret.
            }
        }
    }

    /**
     * Returns what may be seen of an event: what happened to which object. The command line of each {@code docker exec} and
     * each health check stands in the action, labels among the attributes.
     *
     * @throws IOException where it isn't JSON
     */
    byte[] overEvent(String line) throws IOException {
        ObjectNode shown = json.createObjectNode();
        JsonNode event = json.readTree(line);
        shown.set("Type", event.path("Type"));
        String action = event.path("Action").asText();
        int colon = action.indexOf(':');
        shown.put("Action", colon < 0 || action.startsWith("health_status:") ? action : action.substring(0, colon));
        ObjectNode actor = shown.putObject("Actor");
        actor.set("ID", event.at("/Actor/ID"));
        ObjectNode attributes = actor.putObject("Attributes");
        event.at("/Actor/Attributes").properties().stream()
                .filter(one -> one.getKey().equals("name") || one.getKey().startsWith("com.docker.swarm."))
                .forEach(one -> attributes.set(one.getKey(), one.getValue()));
        for (String field : List.of("scope", "time", "timeNano")) {
            if (event.has(field)) {
                shown.set(field, event.path(field));
            }
        }
        return json.writeValueAsBytes(shown);
    }

    private boolean isOurs(JsonNode object) {
        return GatePolicy.owner(object).equals(Optional.of(owner));
    }

    /** Options of volumes and of log drivers hold logins of file servers and tokens. */
    private static void template(JsonNode task) {
        JsonNode container = task.path("ContainerSpec");
        without(container, COMMAND_LINE);
        container.path("Mounts").forEach(mount -> without(mount, List.of("VolumeOptions")));
        without(task.path("LogDriver"), List.of("Options"));
        without(task, List.of("PluginSpec"));
    }

    private static void without(JsonNode node, List<String> fields) {
        if (node instanceof ObjectNode object) {
            object.remove(fields);
        }
    }
}
