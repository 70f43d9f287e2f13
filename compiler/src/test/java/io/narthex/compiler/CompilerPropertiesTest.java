package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.testing.RealPrograms;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for the compiler whatever it is given. */
class CompilerPropertiesTest {

    private static final String GOOD = "source: {static: {targets: ['127.0.0.1:%d']}}\n";

    private static final List<String> SPECS = List.of(
            GOOD,
            GOOD + "endpoints: [{name: a, interval: %1$ds}, {name: b}]\n",
            "source: {static: {targets: ['127.0.0.1:80', '127.0.0.1:80']}}\njob: j%d\n",
            GOOD + "endpoints: [{name: slow, interval: 5s, timeout: 30s}]\n",
            "source: {pod: {}}\njob: j%d\n",
            GOOD + "endpoints: [{name: a, auth: {basic: {username: u, password: {secretRef: {name: s, key: k}}}}}]\n",
            GOOD + "endpoints: [{name: a, relabelings: [{action: keep, regex: '(?=a)'}]}]\n");

    private static final List<Declared<?>> RESOURCES = resources();

    /** A few versions of each of some dozens of resources. */
    private static List<Declared<?>> resources() {
        List<Declared<?>> all = new ArrayList<>();
        for (int name = 0; name < 40; name++) {
            String spec = SPECS.get(name % SPECS.size());
            for (int version = 1; version <= 3; version++) {
                Inventory one =
                        Yaml.add(Inventory.EMPTY, Yaml.monitor("m" + name, String.format(spec, name * 10 + version)));
                all.add(one.monitors().findFirst().orElseThrow());
            }
        }
        for (int name = 0; name < 10; name++) {
            for (int version = 1; version <= 3; version++) {
                String expression = name == 3 ? "" : "up == " + version;
                String rule = "groups: [{name: web, rules: [{alert: A, expr: '"
                        + (expression.isEmpty() ? " " : expression) + "'}]}]\n";
                Inventory one = Yaml.add(Inventory.EMPTY, Yaml.resource("RuleSet", "r" + name, rule));
                all.add(one.ruleSets().findFirst().orElseThrow());
            }
        }
        for (String server : List.of(
                "scrapeInterval: 15s\n",
                "scrapeInterval: 30s\nretention: {time: 1d}\n",
                "monitors: {selector: {matchLabels: {a: b}}}\n",
                "retention: {time: 0s}\n",
                "scrapeInterval: 15s\nagent: {}\n")) {
            Inventory one = Yaml.add(Inventory.EMPTY, Yaml.resource("PrometheusServer", "main", server));
            all.add(one.servers().findFirst().orElseThrow());
        }
        return List.copyOf(all);
    }

    private static Inventory inventory(Random random, int count) {
        List<Declared<?>> chosen = new ArrayList<>(RESOURCES);
        Collections.shuffle(chosen, random);
        Inventory inventory = Inventory.EMPTY;
        for (Declared<?> resource : chosen.subList(0, count)) {
            inventory = inventory.with(resource);
        }
        return inventory;
    }

    private static Inventory edit(Inventory inventory, Random random) {
        SecretId secret = new SecretId("default", "s", "k");
        Declared<?> resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
        return switch (random.nextInt(8)) {
            case 0, 1 -> inventory.without(resource.key());
            case 2 -> inventory.with(secret, SecretValue.of("v" + random.nextInt(3)));
            case 3 -> inventory.without(secret);
            case 4 -> inventory.withNamespace("default", Map.of("n", "v" + random.nextInt(2)));
            default -> inventory.with(resource);
        };
    }

    private static void assertSame(Compilation one, Compilation other) {
        assertThat(one.diagnostics()).isEqualTo(other.diagnostics());
        assertThat(one.bundle().isPresent()).isEqualTo(other.bundle().isPresent());
        assertThat(one.expressions()).isEqualTo(other.expressions());
        for (Severity severity : Severity.values()) {
            assertThat(one.count(severity)).isEqualTo(other.count(severity));
        }
        if (one.bundle().isPresent()) {
            assertSame(one.bundle().get(), other.bundle().orElseThrow());
        }
    }

