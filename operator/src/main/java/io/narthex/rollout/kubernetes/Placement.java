package io.narthex.rollout.kubernetes;

import io.narthex.compiler.assemble.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Chooses the Secret for a file: the one that has it already, else the one that its name stands for, else the next with
 * room. So a changed part goes where the part was, and nothing else moves.
 */
final class Placement {

    /** A Secret holds 1 MiB (Kubernetes API, {@code MaxSecretSize}); the rest is to spare. In bytes. */
    static final long ROOM = 1_048_576 - 65_536;

    private static final Pattern JOBS = Pattern.compile("jobs-(\\d+)-.*");
    private static final Pattern CONTENT = Pattern.compile("-[0-9a-f]{16}(?=\\.ya?ml$)");

    private final SecretKind kind;
    private final IntFunction<Listing> listings;
    private final Map<Integer, Long> added = new HashMap<>();

    Placement(SecretKind kind, IntFunction<Listing> listings) {
        this.kind = kind;
        this.listings = listings;
    }

    /** Returns the number of the Secret; empty where none has room. Counts the file as being there from now on. */
    Optional<Integer> place(String path, long content) {
        long size = Listing.size(path, content);
        for (int number : order(path)) {
            Listing listing = listings.apply(number);
            Listing.Entry old = listing.files().get(path);
            long used = listing.size()
                    - (old == null ? 0 : Listing.size(path, old.size()))
                    + added.getOrDefault(number, 0L);
            if (used + size <= ROOM) {
                added.merge(number, size, Long::sum);
                return Optional.of(number);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the path names the content, so that each other content adds a file. */
    static boolean isNamedByContent(String path) {
        return CONTENT.matcher(path).find();
    }

    private List<Integer> order(String path) {
        int home = home(path);
        int first = IntStream.range(0, kind.count())
                .filter(number -> listings.apply(number).files().containsKey(path))
                .findFirst()
                .orElse(home);
        return IntStream.concat(
                        IntStream.of(first), IntStream.range(0, kind.count()).map(i -> (home + i) % kind.count()))
                .distinct()
                .boxed()
                .toList();
    }

    private int home(String path) {
        Matcher jobs = JOBS.matcher(path);
        if (jobs.matches()) {
            return Integer.parseInt(jobs.group(1)) % kind.homes();
        }
        return (int) Math.floorMod(Digest.hash(CONTENT.matcher(path).replaceFirst("")), (long) kind.homes());
    }
}
