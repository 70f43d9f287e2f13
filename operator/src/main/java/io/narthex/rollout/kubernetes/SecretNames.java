package io.narthex.rollout.kubernetes;

import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The names of a server's configuration Secrets: making one takes longer than to look it up.
 *
 * <p>Any thread may call any method.
 */
final class SecretNames {

    private final Map<SecretKind, List<String>> byKind = new EnumMap<>(SecretKind.class);
    private final Set<String> all = new HashSet<>();
    private final Map<String, String> listings = new HashMap<>();
    private final Map<String, String> arrivals = new HashMap<>();

    SecretNames(ObjectNames names) {
        for (SecretKind kind : SecretKind.values()) {
            List<String> some = IntStream.range(0, kind.count())
                    .mapToObj(number -> names.secret(kind, number))
                    .toList();
            byKind.put(kind, some);
            all.addAll(some);
            for (int number = 0; number < kind.count(); number++) {
                listings.put(some.get(number), Arrivals.listing(kind, number));
                if (kind.mounted()) {
                    arrivals.put(some.get(number), Arrivals.key(kind, number));
                }
            }
        }
    }

    String name(SecretKind kind, int number) {
        return byKind.getOrDefault(kind, List.of()).get(number);
    }

    boolean isOf(SecretKind kind, String name) {
        return byKind.getOrDefault(kind, List.of()).contains(name);
    }

    /** Returns those of all kinds. */
    Set<String> all() {
        return Collections.unmodifiableSet(all);
    }

    /** Returns the key of the entry that holds the listing of the Secret of this name. */
    String listing(String name) {
        return listings.getOrDefault(name, "");
    }

    /** Returns the key of the entry that pods show of the Secret of this name; empty where they don't see that. */
    Optional<String> arrival(String name) {
        return Optional.ofNullable(arrivals.get(name));
    }
}
