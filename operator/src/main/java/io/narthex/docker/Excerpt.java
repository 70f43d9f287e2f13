package io.narthex.docker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which fields of Docker's objects are read, so that thousands of objects don't take the room of what nobody looks at. */
public final class Excerpt {

    /** Everything. */
    private static final Excerpt WHOLE = new Excerpt();

    /**
     * Of tasks, which can't be written: two thirds of one are the specification of its networks, said again for each.
     */
    public static final Excerpt OF_TASKS = of(List.of(
            "ID",
            "CreatedAt",
            "ServiceID",
            "NodeID",
            "Slot",
            "DesiredState",
            "Spec.ContainerSpec",
            "Status.State",
            "Status.Err",
            "Status.ContainerStatus.ContainerID",
            "Status.PortStatus",
            "NetworksAttachments.Network.ID",
            "NetworksAttachments.Addresses"));

    private final Map<String, Excerpt> fields = new TreeMap<>();

    private Excerpt() {}

    /** Returns the excerpt with these paths of fields and all below them; elements of a list have no step of their own. */
    private static Excerpt of(List<String> paths) {
        Excerpt root = new Excerpt();
        for (String path : paths) {
            Excerpt at = root;
            String[] steps = path.split("\\.", -1);
            for (int i = 0; i < steps.length - 1; i++) {
                at = at.fields.computeIfAbsent(steps[i], step -> new Excerpt());
            }
            at.fields.put(steps[steps.length - 1], WHOLE);
        }
        return root;
    }

    /** Reads the value at which the parser stands. */
    @SuppressWarnings("ReferenceEquality") // There is one of everything.
    public JsonNode read(JsonParser parser, ObjectMapper json) throws IOException {
        if (this == WHOLE || !parser.currentToken().isStructStart()) {
            return json.readTree(parser);
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            ArrayNode list = json.createArrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(read(parser, json));
            }
            return list;
        }
        ObjectNode object = json.createObjectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            Excerpt field = fields.get(name);
            if (field == null) {
                parser.skipChildren();
            } else {
                object.set(name, field.read(parser, json));
            }
        }
        return object;
    }
}
