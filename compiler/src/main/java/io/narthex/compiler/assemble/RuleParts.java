package io.narthex.compiler.assemble;

import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Inventory;
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
import java.util.regex.Pattern;

/**
 * All rule groups of a server, divided among parts by the namespace and a stable hash of their RuleSets: 1,024 for the
 * server's own namespace and for what services declare, and eight for each other namespace, since one file names all parts.
 * Immutable; a change makes one
 * part anew and shares the others.
 *
 * <p>A part's file keeps its path whatever it holds. Prometheus knows a group by its file and name and lets its alerts
 * go on over a reload where both stay (rules/manager.go, Group.CopyState): at a path named by its content, each edit
 * would begin the pending time of all alerts in the file anew. A part without groups makes no file.
 *
 * <p>Groups keep their names, for the same reason; so many parts make it rare that two RuleSets share one. Only where two
 * of one part use the same, which a file can't hold, both get the RuleSet's name added. No part is shared by two other
 * namespaces: whoever names his groups and RuleSets like theirs could have their alerts begin anew whenever he likes.
 */
public final class RuleParts {

    /** How many parts there are for the server's own namespace. */
    public static final int COUNT = 1024;

    /** How many there are for each other namespace. */
    static final int COUNT_OF_OTHERS = 8;

    /** The largest size of a part's file in bytes. */
    public static final int MAX_BYTES = 512 * 1024;

    /** No rules of any server. */
    public static final RuleParts EMPTY = new RuleParts("", BucketMap.empty());

    private static final Pattern SHORT_NAME = Pattern.compile("[a-z0-9][-a-z0-9]{0,62}");

    private static final byte[] HEAD = "groups:\n".getBytes(StandardCharsets.UTF_8);

    private record Part(
            TreeMap<ResourceKey, List<RulePiece>> pieces, List<BundleFile> file, List<ResourceKey> leftOut) {

        static Part of(String path, TreeMap<ResourceKey, List<RulePiece>> pieces) {
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
                            kept.isEmpty() ? List.of() : List.of(new BundleFile(path, digest.finish(), chunks)),
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

        List<RuleGroupEntry> groups(String path, ResourceKey key) {
            if (leftOut.contains(key)) {
                return List.of();
            }
            TreeMap<ResourceKey, List<RulePiece>> kept = new TreeMap<>(pieces);
            leftOut.forEach(kept::remove);
            Map<RulePiece, String> names = names(kept.values());
            return kept.getOrDefault(key, List.of()).stream()
                    .map(piece -> new RuleGroupEntry(path, names.getOrDefault(piece, piece.group()), piece.rules()))
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

    private final String own;
    private final BucketMap<String, Part> parts;

    private RuleParts(String own, BucketMap<String, Part> parts) {
        this.own = own;
        this.parts = parts;
    }

    /** Returns no rules of a server whose namespace is {@code own}. */
    public static RuleParts none(String own) {
        return new RuleParts(own, BucketMap.empty());
    }

    /** Returns the rules with each RuleSet's replaced by those given; by an empty list for none. */
    public RuleParts change(Map<ResourceKey, List<RulePiece>> changes) {
        Map<String, TreeMap<ResourceKey, List<RulePiece>>> touched = new HashMap<>();
        changes.forEach((key, pieces) -> {
            TreeMap<ResourceKey, List<RulePiece>> part = touched.computeIfAbsent(
                    path(key),
                    path -> new TreeMap<>(parts.get(path).map(Part::pieces).orElseGet(TreeMap::new)));
            if (pieces.isEmpty()) {
                part.remove(key);
            } else {
                part.put(key, List.copyOf(pieces));
            }
        });
        BucketMap<String, Part> changed = parts;
        for (Map.Entry<String, TreeMap<ResourceKey, List<RulePiece>>> part : touched.entrySet()) {
            changed = part.getValue().isEmpty()
                    ? changed.without(part.getKey())
                    : changed.with(part.getKey(), Part.of(part.getKey(), part.getValue()));
        }
        return new RuleParts(own, changed);
    }

    /** Returns the file of a RuleSet's part. */
    private String path(ResourceKey key) {
        long hash = Digest.hash(key.namespace() + "/" + key.name());
        // Groups that a service's labels declare are called by the service, so that none shares its name with
        // another's.
        return key.namespace().equals(own) || key.kind().equals(Inventory.SERVICE)
                ? String.format(Locale.ROOT, "rules-%04d.yml", hash & COUNT - 1)
                : String.format(
                        Locale.ROOT, "rules-%s-%d.yml", inFileName(key.namespace()), hash & COUNT_OF_OTHERS - 1);
    }

    private static String inFileName(String namespace) {
        return SHORT_NAME.matcher(namespace).matches()
                ? namespace
                : "_" + Digest.of(namespace.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Returns the groups of a RuleSet, in its order. */
    public List<RuleGroupEntry> groups(ResourceKey key) {
        String path = path(key);
        return parts.get(path).map(part -> part.groups(path, key)).orElse(List.of());
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
