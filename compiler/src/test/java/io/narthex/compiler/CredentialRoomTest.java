package io.narthex.compiler;

import static io.narthex.compiler.Yaml.LAYOUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Credentials in pods have limits, and whoever exceeds them takes nothing from others. */
class CredentialRoomTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");
    private static final String SERVER =
            Yaml.resource("PrometheusServer", "main", "monitors: {namespaceSelector: {}}\n");
    private static final int CA = 220 * 1024;

    private final Compiler compiler = Compiler.create();

    private static Inventory with(Inventory inventory, String namespace, String name, int bytes) {
        String yaml = """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: %2$s, namespace: %1$s}
                spec:
                  source: {static: {targets: ['%2$s:8000']}}
                  endpoints: [{auth: {authorization: {credentials: {secretRef: {name: %2$s, key: token}}}}}]
                """.formatted(namespace, name);
        return Yaml.add(inventory, yaml)
                .with(new SecretId(namespace, name, "token"), SecretValue.of("x".repeat(bytes)));
    }

    private Compilation compile(Inventory inventory, Platform platform) {
        PrometheusVersion version = PrometheusVersion.parse("3.16.0").orElseThrow();
        return compiler.compile(
                inventory,
                MAIN,
                platform == Platform.LOCAL
                        ? CompileOptions.local(version, LAYOUT)
                        : CompileOptions.of(platform, version, LAYOUT));
    }

    private Compilation compile(Inventory inventory) {
        return compile(inventory, Platform.KUBERNETES);
    }

    private static List<String> refused(Compilation compilation) {
        return compilation.diagnostics().stream()
                .filter(one -> one.code() == DiagnosticCode.CREDENTIAL_TOO_LARGE)
                .map(Diagnostic::resource)
                .flatMap(Optional::stream)
                .map(key -> key.namespace() + "/" + key.name())
                .toList();
    }

    @Test
    void oneThatIsTooLargeIsRefusedByItself() {
        Inventory inventory = with(with(Yaml.inventory(SERVER), "shop", "large", 262_145), "shop", "most", 262_144);
        Compilation compilation = compile(inventory);
        assertThat(refused(compilation)).containsExactly("shop/large");
        assertThat(compilation.bundle().orElseThrow().jobs().size()).isEqualTo(1);
        assertThat(refused(compile(inventory, Platform.LOCAL))).isEmpty();
    }

    @Test
    void whoAddsTooMuchGoesWithoutTheLargestAndTheOthersStay() {
        Inventory inventory = with(with(Yaml.inventory(SERVER), "bank", "ca", CA), "shop", "small", 32);
        for (int i = 0; i < 40; i++) {
            inventory = with(inventory, "shop", "ca-" + i, CA);
        }
        Compilation compilation = compile(inventory);
        assertThat(refused(compilation))
                .hasSize(41 - (int) (CredentialRoom.ROOM / (CA + 400)))
                .allMatch(monitor -> monitor.startsWith("shop/ca-"));
        Bundle bundle = compilation.bundle().orElseThrow();
        assertThat(bundle.credentials().values().stream()
                        .mapToLong(SecretValue::size)
                        .sum())
                .isBetween(CredentialRoom.ROOM - CA - 400 * 42, CredentialRoom.ROOM);
        assertThat(bundle.jobs().find("monitor/bank/ca/metrics")).isPresent();
        assertThat(bundle.jobs().find("monitor/shop/small/metrics")).isPresent();
        assertThat(bundle.jobs().size()).isEqualTo(42 - refused(compilation).size());
        assertThat(compilation.monitors()).isEqualTo(42);
        // What is left out is still read, or it could never come back.
        assertThat(compilation
                        .wantedCredentials()
                        .get(new SecretId(
                                "shop", refused(compilation).getFirst().substring("shop/".length()), "token")))
                .contains(1);
    }

    @Test
    void whatIsLeftOutComesBackWhenThereIsRoom() {
        Inventory inventory = Yaml.inventory(SERVER);
        for (int i = 0; i < 24; i++) {
            inventory = with(inventory, "shop", "ca-" + i, CA);
        }
        List<String> first = refused(compile(inventory));
        assertThat(first).isNotEmpty();
        for (int i = 0; i < 24; i++) {
            if (!first.contains("shop/ca-" + i)) {
                inventory = inventory.with(new SecretId("shop", "ca-" + i, "token"), SecretValue.of("short"));
            }
        }
        Compilation later = compile(inventory);
        assertThat(refused(later)).isEmpty();
        assertThat(later.bundle().orElseThrow().jobs().size()).isEqualTo(24);
    }
}
