package io.narthex.compiler;

import static io.narthex.compiler.Yaml.LAYOUT;
import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.resource;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Prometheus lists of Kubernetes what its server may see, and the user is told of what it may not. */
class SightTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "default", "web");
    private static final Set<String> SOME = Set.of("default", "shop");

    private static Compilation compile(Inventory inventory) {
        return Compiler.create()
                .compile(
                        inventory,
                        MAIN,
                        CompileOptions.of(
                                Platform.KUBERNETES,
                                PrometheusVersion.parse("3.16.0").orElseThrow(),
                                LAYOUT));
    }

    private static Compilation web(String source) {
        return compile(inventory(monitor("web", "source: " + source + "\n")).seenIn(SOME));
    }

    private static String text(Compilation compilation) {
        Bundle bundle = compilation.bundle().orElseThrow();
        return bundle.files().values().stream()
                .map(BundleFile::content)
                .map(bytes -> new String(bytes, UTF_8))
                .collect(Collectors.joining());
    }

    /** Below 3.13 Prometheus would send the credentials wherever a redirect leads. */
    @Test
    void nobodyIsToldOfRedirectsThatAnApiServerDoesntMake() {
        String server = resource(
                "PrometheusServer",
                "main",
                "kubernetes: {url: 'https://cluster.example:6443', auth: {authorization: {credentials: {secretRef:"
                        + " {name: cluster, key: token}}}}}\n");
        Inventory inventory = inventory(server + monitor("web", "source: {pod: {}}\n"))
                .with(new SecretId("default", "cluster", "token"), SecretValue.of("t"));
        Compilation compilation = Yaml.compile(inventory, "3.12.0");
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(text(compilation)).contains("follow_redirects: false");
    }

    private static List<Diagnostic> coded(Compilation compilation, DiagnosticCode code) {
        return compilation.diagnostics().stream()
                .filter(diagnostic -> diagnostic.code() == code)
                .toList();
    }

    @Test
    void allNamespacesAreThoseThatTheServerMaySee() {
        for (String kind : List.of("service", "pod", "ingress")) {
            String source = "{" + kind + ": {namespaces: {all: true}}}";
            assertThat(text(web(source)))
                    .as(kind)
                    .containsPattern("names:\\s+- default\\s+- shop\\n")
                    .doesNotContain("own_namespace");
            assertThat(text(compile(inventory(monitor("web", "source: " + source + "\n")))))
                    .as(kind + " of a server that sees all")
                    .contains("kubernetes_sd_configs")
                    .doesNotContain("namespaces:");
        }
    }

    @Test
    void aNamespaceThatAgreesLaterIsLookedAtFromThenOn() {
        Compiler compiler = Compiler.create();
        CompileOptions options = CompileOptions.of(
                Platform.KUBERNETES, PrometheusVersion.parse("3.16.0").orElseThrow(), LAYOUT);
        Inventory before = inventory(monitor("web", "source: {pod: {namespaces: {all: true}}}\n"))
                .seenIn(Set.of("default"));
        assertThat(text(compiler.compile(before, MAIN, options))).doesNotContain("- shop");
        assertThat(text(compiler.compile(before.seenIn(SOME), MAIN, options))).contains("- shop");
    }

    @Test
    void nodesAreForThoseWhoSeeTheWholeCluster() {
        assertThat(coded(web("{node: {}}"), DiagnosticCode.NODES_NOT_VISIBLE))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.resource()).contains(WEB);
                    assertThat(found.field()).hasToString("spec.source.node");
                });
        assertThat(web("{node: {}}").jobs(WEB)).isEmpty();
        for (String kind : List.of("service", "pod")) {
            Compilation attached = web("{" + kind + ": {attachNodeMetadata: true}}");
            assertThat(coded(attached, DiagnosticCode.NODES_NOT_VISIBLE))
                    .singleElement()
                    .satisfies(found ->
                            assertThat(found.field()).hasToString("spec.source." + kind + ".attachNodeMetadata"));
            assertThat(attached.jobs(WEB)).isEmpty();
        }
        assertThat(compile(inventory(monitor("web", "source: {node: {}}\n"))).diagnostics())
                .isEmpty();
        assertThat(web("{pod: {}}").diagnostics()).isEmpty();
    }

    @Test
    void aNamespaceThatIsNamedAndCantBeSeenIsSaid() {
        Compilation compilation = web("{service: {namespaces: {names: [shop, bank]}}}");
        assertThat(compilation.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.code()).isEqualTo(DiagnosticCode.NAMESPACE_NOT_VISIBLE);
            assertThat(found.field()).hasToString("spec.source.service.namespaces.names[1]");
            assertThat(found.message()).isEqualTo("the server default/main may not see the namespace bank");
            assertThat(found.position()).isPresent();
        });
        // The other namespace is looked at, and this one as soon as it agrees.
        assertThat(text(compilation)).containsPattern("- bank\\s+- shop\\n");
    }

    @Test
    void anAlertmanagerInANamespaceThatCantBeSeenIsSaid() {
        String server = resource(
                "PrometheusServer",
                "main",
                "alertmanagers: [{name: a, service: {name: am, namespace: bank, port: web}},"
                        + " {name: b, service: {name: am, namespace: shop, port: web}},"
                        + " {name: c, service: {name: am, port: web}}]\n");
        assertThat(compile(inventory(server).seenIn(SOME)).diagnostics())
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.code()).isEqualTo(DiagnosticCode.NAMESPACE_NOT_VISIBLE);
                    assertThat(found.resource()).contains(MAIN);
                    assertThat(found.field()).hasToString("spec.alertmanagers[a].service.namespace");
                });
        assertThat(compile(inventory(server)).diagnostics()).isEmpty();
    }

    @Test
    void whoNamesAnApiServerSeesThereWhatItsCredentialsMay() {
        String server = resource(
                "PrometheusServer",
                "main",
                "kubernetes: {url: 'https://cluster.example:6443', auth: {authorization: {credentials: {secretRef:"
                        + " {name: cluster, key: token}}}}}\n"
                        + "alertmanagers: [{service: {name: am, namespace: bank, port: web}}]\n");
        Inventory inventory = inventory(server + monitor("web", "source: {node: {}}\n"))
                .with(new SecretId("default", "cluster", "token"), SecretValue.of("t"))
                .seenIn(SOME);
        Compilation compilation = compile(inventory);
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(compilation.jobs(WEB)).hasSize(1);
        String index = new String(compilation.bundle().orElseThrow().index().content(), UTF_8);
        assertThat(index.substring(index.indexOf("alerting:")))
                .containsPattern("api_server: \"?https://cluster.example:6443\"?\\n")
                .containsPattern("authorization:\\s+credentials_file: \\S*credential.default.cluster.token");
    }
}
