package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Says what a configuration Secret holds; stands in it as an entry of its own, which nobody serves. Of it, a pod shows
 * an {@link Arrival} only.
 *
 * @param version another one with each write
 * @param files the files by path
 */
record Listing(String version, SortedMap<String, Entry> files) {

    static final Listing EMPTY = new Listing("", new TreeMap<>());

    /** What stands beside the path: two digests of 64 digits, two stamps of 16, a size, punctuation. */
    private static final int ENTRY = 256;

    private static final ObjectMapper JSON = new ObjectMapper();

    Listing {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * A file.
     *
     * @param digest the digest by which the release names its content
     * @param sha256 the SHA-256 of its bytes
     * @param size its size in bytes
     * @param stamp another one each time that the file is written where it wasn't; copies in several Secrets share it
     */
    record Entry(String digest, String sha256, int size, String stamp) {}

    Listing without(Set<String> paths) {
        if (Collections.disjoint(files.keySet(), paths)) {
            return this;
        }
        TreeMap<String, Entry> rest = new TreeMap<>(files);
        rest.keySet().removeAll(paths);
        return new Listing(version, rest);
    }

    /** How much of a Secret's room its files take, in bytes. */
    long size() {
        return files.entrySet().stream()
                .mapToLong(file -> size(file.getKey(), file.getValue().size()))
                .sum();
    }

    /** How much of a Secret's room a file takes, in bytes: its content and its entries in the listing and the arrival. */
    static long size(String path, long content) {
        return content + 2L * path.length() + ENTRY;
    }

    byte[] toBytes() {
        ObjectNode root = JSON.createObjectNode().put("version", version);
        ObjectNode all = root.putObject("files");
        files.forEach((path, entry) -> all.putArray(path)
                .add(entry.digest())
                .add(entry.sha256())
                .add(entry.size())
                .add(entry.stamp()));
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text and numbers can be written", e);
        }
    }

    /**
     * Reads a listing.
     *
     * @throws IllegalArgumentException where it is none
     */
    static Listing parse(byte[] bytes) {
        try {
            JsonNode root = JSON.readTree(bytes);
            TreeMap<String, Entry> files = new TreeMap<>();
            root.path("files").properties().forEach(file -> {
                if (!(file.getValue() instanceof ArrayNode entry) || entry.size() != 4) {
                    throw new IllegalArgumentException("not a listing");
                }
                files.put(
                        file.getKey(),
                        new Entry(
                                entry.get(0).asText(),
                                entry.get(1).asText(),
                                entry.get(2).asInt(),
                                entry.get(3).asText()));
            });
            return new Listing(root.required("version").asText(), files);
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("not a listing", e);
        }
    }
}
