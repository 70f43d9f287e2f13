package io.narthex.compiler.assemble;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.RuleGroupEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All rule groups of a server, divided among 1,024 parts by a stable hash of their RuleSets. Immutable; a change makes
 * one part anew and shares the others.
 *
 * <p>A part's file keeps its path whatever it holds. Prometheus knows a group by its file and name and lets its alerts
 * go on over a reload where both stay (rules/manager.go, Group.CopyState): at a path named by its content, each edit
 * would begin the pending time of all alerts in the file anew. A part without groups makes no file.
 *
 * <p>Groups keep their names, for the same reason; so many parts make it rare that two RuleSets share one. Only where two RuleSets of one part use the same, which a file can't hold, both get the
 * RuleSet's name added.
 */
public final class RuleParts {

    /** How many parts there are. */
    public static final int COUNT = 1024;

    /** The largest size of a part's file in bytes. */
    public static final int MAX_BYTES = 512 * 1024;

    /** No rules. */
    public static final RuleParts EMPTY = new RuleParts(BucketMap.empty());

    private static final byte[] HEAD = "groups:\n".getBytes(StandardCharsets.UTF_8);

    private record Part(
            TreeMap<ResourceKey, List<RulePiece>> pieces, List<BundleFile> file, List<ResourceKey> leftOut) {

        static Part of(int number, TreeMap<ResourceKey, List<RulePiece>> pieces) {
            TreeMap<ResourceKey, List<RulePiece>> kept = new TreeMap<>(pieces);
            List<ResourceKey> leftOut = new ArrayList<>();
            while (true) {
                Map<ResourceKey, Long> sizes = new HashMap<>();
                List<byte[]> chunks = new ArrayList<>();
                Digest digest = new Digest();
                chunks.add(HEAD);
                long size = HEAD.length;
                Map<RulePiece, String> names = names(kept.values());
                for (List<RulePiece> ofOne : kept.values()) {
                    for (RulePiece piece : ofOne) {
                        String name = names.getOrDefault(piece, piece.group());
                        byte[] content = piece.content().apply(name);
                        size += content.length;
                        sizes.merge(piece.resource(), (long) content.length, Long::sum);
                        digest.add(name).add(piece.digest());
                        chunks.add(content);
                    }
                }
                if (size <= MAX_BYTES) {
                    return new Part(
                            pieces,
                            kept.isEmpty() ? List.of() : List.of(new BundleFile(path(number), digest.finish(), chunks)),
                            List.copyOf(leftOut));
                }
                // Those that stay may have shorter names then, and fit all the more.
                List<ResourceKey> largest = new FairRoom<ResourceKey>(
                                ResourceKey::namespace, key -> sizes.getOrDefault(key, 0L), Comparator.naturalOrder())
                        .leftOut(sizes.keySet(), MAX_BYTES - HEAD.length);
                largest.forEach(kept::remove);
                leftOut.addAll(largest);
            }
        }

        List<RuleGroupEntry> groups(int number, ResourceKey key) {
            if (leftOut.contains(key)) {
                return List.of();
            }
            TreeMap<ResourceKey, List<RulePiece>> kept = new TreeMap<>(pieces);
            leftOut.forEach(kept::remove);
            Map<RulePiece, String> names = names(kept.values());
            return kept.getOrDefault(key, List.of()).stream()
                    .map(piece ->
                            new RuleGroupEntry(path(number), names.getOrDefault(piece, piece.group()), piece.rules()))
                    .toList();
        }

        /** Returns other names for the groups whose names would stand twice in one file. */
        private static Map<RulePiece, String> names(Collection<List<RulePiece>> pieces) {
            Map<String, Integer> uses = new HashMap<>();
            pieces.forEach(ofOne -> ofOne.forEach(piece -> uses.merge(piece.group(), 1, Integer::sum)));
            Set<String> taken = new HashSet<>(uses.keySet());
            Map<RulePiece, String> names = new HashMap<>();
            for (List<RulePiece> ofOne : pieces) {
                for (RulePiece piece : ofOne) {
                    if (uses.getOrDefault(piece.group(), 0) > 1) {
                        String name = piece.group() + " (" + piece.resource().namespace() + "/"
                                + piece.resource().name() + ")";
                        while (!taken.add(name)) {
                            name += "'";
                        }
                        names.put(piece, name);
                    }
                }
            }
            return names;
        }
    }

    private final BucketMap<Integer, Part> parts;

    private RuleParts(BucketMap<Integer, Part> parts) {
        this.parts = parts;
    }

    /** Returns the rules with each RuleSet's replaced by those given; by an empty list for none. */
    public RuleParts change(Map<ResourceKey, List<RulePiece>> changes) {
        Map<Integer, TreeMap<ResourceKey, List<RulePiece>>> touched = new HashMap<>();
        changes.forEach((key, pieces) -> {
            int number = number(key);
            TreeMap<ResourceKey, List<RulePiece>> part = touched.computeIfAbsent(
                    number, n -> new TreeMap<>(parts.get(n).map(Part::pieces).orElseGet(TreeMap::new)));
            if (pieces.isEmpty()) {
                part.remove(key);
            } else {
                part.put(key, List.copyOf(pieces));
            }
        });
        BucketMap<Integer, Part> changed = parts;
        for (Map.Entry<Integer, TreeMap<ResourceKey, List<RulePiece>>> part : touched.entrySet()) {
            changed = part.getValue().isEmpty()
                    ? changed.without(part.getKey())
                    : changed.with(part.getKey(), Part.of(part.getKey(), part.getValue()));
        }
        return new RuleParts(changed);
    }

    private static int number(ResourceKey key) {
        return (int) (Digest.hash(key.namespace() + "/" + key.name()) & COUNT - 1);
    }

    private static String path(int number) {
        return String.format(Locale.ROOT, "rules-%04d.yml", number);
    }

    /** Returns the groups of a RuleSet, in its order. */
    public List<RuleGroupEntry> groups(ResourceKey key) {
        int number = number(key);
        return parts.get(number).map(part -> part.groups(number, key)).orElse(List.of());
    }

    /** Returns the parts' files, ordered by path. */
    public List<BundleFile> files() {
        return parts.values()
                .flatMap(part -> part.file().stream())
                .sorted(Comparator.comparing(BundleFile::path))
                .toList();
    }

    /** Returns the RuleSets that no longer fit into their parts. */
    public List<ResourceKey> leftOut() {
        return parts.values().flatMap(part -> part.leftOut().stream()).sorted().toList();
    }
}
