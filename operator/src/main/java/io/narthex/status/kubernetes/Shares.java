package io.narthex.status.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.narthex.compiler.model.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose entries in the list {@code servers} of a status are whose: operators of several classes may take one Monitor, and
 * each writes those of its own servers. Pure.
 */
final class Shares {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVERS = "servers";
    /** In managed fields an entry of a map-list is called by its keys: Kubernetes, structured-merge-diff's FieldsV1. */
    private static final String BY_KEYS = "k:";

    private Shares() {}

    /** Returns the servers of whose entries a field manager owns something; empty where it owns nothing of the status. */
    static Optional<List<ResourceKey>> owned(ObjectMeta metadata, String fieldManager) {
        for (ManagedFieldsEntry entry : metadata.getManagedFields()) {
            if (fieldManager.equals(entry.getManager())
                    && "status".equals(entry.getSubresource())
                    && entry.getFieldsV1() != null) {
                Map<?, ?> status = child(entry.getFieldsV1().getAdditionalProperties(), "f:status");
                return Optional.of(child(status, "f:" + SERVERS).keySet().stream()
                        .map(String::valueOf)
                        .filter(name -> name.startsWith(BY_KEYS))
                        .flatMap(name -> server(name.substring(BY_KEYS.length())).stream())
                        .toList());
            }
        }
        return Optional.empty();
    }

    private static Map<?, ?> child(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }

    private static Optional<ResourceKey> server(String keys) {
        try {
            return Optional.of(server(JSON.readTree(keys)));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static ResourceKey server(@Nullable String namespace, @Nullable String name) {
        return ResourceKey.ofServer(String.valueOf(namespace), String.valueOf(name));
    }

    private static ResourceKey server(JsonNode entry) {
        return server(entry.path("namespace").asText(), entry.path("name").asText());
    }

    /** Returns the servers of which a status speaks. */
    static List<ResourceKey> servers(JsonNode status) {
        List<ResourceKey> servers = new ArrayList<>();
        status.path(SERVERS).forEach(entry -> servers.add(server(entry)));
        return servers;
    }

    /** Returns a status with the entries of some servers only; the list goes where none is left. */
    static JsonNode only(JsonNode status, Predicate<ResourceKey> which) {
        if (!(status instanceof ObjectNode object) || servers(status).stream().allMatch(which)) {
            return status;
        }
        ObjectNode copy = object.deepCopy();
        ArrayNode left = copy.putArray(SERVERS);
        add(left, status, which);
        if (left.isEmpty()) {
            copy.remove(SERVERS);
        }
        return copy;
    }

    /** Returns a status with the entries of some servers added, as they are in another status. */
    static JsonNode with(JsonNode status, JsonNode from, Predicate<ResourceKey> which) {
        if (servers(from).stream().noneMatch(which)) {
            return status;
        }
        ObjectNode copy = status instanceof ObjectNode object ? object.deepCopy() : JSON.createObjectNode();
        add(copy.withArray(SERVERS), from, which);
        return copy;
    }

    private static void add(ArrayNode to, JsonNode from, Predicate<ResourceKey> which) {
        from.path(SERVERS).forEach(entry -> {
            if (which.test(server(entry))) {
                to.add(entry);
            }
        });
    }
}
