package io.narthex.compiler.assemble;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.ResourceKey;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rule groups keep their names as long as a file can hold them. */
class RulePartsTest {

    private static ResourceKey key(int number) {
        return new ResourceKey("RuleSet", "default", "r" + number);
    }

    private static List<RulePiece> group(int number, String name) {
        return List.of(new RulePiece(
                key(number),
                name,
                1,
                Digest.of(("body" + number).getBytes(UTF_8)),
                shown -> ("- name: '" + shown + "'\n  # of r" + number + "\n").getBytes(UTF_8)));
    }

    @Test
    void thousandsOfEqualNamesStayUniqueInEachFileAndFilesFew() {
        Map<ResourceKey, List<RulePiece>> all = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            all.put(key(i), group(i, "app.rules"));
        }
        List<BundleFile> files = RuleParts.none("default").change(all).files();
        assertThat(files).hasSizeBetween(1_000, RuleParts.COUNT);
        int lines = 0;
        for (BundleFile file : files) {
            List<String> names = new String(file.content(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("- name"))
                    .toList();
            assertThat(names).doesNotHaveDuplicates();
            lines += names.size();
        }
        assertThat(lines).isEqualTo(5_000);
    }

    /** One file names all of them, and has to fit. */
    @Test
    void whoeverHasManyRuleSetsHasFewFiles() {
        Map<ResourceKey, List<RulePiece>> all = new TreeMap<>();
        for (int i = 0; i < 2_000; i++) {
            ResourceKey key = new ResourceKey("RuleSet", "team-" + i % 2, "r" + i);
            all.put(key, named(key, "g"));
        }
        assertThat(RuleParts.none("default").change(all).files()).hasSize(2 * RuleParts.COUNT_OF_OTHERS);
    }

    @Test
    void aLoneGroupKeepsItsNameAndOthersAreUntouchedByItsChange() {
        RuleParts before = RuleParts.none("default")
                .change(Map.of(key(1), group(1, "a"), key(2), group(2, "a"), key(3), group(3, "a")));
        assertThat(before.files())
                .allSatisfy(
                        file -> assertThat(new String(file.content(), UTF_8)).contains("name: 'a'\n"));
        RuleParts after = before.change(Map.of(key(2), group(2, "b")));
        Set<BundleFile> changed = new HashSet<>(after.files());
        before.files().forEach(changed::remove);
        assertThat(changed).hasSize(1);
        assertThat(before.change(Map.of(key(2), List.of())).files()).hasSize(2);
    }

    /** Prometheus knows a group by its file and name: where one changes, its alerts begin anew. */
    @Test
    void nobodyRenamesTheGroupsOfAnotherNamespace() {
        ResourceKey victim = new ResourceKey("RuleSet", "victim", "shop");
        ResourceKey service = new ResourceKey("Service", "victim", "api");
        RuleParts before = RuleParts.none("default")
                .change(Map.of(victim, named(victim, "app.rules"), service, named(service, "swarm/victim/api/Down")));
        Map<ResourceKey, List<RulePiece>> evil = new TreeMap<>();
        for (ResourceKey other : List.of(victim, service)) {
            ResourceKey colliding = colliding("evil", other);
            evil.put(colliding, named(colliding, before.groups(other).getFirst().group()));
        }
        RuleParts after = before.change(evil);

        assertThat(after.groups(victim)).isEqualTo(before.groups(victim));
        assertThat(after.groups(service)).isEqualTo(before.groups(service));
        assertThat(after.files()).containsAll(before.files()).hasSize(4);
        evil.forEach((key, pieces) -> assertThat(after.groups(key))
                .singleElement()
                .satisfies(group ->
                        assertThat(group.group()).isEqualTo(pieces.getFirst().group())));
    }

