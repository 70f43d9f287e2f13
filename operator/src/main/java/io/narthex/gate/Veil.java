package io.narthex.gate;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    byte[] over(String path, byte[] body) throws IOException {
        String[] parts = path.split("/", -1);
        String noun = parts.length > 2 ? parts[2] : "";
        boolean veiled =
                Set.of("services", "tasks", "configs", "info", "containers").contains(noun);
        if (!veiled || path.endsWith("/logs") || body.length == 0) {
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
                JsonNode object = json.readTree(parser);
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
                    without(object.at("/Spec/TaskTemplate/ContainerSpec"), COMMAND_LINE);
                    object.remove("PreviousSpec");
                }
            }
            case "tasks" -> without(object.at("/Spec/ContainerSpec"), COMMAND_LINE);
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
            default -> {
                // Nothing of it is anybody's secret.
            }
        }
    }

    private boolean isOurs(JsonNode object) {
        return GatePolicy.owner(object).equals(Optional.of(owner));
    }

    private static void without(JsonNode node, List<String> fields) {
        if (node instanceof ObjectNode object) {
            object.remove(fields);
        }
    }
}
