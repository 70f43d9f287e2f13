package io.narthex.rollout.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.rollout.Culprit;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The search asks a judge who refuses whatever holds a guilty resource. */
class CulpritSearchTest {

    private int asked;

    @Test
    void namesTheOnlyCulpritAmongAThousand() throws Exception {
        assertThat(search(1000, Set.of("m0617"))).containsExactly(culprit("m0617"));
        assertThat(asked).isLessThan(25);
    }

    @Test
    void namesAllOfSeveral() throws Exception {
        assertThat(search(100, Set.of("m0000", "m0050", "m0099")))
                .containsExactlyInAnyOrder(culprit("m0000"), culprit("m0050"), culprit("m0099"));
    }

    @Test
    void accusesNobodyWhereTheRestIsRefusedToo() throws Exception {
        assertThat(run(new Resources(10), bundle -> Optional.of("always"))).isEmpty();
    }

    @Test
    void accusesNobodyWhereEachAloneIsTaken() throws Exception {
        List<Culprit> found = run(
                new Resources(8),
                bundle -> bundle.files().size() == 8 ? Optional.of("all together") : Optional.empty());
        assertThat(found).isEmpty();
    }

    @Test
    void accusesNobodyWhereAllAreTaken() throws Exception {
        assertThat(search(8, Set.of())).isEmpty();
    }

    @Test
    void accusesNobodyWhereThereIsNobody() throws Exception {
        assertThat(search(0, Set.of("m0000"))).isEmpty();
        assertThat(asked).isZero();
    }

    @Test
    void endsWithWhatItFoundWhereTooManyAreGuilty() throws Exception {
        Set<String> all = new TreeSet<>(new Resources(1000).names);
        List<Culprit> found = search(1000, all);
        assertThat(asked).isLessThanOrEqualTo(CulpritSearch.MOST_CHECKS);
        assertThat(found)
                .isNotEmpty()
                .allSatisfy(
                        culprit -> assertThat(all).contains(culprit.resource().name()));
    }

    private List<Culprit> search(int count, Set<String> guilty) throws Exception {
        asked = 0;
        return run(new Resources(count), bundle -> {
            asked++;
            return bundle.files().keySet().stream()
                    .filter(guilty::contains)
                    .findFirst()
                    .map(name -> "bad");
        });
    }

    private static List<Culprit> run(Resources resources, CulpritSearch.Judge judge) throws Exception {
        return new CulpritSearch(resources, judge).run();
    }

    private static Culprit culprit(String name) {
        return new Culprit(Resources.key(name), "bad");
    }

    /** A file for each resource, named like it. */
    private static final class Resources implements Suspects {

        private final List<String> names;

        Resources(int count) {
            names = IntStream.range(0, count).mapToObj("m%04d"::formatted).toList();
        }

        static ResourceKey key(String name) {
            return new ResourceKey("Monitor", "default", name);
        }

        @Override
        public Set<ResourceKey> resources() {
            return Set.copyOf(names.stream().map(Resources::key).toList());
        }

        @Override
        public Optional<Bundle> without(Set<ResourceKey> excluded) {
            TreeMap<String, BundleFile> files = new TreeMap<>();
            names.stream().filter(name -> !excluded.contains(key(name))).forEach(name -> files.put(name, file(name)));
            return Optional.of(new Bundle(
                    new ResourceKey("PrometheusServer", "default", "main"),
                    PrometheusVersion.NEWEST_KNOWN,
                    "0",
                    "generation-0-*.none",
                    file("prometheus.yml"),
                    files,
                    new TreeMap<>(),
                    new TreeMap<>(),
                    List.of(),
                    "",
                    new ServerAddress("127.0.0.1", 9090, false, ""),
                    new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false),
                    new NoJobs()));
        }

        private static BundleFile file(String name) {
            return new BundleFile(name, name, List.of(name.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
