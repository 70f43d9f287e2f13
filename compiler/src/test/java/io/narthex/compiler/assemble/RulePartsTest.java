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
        List<BundleFile> files = RuleParts.EMPTY.change(all).files();
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

    @Test
    void aLoneGroupKeepsItsNameAndOthersAreUntouchedByItsChange() {
        RuleParts before =
                RuleParts.EMPTY.change(Map.of(key(1), group(1, "a"), key(2), group(2, "a"), key(3), group(3, "a")));
        assertThat(before.files())
                .allSatisfy(
                        file -> assertThat(new String(file.content(), UTF_8)).contains("name: 'a'\n"));
        RuleParts after = before.change(Map.of(key(2), group(2, "b")));
        Set<BundleFile> changed = new HashSet<>(after.files());
        before.files().forEach(changed::remove);
        assertThat(changed).hasSize(1);
        assertThat(before.change(Map.of(key(2), List.of())).files()).hasSize(2);
    }
}
