package io.narthex.compiler;

import static io.narthex.compiler.Yaml.add;
import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.options;
import static io.narthex.compiler.Yaml.resource;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A change costs what it changes: parts of jobs that it doesn't touch are the very instances of before. */
class IncrementalCompilerTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");
    private static final String STATIC = "source: {static: {targets: ['127.0.0.1:8000']}}\n";
    private static final String SERVER = "monitors: {namespaceSelector: {matchLabels: {team: web}}}\n";

    private final Compiler compiler = Compiler.create();

    private List<BundleFile> files(Inventory inventory, ResourceKey server) {
        return compiler.compile(inventory, server, options("3.16.0")).bundle().orElseThrow().files().values().stream()
                .toList();
    }

    private static String server(String name, String spec) {
        return resource("PrometheusServer", name, spec);
    }

    private static String foreign(String namespace, String name) {
        return monitor(name, STATIC)
                .replace("name: " + name + "\n", "name: " + name + "\n  namespace: " + namespace + "\n");
    }

    @SuppressWarnings("ReferenceEquality") // What was made anew is another instance, whatever it holds.
    private static boolean shares(List<BundleFile> before, List<BundleFile> now) {
        return before.stream().allMatch(file -> now.stream().anyMatch(one -> one == file));
    }

    @Test
    void aNamespaceThatComesGoesOrChangesCostsItsOwnResourcesOnly() {
        Inventory before = inventory(server("main", SERVER) + foreign("shop", "a") + foreign("bank", "b"))
                .withNamespace("shop", Map.of("team", "web"))
                .withNamespace("bank", Map.of("team", "db"));
        List<BundleFile> files = files(before, MAIN);
        assertThat(files).hasSize(1);

        Inventory other = before.withNamespace("pull-request-7", Map.of("ci", "yes"));
        assertThat(shares(files, files(other, MAIN))).isTrue();

        Inventory joined = other.withNamespace("bank", Map.of("team", "web"));
        List<BundleFile> both = files(joined, MAIN);
        assertThat(both).hasSize(2);
        assertThat(shares(files, both)).isTrue();

        Inventory left = joined.withNamespace("shop", Map.of());
        assertThat(compiler.compile(left, MAIN, options("3.16.0")).jobs(new ResourceKey("Monitor", "shop", "a")))
                .isEmpty();
        assertThat(files(left, MAIN)).hasSize(1).allMatch(both::contains);
    }

    @Test
    void twoVersionsOfAServerInTurnCostWhatChanges() {
        Inventory newest = inventory(server("main", "scrapeInterval: 20s\n") + monitor("a", STATIC));
        Inventory earlier = add(newest, server("main", "scrapeInterval: 30s\n"));
        List<BundleFile> ofNewest = files(newest, MAIN);
        List<BundleFile> ofEarlier = files(earlier, MAIN);
        for (String name : List.of("b", "c", "d")) {
            newest = add(newest, monitor(name, STATIC));
            earlier = add(earlier, monitor(name, STATIC));
            assertThat(shares(ofNewest, files(newest, MAIN))).as(name).isTrue();
            assertThat(shares(ofEarlier, files(earlier, MAIN))).as(name).isTrue();
        }
    }

    /** One consent more makes only those Monitors anew that look around. */
    @Test
    void whatAServerMaySeeConcernsWhoGoesByIt() {
        CompileOptions options = CompileOptions.of(
                Platform.KUBERNETES, PrometheusVersion.parse("3.16.0").orElseThrow(), Yaml.LAYOUT);
        Inventory declared = inventory(server("main", "{}")
                + monitor("a", STATIC)
                + monitor("around", "source: {pod: {namespaces: {all: true}}}\n")
                + monitor("named", "source: {ingress: {namespaces: {names: [bank]}}}\n")
                + monitor("nodes", "source: {node: {}}\n"));
        Compilation before = compiler.compile(declared.seenIn(Set.of("default", "shop")), MAIN, options);
        Compilation after = compiler.compile(declared.seenIn(Set.of("default", "shop", "bank")), MAIN, options);
        Compilation whole = compiler.compile(declared, MAIN, options);

        ResourceKey around = new ResourceKey("Monitor", "default", "around");
        assertThat(text(before)).containsPattern("names:\\s+- default\\s+- shop\\n");
        assertThat(text(after)).containsPattern("names:\\s+- bank\\s+- default\\s+- shop\\n");
        assertThat(whole.jobs(around)).hasSize(1);
        assertThat(text(whole)).doesNotContain("shop");
        assertThat(refused(before)).containsExactly("named", "nodes");
        assertThat(refused(after)).containsExactly("nodes");
        assertThat(refused(whole)).isEmpty();
        assertThat(before.bundle().orElseThrow().files().values())
                .filteredOn(file -> new String(file.content(), UTF_8).contains("127.0.0.1"))
                .singleElement()
                .isSameAs(after.bundle().orElseThrow().files().values().stream()
                        .filter(file -> new String(file.content(), UTF_8).contains("127.0.0.1"))
                        .findFirst()
                        .orElseThrow());
    }

    private static String text(Compilation compilation) {
        return compilation.bundle().orElseThrow().files().values().stream()
                .map(file -> new String(file.content(), UTF_8))
                .collect(Collectors.joining());
    }

    private static List<String> refused(Compilation compilation) {
        return compilation.diagnostics().stream()
                .map(found -> found.resource().orElseThrow().name())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void manyServersAreRememberedUntilTheyAreForgotten() {
        StringBuilder yaml = new StringBuilder(monitor("a", STATIC));
        for (int i = 0; i < 100; i++) {
            yaml.append(server("s" + i, "{}"));
        }
        Inventory inventory = inventory(yaml.toString());
        ResourceKey first = new ResourceKey("PrometheusServer", "default", "s0");
        List<BundleFile> files = files(inventory, first);
        for (int i = 1; i < 100; i++) {
            files(inventory, new ResourceKey("PrometheusServer", "default", "s" + i));
        }
        assertThat(shares(files, files(inventory, first))).isTrue();

        compiler.forget(first);

        assertThat(shares(files, files(inventory, first))).isFalse();
    }
}
