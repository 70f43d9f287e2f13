package io.narthex.status.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.JsonText;
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

    /**
     * What a field manager owns of a status.
     *
     * @param servers of whose entries it owns something
     * @param sum whether it owns all that stands there of what is no server's own
     */
    record Owned(List<ResourceKey> servers, boolean sum) {

        /** Nothing of anything. */
        static final Owned NOTHING = new Owned(List.of(), false);
    }

    /** Returns what a field manager owns of the status that stands there; empty where that is nothing. */
    static Optional<Owned> owned(ObjectMeta metadata, String fieldManager, JsonText standing) {
        List<ManagedFieldsEntry> entries = metadata.getManagedFields().stream()
                .filter(entry -> "status".equals(entry.getSubresource()) && entry.getFieldsV1() != null)
                .toList();
        for (ManagedFieldsEntry entry : entries) {
            if (fieldManager.equals(entry.getManager())) {
                Map<?, ?> status = child(entry.getFieldsV1().getAdditionalProperties(), field("status"));
                if (status.isEmpty()) {
                    // All was taken back.
                    return Optional.empty();
                }
                List<ResourceKey> servers = child(status, field(SERVERS)).keySet().stream()
                        .flatMap(name -> keys(name).stream())
                        .map(Shares::server)
                        .toList();
                return Optional.of(new Owned(
                        servers, entries.size() == 1 || covers(status, only(standing.tree(), server -> false))));
            }
        }
        return Optional.empty();
    }

    /** Whether managed fields name everything that stands in a value. */
    private static boolean covers(Map<?, ?> fields, JsonNode value) {
        if (value.isObject()) {
            return value.properties().stream()
                    .allMatch(field -> fields.get(field(field.getKey())) instanceof Map<?, ?> below
                            && covers(below, field.getValue()));
        }
        // A list that is owned as one has nothing below it.
        return !value.isArray()
                || fields.isEmpty()
                || value.valueStream()
                        .allMatch(element -> fields.entrySet().stream()
                                .anyMatch(entry -> keys(entry.getKey())
                                                .filter(keys -> keys.properties().stream()
                                                        .allMatch(key ->
                                                                key.getValue().equals(element.get(key.getKey()))))
                                                .isPresent()
                                        && entry.getValue() instanceof Map<?, ?> below
                                        && covers(below, element)));
    }

    private static String field(String name) {
        return "f:" + name;
    }

    private static Map<?, ?> child(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof Map<?, ?> found ? found : Map.of();
    }

    private static Optional<JsonNode> keys(Object name) {
        try {
            String text = String.valueOf(name);
            return text.startsWith(BY_KEYS)
                    ? Optional.of(JSON.readTree(text.substring(BY_KEYS.length())))
                    : Optional.empty();
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
