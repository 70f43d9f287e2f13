package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A Prometheus that refuses without a name is tried with fewer changes until the culprits are known, and no others. */
class BisectionTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    private final SteadyCompiler steady =
            new SteadyCompiler(Compiler.create(), (texts, trees, about) -> Map.of(), InstantSource.system());
    private int trials;

    private static ResourceKey key(int number) {
        return new ResourceKey("Monitor", "default", "m%03d".formatted(number));
    }

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    private static Inventory monitors(Inventory before, int count, String interval) {
        Inventory all = before;
        for (int number = 0; number < count; number++) {
            all = all.with(declared(
                    key(number),
                    MonitorSpec.class,
                    "{source: {static: {targets: ['a:1']}}, endpoints: [{interval: " + interval + "}]}"));
        }
        return all;
    }

    private static Inventory server(String interval) {
        return Inventory.EMPTY.with(declared(SERVER, PrometheusServerSpec.class, "{scrapeInterval: " + interval + "}"));
    }

    /** Rolls out until nothing is left to try; returns the step that runs, empty where none is taken. */
    private Optional<SteadyCompiler.Step> rollOut(Inventory inventory, Predicate<SteadyCompiler.Step> refuses) {
        while (true) {
            SteadyCompiler.Step step = steady.take(inventory, SERVER, OPTIONS, Optional.empty());
            trials++;
            boolean goesOn;
            if (!refuses.test(step)) {
                steady.loaded(step);
                goesOn = steady.resume();
                if (!goesOn) {
                    return Optional.of(step);
                }
            } else if (step.changed().isEmpty() || (step.changed().size() == 1 && !step.serverChanged())) {
                goesOn = steady.blame(step, step.culprits("no"));
            } else {
                goesOn = steady.search(step, "no");
            }
            if (!goesOn) {
                return Optional.empty();
            }
        }
    }

    private static Predicate<SteadyCompiler.Step> culprits(Set<ResourceKey> culprits) {
        return step -> step.changed().stream().anyMatch(culprits::contains);
    }

    private Set<ResourceKey> blamed() {
        return steady.blames().stream()
                .map(Diagnostic::resource)
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<ResourceKey> keys(int... numbers) {
        return IntStream.of(numbers).mapToObj(BisectionTest::key).collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({"0,5s", "63,5s", "99,5s", "42,7s"})
    void aSingleCulpritIsFoundAndTheOthersRun(int number, String serverInterval) {
        rollOut(monitors(server("5s"), 100, "10s"), step -> false);
        trials = 0;

        Optional<SteadyCompiler.Step> running =
                rollOut(monitors(server(serverInterval), 100, "20s"), culprits(keys(number)));

        assertThat(blamed()).isEqualTo(keys(number));
        assertThat(running).hasValueSatisfying(step -> {
            assertThat(step.held()).isEqualTo(keys(number));
            assertThat(step.compilation().bundle().orElseThrow().jobs().size()).isEqualTo(100);
        });
        assertThat(trials).isLessThan(20);
    }

    @Test
    void severalCulpritsAreFoundOneAfterTheOther() {
        rollOut(monitors(server("5s"), 40, "10s"), step -> false);

        Optional<SteadyCompiler.Step> running = rollOut(monitors(server("5s"), 40, "20s"), culprits(keys(3, 4, 30)));

        assertThat(blamed()).isEqualTo(keys(3, 4, 30));
        assertThat(running).hasValueSatisfying(step -> assertThat(step.held()).isEqualTo(keys(3, 4, 30)));
    }

    @Test
    void ofTwoThatAreRefusedTogetherOneIsBlamed() {
        rollOut(monitors(server("5s"), 8, "10s"), step -> false);
        Set<ResourceKey> taken = new TreeSet<>();

        rollOut(monitors(server("5s"), 8, "20s"), step -> {
            Set<ResourceKey> run = new TreeSet<>(taken);
            run.addAll(step.changed());
            boolean refused = run.containsAll(keys(1, 6));
            if (!refused) {
                taken.addAll(step.changed());
            }
            return refused;
        });

        assertThat(blamed()).hasSize(1).isSubsetOf(keys(1, 6));
    }

    /** What is new of it, Monitors aren't blamed for; and once it is mended nothing stays behind. */
    @Test
    void aServerThatIsRefusedByItselfGoesOnAsItWasWithWhateverElseChanged() {
        rollOut(monitors(server("5s"), 8, "10s"), step -> false);
        trials = 0;

        assertThat(rollOut(monitors(server("7s"), 8, "20s"), SteadyCompiler.Step::serverChanged))
                .hasValueSatisfying(step -> {
                    assertThat(step.held()).containsExactly(SERVER);
                    assertThat(step.changed()).hasSize(8);
                });
        assertThat(trials).isEqualTo(3);
        assertThat(blamed()).containsExactly(SERVER);
        assertThat(rollOut(monitors(server("7s"), 8, "30s"), SteadyCompiler.Step::serverChanged))
                .as("nor does it keep later changes from being loaded")
                .isPresent();

        assertThat(rollOut(monitors(server("5s"), 8, "20s"), step -> false))
                .hasValueSatisfying(step -> assertThat(step.held()).isEmpty());
    }

    @Test
    void aMendedCulpritIsTriedAtOnce() {
        rollOut(monitors(server("5s"), 4, "10s"), step -> false);
        SteadyCompiler.Step refused = steady.take(monitors(server("5s"), 4, "20s"), SERVER, OPTIONS, Optional.empty());
        assertThat(steady.search(refused, "no")).isTrue();

        SteadyCompiler.Step next = steady.take(monitors(server("5s"), 4, "30s"), SERVER, OPTIONS, Optional.empty());

        assertThat(next.changed()).hasSize(4);
        assertThat(next.held()).isEmpty();
    }
}
