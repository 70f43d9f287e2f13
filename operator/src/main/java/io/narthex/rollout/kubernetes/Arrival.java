package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pod shows of a configuration Secret, to everybody who may ask its Prometheus: which version of which files has
 * arrived. Nothing in it is worked out from a file's content, from which a short credential could be found.
 *
 * @param version the listing's version
 * @param stamps those of the listing's files, by path
 */
record Arrival(String version, SortedMap<String, String> stamps) {

    private static final ObjectMapper JSON = new ObjectMapper();

    Arrival {
        stamps = Collections.unmodifiableSortedMap(new TreeMap<>(stamps));
    }

    static Arrival of(Listing listing) {
        TreeMap<String, String> stamps = new TreeMap<>();
        listing.files().forEach((path, entry) -> stamps.put(path, entry.stamp()));
        return new Arrival(listing.version(), stamps);
    }

    byte[] toBytes() {
        ObjectNode root = JSON.createObjectNode().put("version", version);
        ObjectNode all = root.putObject("files");
        stamps.forEach(all::put);
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text can be written", e);
        }
    }

    /**
     * Reads what a pod shows.
     *
     * @throws IllegalArgumentException where it is something else
     */
    static Arrival parse(byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            TreeMap<String, String> stamps = new TreeMap<>();
            root.path("files").properties().forEach(file -> {
                if (!file.getValue().isTextual()) {
                    throw new IllegalArgumentException("not an arrival");
                }
                stamps.put(file.getKey(), file.getValue().asText());
            });
            return new Arrival(root.required("version").asText(), stamps);
        } catch (IOException e) {
            throw new IllegalArgumentException("not an arrival", e);
        }
    }
}
