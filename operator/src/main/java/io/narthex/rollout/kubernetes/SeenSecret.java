package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one configuration Secret holds.
 *
 * @param resourceVersion the version in which it was seen
 * @param listing those of its files that are as they were written
 * @param damaged what else is in it: files that another changed or added
 * @param shows whether what pods show of it tells of these files; where another changed that, they never arrive
 */
record SeenSecret(String resourceVersion, Listing listing, Set<String> damaged, boolean shows) {

    /**
     * Takes for present only what is there, byte for byte: what is damaged counts as absent, and is written over.
     *
     * @param listed the key of the entry that holds its listing
     * @param shown the key of the entry that pods show of it; empty where they don't see it
     */
    static SeenSecret of(Secret secret, String listed, Optional<String> shown) {
        Map<String, String> data = Optional.ofNullable(secret.getData()).orElse(Map.of());
        String version = secret.getMetadata().getResourceVersion();
        Listing listing =
                SecretData.content(data, listed).flatMap(SeenSecret::parse).orElse(Listing.EMPTY);
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        listing.files()
                .forEach((path, entry) -> SecretData.content(data, path)
                        .filter(bytes -> bytes.length == entry.size()
                                && SecretData.sha256(bytes).equals(entry.sha256()))
                        .ifPresent(bytes -> files.put(path, entry)));
        Set<String> damaged = data.keySet().stream()
                .filter(key -> !Arrivals.isOurs(key) && !files.containsKey(key))
                .collect(Collectors.toUnmodifiableSet());
        boolean shows = shown.isEmpty() || tellsOf(listing, data, shown.get());
        return new SeenSecret(version, new Listing(listing.version(), files), damaged, shows);
    }

    private static Optional<Listing> parse(byte[] bytes) {
        try {
            return Optional.of(Listing.parse(bytes));
        } catch (IllegalArgumentException e) {
            // Another wrote it: then nothing in that Secret counts as ours.
            return Optional.empty();
        }
    }

    private static boolean tellsOf(Listing listing, Map<String, String> data, String key) {
        try {
            return SecretData.content(data, key)
                    .filter(bytes -> Arrival.parse(bytes).equals(Arrival.of(listing)))
                    .isPresent();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether another changed something in it, so that it is to be written anew. */
    boolean isDamaged() {
        return !damaged.isEmpty() || !shows;
    }

    /** Returns the same where these files don't count as being there. */
    SeenSecret without(Set<String> paths) {
        return new SeenSecret(resourceVersion, listing.without(paths), damaged, shows);
    }
}
