package io.narthex.rollout.kubernetes;

import io.narthex.rollout.Release;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which parts lie in the index's Secret, too. A Secret arrives as a whole, so that nobody sees an index without the copies
 * beside it.
 */
final class IndexCopies {

    private IndexCopies() {}

    /**
     * Returns the parts of {@code missing} that may come with the index; none where credentials or replaced files are
     * missing, too, which have to be there before.
     */
    static SortedMap<String, String> ofNews(Release release, SortedMap<String, String> missing) {
        TreeMap<String, String> news = new TreeMap<>(missing);
        news.remove(Release.INDEX);
        return release.parts().keySet().containsAll(news.keySet()) ? news : new TreeMap<>();
    }

    /**
     * Returns the copies that are there and must stay: those that the release names, and whose original some pod hasn't
     * seen yet.
     *
     * @param secrets what the Secrets hold
     * @param pods what each pod that runs shows, by the listings' names
     */
    static SortedMap<String, String> thatStay(
            Release release, ConfigSecrets secrets, Collection<Map<String, Arrival>> pods) {
        TreeMap<String, String> copies = new TreeMap<>(release.parts());
        copies.entrySet()
                .removeIf(part -> !secrets.holds(SecretKind.INDEX, part.getKey(), part.getValue())
                        || secrets.original(part.getKey(), part.getValue())
                                .filter(listing -> isSeenByAll(listing, secrets, pods))
                                .isPresent());
        return copies;
    }

    private static boolean isSeenByAll(String listing, ConfigSecrets secrets, Collection<Map<String, Arrival>> pods) {
        String version = secrets.mounted().getOrDefault(listing, Listing.EMPTY).version();
        return !pods.isEmpty()
                && pods.stream().allMatch(arrivals -> {
                    Arrival there = arrivals.get(listing);
                    return there != null && there.version().equals(version);
                });
    }
}