    @Test
    void groupsOfOneNamespaceThatCollideAreToldApart() {
        ResourceKey one = new ResourceKey("RuleSet", "team", "shop");
        ResourceKey other = colliding("team", one);
        RuleParts parts = RuleParts.none("default").change(Map.of(one, named(one, "a"), other, named(other, "a")));
        assertThat(parts.groups(one).getFirst().group()).isEqualTo("a (team/shop)");
        assertThat(parts.groups(other).getFirst().group()).isEqualTo("a (team/" + other.name() + ")");
        assertThat(parts.files())
                .singleElement()
                .satisfies(file -> assertThat(file.path()).matches("rules-team-\\d\\.yml"));
    }

    @Test
    void aNamespaceThatCanBeNoPartOfAFilesNameIsDigested() {
        ResourceKey odd = new ResourceKey("RuleSet", "../" + "x".repeat(300), "shop");
        assertThat(RuleParts.none("default")
                        .change(Map.of(odd, named(odd, "a")))
                        .files())
                .singleElement()
                .satisfies(file -> assertThat(file.path()).matches("rules-_[0-9a-f]{16}-\\d\\.yml"));
    }

    private static ResourceKey colliding(String namespace, ResourceKey other) {
        long wanted = Digest.hash(other.namespace() + "/" + other.name());
        for (int i = 0; ; i++) {
            if (((Digest.hash(namespace + "/r" + i) ^ wanted) & RuleParts.COUNT - 1) == 0) {
                return new ResourceKey("RuleSet", namespace, "r" + i);
            }
        }
    }

    private static List<RulePiece> named(ResourceKey key, String group) {
        return List.of(new RulePiece(
                key,
                group,
                1,
                Digest.of(key.toString().getBytes(UTF_8)),
                shown -> ("- name: '" + shown + "'\n").getBytes(UTF_8)));
    }

    /** Names choose the part, and anybody may choose names. */
    @Test
    void whoeverFillsAPartGoesWithoutHisOwnRules() {
        ResourceKey victim = new ResourceKey("RuleSet", "victim", "shop");
        Map<ResourceKey, List<RulePiece>> all = new TreeMap<>(Map.of(victim, large(victim, 30_000)));
        for (int i = 0; all.size() < 26; i++) {
            ResourceKey evil = new ResourceKey("RuleSet", "evil", "r" + i);
            if (((Digest.hash("evil/r" + i) ^ Digest.hash("victim/shop")) & RuleParts.COUNT - 1) == 0) {
                all.put(evil, large(evil, 28_000));
            }
        }
        RuleParts parts = RuleParts.none("default").change(all);

        assertThat(parts.leftOut()).isNotEmpty().doesNotContain(victim);
        assertThat(parts.groups(victim)).hasSize(1);
        assertThat(parts.files()).allMatch(file -> file.size() <= RuleParts.MAX_BYTES);
    }

    /** A part that is full many times over is no more work for each RuleSet that goes. */
    @Test
    void whatDoesNotFitIsWrittenAFewTimesAtMost() {
        AtomicInteger written = new AtomicInteger();
        Map<ResourceKey, List<RulePiece>> all = new TreeMap<>();
        for (int i = 0; all.size() < 200; i++) {
            ResourceKey key = new ResourceKey("RuleSet", "evil", "r" + i);
            if (((Digest.hash("evil/r" + i) ^ Digest.hash("evil/r0")) & RuleParts.COUNT - 1) == 0) {
                RulePiece piece = large(key, 20_000).getFirst();
                all.put(key, List.of(new RulePiece(key, piece.group(), 1, piece.digest(), name -> {
                    written.incrementAndGet();
                    return piece.content().apply(name);
                })));
            }
        }
        RuleParts parts = RuleParts.none("default").change(all);

        assertThat(parts.leftOut()).hasSize(200 - 512 * 1024 / 20_020);
        assertThat(written).hasValueLessThan(3 * 200);
    }

    private static List<RulePiece> large(ResourceKey key, int size) {
        return List.of(new RulePiece(
                key,
                key.name(),
                1,
                Digest.of(key.toString().getBytes(UTF_8)),
                shown -> ("- name: '" + shown + "'\n  # " + "x".repeat(size) + "\n").getBytes(UTF_8)));
    }
}
