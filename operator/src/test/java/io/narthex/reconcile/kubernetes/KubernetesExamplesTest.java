package io.narthex.reconcile.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.testing.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each example for Kubernetes compiles without a complaint, for the servers that it declares and for the chart's. */
class KubernetesExamplesTest {

    private static final Path EXAMPLES = Path.of("../examples/kubernetes");
    private static final String PLATFORM = "narthex-system";
    private static final Consent CONSENT = new Consent(Set.of(PLATFORM), Set.of());

    /** What the chart declares: it takes what all namespaces declare. */
    private static final String CHARTS_SERVER = """
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: PrometheusServer
            metadata: {name: main, namespace: narthex-system}
            spec: {monitors: {namespaceSelector: {}}, ruleSets: {namespaceSelector: {}}}
            """;

    static List<String> names() {
        try (Stream<Path> entries = Files.list(EXAMPLES)) {
            return entries.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void noServerComplains(String name) throws IOException {
        Inventory inventory = add(Inventory.EMPTY, CHARTS_SERVER);
        for (String document : documents(name)) {
            if (document.contains("\nkind: Namespace\n")) {
                inventory = inventory.withNamespace(first(document, "name"), labels(document));
            } else if (document.contains("monitoring.narthex.io/v1alpha1")) {
                inventory = add(inventory, document);
            }
        }
        List<ResourceKey> servers = keys(inventory, true);
        List<ResourceKey> declared = keys(inventory, false);
        Set<ResourceKey> taken = new HashSet<>();
        for (ResourceKey key : servers) {
            for (String version : List.of("3.5.1", "3.16.0")) {
                Compilation compilation = compile(new ServerView(key, CONSENT).of(inventory), key, version);
                assertThat(compilation.bundle()).isPresent();
                assertThat(compilation.diagnostics())
                        .as("%s for %s", key, version)
                        .allMatch(diagnostic -> diagnostic.severity() == Severity.INFO
                                // Nothing runs here that could be asked about expressions.
                                || diagnostic.code() == DiagnosticCode.RULES_NOT_CONFINED);
                declared.stream().filter(compilation::selects).forEach(taken::add);
            }
        }
        assertThat(declared).isNotEmpty();
        assertThat(taken).as("what some server takes").containsExactlyInAnyOrderElementsOf(declared);
    }

    private static List<ResourceKey> keys(Inventory inventory, boolean servers) {
        return inventory
                .resources()
                .keys()
                .filter(key -> key.kind().equals("PrometheusServer") == servers)
                .toList();
    }

    @Test
    void theReadmesNameEveryFolder() throws IOException {
        assertThat(names()).hasSizeGreaterThanOrEqualTo(8);
        String readme = Files.readString(EXAMPLES.resolve("README.md"));
        for (String name : names()) {
            assertThat(readme).contains("| [" + name + "](" + name + ")");
            assertThat(Files.readString(EXAMPLES.resolve(name).resolve("README.md")))
                    .contains("examples/kubernetes/" + name);
        }
    }

    private static Compilation compile(Inventory inventory, ResourceKey server, String version) {
        CompileOptions options = CompileOptions.of(
                Platform.KUBERNETES, PrometheusVersion.parse(version).orElseThrow(), DeploymentFactory.LAYOUT);
        Compilation first = Compiler.create().compile(inventory, server, options);
        Inventory whole = inventory;
        for (SecretId id : first.wantedCredentials().keys().toList()) {
            whole = whole.with(id, SecretValue.of(SelfSigned.make().certificate()));
        }
        return Compiler.create().compile(whole, server, options);
    }

    private static List<String> documents(String name) throws IOException {
        List<String> documents = new ArrayList<>();
        try (Stream<Path> files = Files.list(EXAMPLES.resolve(name))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".yaml")).toList()) {
                documents.addAll(List.of(Files.readString(file).split("(?m)^---\n")));
            }
        }
        return documents;
    }

    private static Inventory add(Inventory inventory, String document) {
        ReadResult read = new ResourceReader().read("example.yaml", document.getBytes(UTF_8));
        assertThat(read.diagnostics()).isEmpty();
        Inventory result = inventory;
        for (Declared<?> resource : read.resources()) {
            result = result.with(resource);
        }
        return result;
    }

    private static String first(String document, String field) {
        return document.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(field + ": "))
                .map(line -> line.substring(field.length() + 2))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> labels(String document) {
        return document.contains(Inventory.MONITORED_FROM)
                ? Map.of(Inventory.MONITORED_FROM, first(document, Inventory.MONITORED_FROM))
                : Map.of();
    }
}
