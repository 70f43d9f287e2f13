package io.narthex.rollout.swarm;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.rollout.ReleaseJson;
import java.io.IOException;
import java.util.List;

/** Joins the specification that a service has with the one that it is to have. */
final class ServiceMerge {

    /** What a server may have and may not have; all else that Narthex sets it always sets. */
    private static final List<JsonPointer> OPTIONAL = List.of(
            JsonPointer.compile("/EndpointSpec/Ports"),
            JsonPointer.compile("/TaskTemplate/ContainerSpec/Configs"),
            JsonPointer.compile("/TaskTemplate/ContainerSpec/Mounts"),
            JsonPointer.compile("/TaskTemplate/ContainerSpec/Secrets"),
            JsonPointer.compile("/TaskTemplate/Placement/Constraints"),
            JsonPointer.compile("/TaskTemplate/Resources/Limits/MemoryBytes"),
            JsonPointer.compile("/TaskTemplate/Resources/Limits/NanoCPUs"));

    private ServiceMerge() {}

    /**
     * What Docker fills in by itself, and what others add, stays; what the specification has counts, and so does what it
     * could have and has not.
     */
    static ObjectNode merged(ObjectNode before, ObjectNode wanted, boolean evenIfSame) {
        ObjectNode after = before.deepCopy();
        overlay(after, asRead(wanted));
        for (JsonPointer field : OPTIONAL) {
            if (wanted.at(field).isMissingNode() && after.at(field.head()) instanceof ObjectNode parent) {
                parent.remove(field.last().getMatchingProperty());
            }
        }
        if (evenIfSame && after.equals(before)) {
            ObjectNode task = (ObjectNode) after.path("TaskTemplate");
            task.put("ForceUpdate", task.path("ForceUpdate").asLong() + 1);
        }
        return after;
    }

    /** A number that was read is of the smallest type, and equal to no other. */
    private static ObjectNode asRead(ObjectNode tree) {
        try {
            return (ObjectNode) ReleaseJson.read(ReleaseJson.bytes(tree));
        } catch (IOException e) {
            throw new IllegalStateException("what was written can be read", e);
        }
    }

    private static void overlay(ObjectNode target, ObjectNode wanted) {
        wanted.properties().forEach(field -> {
            JsonNode old = target.path(field.getKey());
            if (field.getValue() instanceof ObjectNode inner
                    && old instanceof ObjectNode same
                    && !field.getKey().equals("Labels")) {
                overlay(same, inner);
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }
}
