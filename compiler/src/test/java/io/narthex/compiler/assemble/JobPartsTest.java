package io.narthex.compiler.assemble;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.ResourceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs are divided in a stable way, and a change touches one part. */
class JobPartsTest {

    private static JobPiece piece(int number, int size) {
        return piece("default", number, size);
    }

    private static JobPiece piece(String namespace, int number, int size) {
        String name = "monitor/" + namespace + "/m" + number + "/metrics";
        String text = "- job_name: " + name + "\n#" + "x".repeat(size) + "\n";
        return new JobPiece(
                name,
                new ResourceKey("Monitor", namespace, "m" + number),
                "metrics",
                "m" + number,
                Duration.ofSeconds(15),
                text.getBytes(UTF_8));
    }

    private static List<JobPiece> pieces(int count) {
        List<JobPiece> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(piece(i, 50));
        }
        return pieces;
    }

    @Test
    void theOrderOfArrivalMakesNoDifference() {
        List<JobPiece> shuffled = pieces(500);
        Collections.shuffle(shuffled, new Random(3));
        JobParts atOnce = JobParts.EMPTY.change(List.of(), pieces(500));
        JobParts stepwise = JobParts.EMPTY;
        for (JobPiece piece : shuffled) {
            stepwise = stepwise.change(List.of(), List.of(piece));
        }
        assertThat(stepwise.files()).isEqualTo(atOnce.files());
        for (int i = 0; i < atOnce.files().size(); i++) {
            assertThat(stepwise.files().get(i).content())
                    .isEqualTo(atOnce.files().get(i).content());
        }
        assertThat(stepwise.index(Optional.empty()).all().map(JobEntry::name))
                .isSorted()
                .hasSize(500);
    }

    @Test
    void aChangeMakesOneFileAnew() {
        JobParts before = JobParts.EMPTY.change(List.of(), pieces(500));
        JobParts after = before.change(List.of(), List.of(piece(77, 60)));
        Set<BundleFile> changed = new HashSet<>(after.files());
        before.files().forEach(changed::remove);
        assertThat(changed).hasSize(1);
        BundleFile file = changed.iterator().next();
        assertThat(after.index(Optional.empty())
                        .find("monitor/default/m77/metrics")
                        .orElseThrow()
                        .file())
                .isEqualTo(file.path());
        int line = after.line("monitor/default/m77/metrics");
        assertThat(new String(file.content(), UTF_8).lines().toList().get(line - 1))
                .isEqualTo("- job_name: monitor/default/m77/metrics");
    }

    @Test
    void removingAllLeavesNoFile() {
        JobParts parts = JobParts.EMPTY.change(List.of(), pieces(10));
        JobParts empty = parts.change(pieces(10).stream().map(JobPiece::name).toList(), List.of());
        assertThat(empty.files()).isEmpty();
        assertThat(empty.index(Optional.empty()).size()).isZero();
    }

    @Test
    void whatDoesNotFitIsLeftOutLargestFirstAndReturnsWhenThereIsRoom() {
        JobPiece huge = piece(1, JobParts.MAX_BYTES);
        JobParts parts = JobParts.EMPTY.change(List.of(), pieces(200)).change(List.of(), List.of(huge));
        assertThat(parts.leftOut()).containsExactly(huge);
        assertThat(parts.index(Optional.empty()).size()).isEqualTo(199);
        assertThat(parts.files()).allMatch(file -> file.size() <= JobParts.MAX_BYTES);
        JobParts smaller = parts.change(List.of(), List.of(piece(1, 50)));
        assertThat(smaller.files())
                .isEqualTo(JobParts.EMPTY.change(List.of(), pieces(200)).files());
    }

    /** Names choose the part, and anybody may choose names. */
    @Test
    void whoeverFillsAPartGoesWithoutHisOwnJobs() {
        JobPiece victim = piece("victim", 0, 30_000);
        List<JobPiece> all = new ArrayList<>(List.of(victim));
        for (int i = 0; all.size() < 26; i++) {
            JobPiece evil = piece("evil", i, 28_000);
            if (((Digest.hash(evil.name()) ^ Digest.hash(victim.name())) & JobParts.COUNT - 1) == 0) {
                all.add(evil);
            }
        }
        JobParts parts = JobParts.EMPTY.change(List.of(), all);

        assertThat(parts.leftOut())
                .isNotEmpty()
                .allMatch(piece -> piece.resource().namespace().equals("evil"));
        assertThat(parts.index(Optional.empty()).find(victim.name())).isPresent();
        assertThat(parts.files()).allMatch(file -> file.size() <= JobParts.MAX_BYTES);
    }
}
