package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.rollout.Culprit;
import io.narthex.testbed.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A mistake never takes a working job away. */
class SteadyCompilerTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "default", "web");
    private static final ResourceKey DB = new ResourceKey("Monitor", "default", "db");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    private final SteadyCompiler steady = new SteadyCompiler(Compiler.create(), (texts, trees, about) -> Map.of());

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    private static Declared<MonitorSpec> monitor(ResourceKey key, String interval) {
        return declared(
                key,
                MonitorSpec.class,
                "{source: {static: {targets: ['a:1']}}, endpoints: [{interval: 10s, timeout: " + interval + "}]}");
    }

    private static Inventory inventory() {
        return Inventory.EMPTY
                .with(declared(SERVER, PrometheusServerSpec.class, "{}"))
                .with(monitor(WEB, "5s"))
                .with(monitor(DB, "5s"));
    }

    private SteadyCompiler.Step take(Inventory inventory) {
        return steady.take(inventory, SERVER, OPTIONS, Optional.empty());
    }

    private static int jobs(SteadyCompiler.Step step) {
        return step.compilation().bundle().orElseThrow().jobs().size();
    }

    @Test
    void whatIsRefusedGoesOnAsPrometheusLastTookIt() {
        SteadyCompiler.Step first = take(inventory());
        steady.loaded(first);

        SteadyCompiler.Step second = take(inventory().with(monitor(WEB, "60s")));

        assertThat(second.held()).containsExactly(WEB);
        assertThat(jobs(second)).isEqualTo(2);
        assertThat(second.compilation().bundle().orElseThrow().generation())
                .isEqualTo(first.compilation().bundle().orElseThrow().generation());
        assertThat(second.written().diagnostics(WEB)).isNotEmpty();
    }

    @Test
    void whatNeverRanIsLeftOut() {
        SteadyCompiler.Step step = take(inventory().with(monitor(WEB, "60s")));

        assertThat(step.held()).containsExactly(WEB);
        assertThat(jobs(step)).isEqualTo(1);
    }

    /** As for an operator that was started anew. */
    @Test
    void whatWasTakenBeforeIsFallenBackToWhereTheNewestIsRefused() {
        int all = jobs(take(inventory()));
        steady.restore(List.of(monitor(WEB, "4s"), monitor(new ResourceKey("Monitor", "default", "gone"), "4s")));

        SteadyCompiler.Step step = take(inventory().with(monitor(WEB, "60s")));
        assertThat(step.held()).containsExactly(WEB);
        assertThat(jobs(step)).isEqualTo(all);
        assertThat(step.inventory().find(WEB).orElseThrow().spec())
                .isEqualTo(monitor(WEB, "4s").spec());
        assertThat(take(inventory()).inventory().find(WEB).orElseThrow().spec())
                .as("one that isn't refused")
                .isEqualTo(monitor(WEB, "5s").spec());
    }

    @Test
    void onlyWhatPrometheusHasntTakenIsChanged() {
        SteadyCompiler.Step first = take(inventory());
        assertThat(first.changed()).containsExactlyInAnyOrder(WEB, DB);
        steady.loaded(first);

        assertThat(take(first.inventory()).changed()).isEmpty();
        assertThat(take(first.inventory().with(monitor(DB, "6s"))).changed()).containsExactly(DB);
    }

    @Test
    void whomPrometheusBlamesIsLeftOutUntilItChanges() {
        Inventory before = inventory();
        steady.loaded(take(before));
        Inventory after = before.with(monitor(DB, "6s"));
        SteadyCompiler.Step step = take(after);

        assertThat(steady.blame(step, List.of(new Culprit(DB, "no")))).isTrue();
        assertThat(steady.blame(step, List.of(new Culprit(DB, "no")))).isFalse();

        assertThat(take(after).held()).containsExactly(DB);
        assertThat(steady.blames())
                .singleElement()
                .satisfies(blame -> assertThat(blame.message()).contains("no"));
        assertThat(take(after.with(monitor(DB, "7s"))).held()).isEmpty();
        assertThat(steady.blames()).isEmpty();
    }

    @Test
    void withoutSomeTheRestStays() {
        SteadyCompiler.Step step = take(inventory());

        assertThat(steady.without(step, java.util.Set.of(WEB), OPTIONS)
                        .orElseThrow()
                        .jobs()
                        .size())
                .isEqualTo(1);
    }
}