    private static void assertSame(Bundle one, Bundle other) {
        assertThat(one.generation()).isEqualTo(other.generation());
        assertThat(one.index().content()).isEqualTo(other.index().content());
        assertThat(one.files()).isEqualTo(other.files());
        one.files()
                .forEach((path, file) -> assertThat(file.content())
                        .isEqualTo(
                                Objects.requireNonNull(other.files().get(path)).content()));
        assertThat(one.credentials()).isEqualTo(other.credentials());
        assertThat(one.flags()).isEqualTo(other.flags());
        assertThat(one.restartKey()).isEqualTo(other.restartKey());
        assertThat(one.jobs().all())
                .containsExactlyElementsOf(other.jobs().all().toList());
    }

    @Property(tries = 60)
    void theOrderOfInputMakesNoDifference(@ForAll Random random, @ForAll @IntRange(max = 100) int count) {
        Inventory one = inventory(random, count);
        List<Declared<?>> shuffled = new ArrayList<>();
        one.resources().values().forEach(shuffled::add);
        Collections.shuffle(shuffled, random);
        Inventory other = Inventory.EMPTY;
        for (Declared<?> resource : shuffled) {
            other = other.with(resource);
        }
        assertSame(
                Yaml.compile(DefaultServer.addTo(one), "3.16.0"), Yaml.compile(DefaultServer.addTo(other), "3.16.0"));
    }

    @Property(tries = 60)
    void aWarmCompilerMakesWhatAColdOneDoes(@ForAll Random random, @ForAll @IntRange(min = 1, max = 30) int edits) {
        Compiler warm = Compiler.create();
        Inventory inventory = inventory(random, 60);
        for (int i = 0; i < edits; i++) {
            for (int many = random.nextInt(4); many >= 0; many--) {
                inventory = edit(inventory, random);
            }
            String version = random.nextInt(10) == 0 ? "2.42.0" : "3.16.0";
            Inventory now = random.nextInt(5) == 0 ? inventory : DefaultServer.addTo(inventory);
            assertSame(
                    warm.compile(now, DefaultServer.KEY, Yaml.options(version)),
                    Compiler.create().compile(now, DefaultServer.KEY, Yaml.options(version)));
        }
    }

    @Property(tries = 300)
    void aHostileTextInOneMonitorHarmsNoOther(@ForAll Random random) {
        Inventory good = Golden.inventory("monitors");
        Optional<Map.Entry<String, Inventory>> hostile = Hostile.mutate(good, random, name -> true);
        if (hostile.isEmpty()) {
            return;
        }
        List<ResourceKey> touched = new ArrayList<>();
        hostile.get().getValue().resources().differences(good.resources(), (key, old, now) -> touched.add(key));
        if (touched.isEmpty() || !touched.getFirst().kind().equals("Monitor")) {
            return;
        }
        ResourceKey bad = touched.getFirst();
        assertThat(others(hostile.get().getValue(), bad))
                .as(hostile.get().getKey())
                .isEqualTo(others(good, bad));
    }

    private static Map<String, List<Origin>> others(Inventory inventory, ResourceKey but) {
        Compilation compilation = Yaml.compile(inventory, "3.16.0");
        Map<String, List<Origin>> found = new TreeMap<>();
        compilation
                .bundle()
                .orElseThrow()
                .jobs()
                .all()
                .filter(job -> !job.resource().equals(but))
                .map(JobEntry::name)
                .forEach(name -> found.put(
                        name,
                        compilation.origins(name).stream()
                                .map(origin -> new Origin(0, origin.text(), origin.resource(), origin.field()))
                                .toList()));
        return found;
    }

    @Property(tries = 1500)
    void anyTextInAnyFieldGivesADiagnosticOrABundleAndNeverAnException(@ForAll Random random) {
        String input = Golden.INPUTS.get(random.nextInt(Golden.INPUTS.size()));
        String version = RealPrograms.RELEASES.get(random.nextInt(RealPrograms.RELEASES.size()));
        Hostile.mutate(Golden.inventory(input), random, name -> true).ifPresent(hostile -> {
            Compilation compilation = Yaml.compile(hostile.getValue(), version + ".0");
            assertThat(compilation.bundle().isPresent()
                            || !compilation.diagnostics().isEmpty())
                    .as(hostile.getKey())
                    .isTrue();
            compilation
                    .bundle()
                    .ifPresent(bundle -> bundle.jobs()
                            .all()
                            .forEach(job ->
                                    assertThat(compilation.origins(job.name())).isNotEmpty()));
        });
    }
}
