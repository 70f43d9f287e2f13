package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.DiscoveryService;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.SwarmService;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a PrometheusServer becomes that somebody else runs. */
class ExternalServerTest {

    private static final String EXTERNAL = """
            mode: External
            external: {url: "http://prometheus:9090"}
            """;

    private static Inventory server(String spec, SwarmService... services) {
        Inventory inventory = Yaml.inventory(Yaml.resource("PrometheusServer", "main", spec));
        for (SwarmService service : services) {
            inventory = inventory.with(service);
        }
        return inventory;
    }

    private static Compilation compile(Inventory inventory, Platform platform, String version) {
        return Compiler.create()
                .compile(
                        inventory,
                        DefaultServer.KEY,
                        CompileOptions.of(
                                        platform,
                                        PrometheusVersion.parse(version).orElseThrow(),
                                        Swarms.LAYOUT)
                                .withDiscovery(new DiscoveryService("http://narthex:9480", SecretValue.of("token"))));
    }

    private static String index(Compilation compilation) {
        Bundle bundle = compilation.bundle().orElseThrow();
        return new String(bundle.index().content(), StandardCharsets.UTF_8);
    }

    @Test
    void allJobsStandInTheStanzaThatSomebodyPastes() {
        Compilation compilation = compile(
                server(EXTERNAL + "alertmanagers: [{name: a, targets: [\"alertmanager:9093\"]}]"),
                Platform.SWARM,
                "3.16.0");

        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(index(compilation))
                .contains("job_name: swarm")
                .contains("url: \"http://narthex:9480/sd/v1/default/main/swarm\"")
                .contains("credentials_file: discovery.token")
                .contains("alertmanager:9093")
                .contains(compilation.bundle().orElseThrow().marker())
                .doesNotContain("scrape_config_files")
                .doesNotContain("storage:", "global:");
        assertThat(compilation.bundle().orElseThrow().flags()).isEmpty();
        assertThat(compilation.bundle().orElseThrow().files()).isEmpty();
    }

    @Test
    void aLabelChangesNothingOfIt() {
        SwarmService labelled =
                Swarms.server().own("scrape", "true", "port", "8000").build();

        assertThat(index(compile(server(EXTERNAL, labelled), Platform.SWARM, "3.16.0")))
                .isEqualTo(index(compile(server(EXTERNAL), Platform.SWARM, "3.16.0")));
    }

    @Test
    void besideComposeFilesAreWrittenAndTheJobHasItsOwnName() {
        SwarmService labelled =
                Swarms.server().own("scrape", "true", "port", "8000").build();
        Compilation compilation = compile(server(EXTERNAL, labelled), Platform.COMPOSE, "3.16.0");

        assertThat(index(compilation)).contains("scrape_config_files");
        assertThat(compilation.bundle().orElseThrow().jobs().find("compose")).isPresent();
        assertThat(compilation.discovery().pool("compose").orElseThrow().endpoints())
                .extracting(endpoint -> endpoint.id())
                .containsExactly("compose/shop/server/metrics");
    }

    @Test
    void whatItsOwnerSaysIsIgnoredWithAWord() {
        Compilation compilation = compile(server(EXTERNAL + """
                        image: prom/prometheus:v3
                        replicas: 2
                        replicaLabel: which_replica
                        retention: {time: 30d}
                        storage: {volume: {name: x}}
                        web: {users: [{name: a, passwordHash: {secretRef: {name: s, key: k}}}]}
                        extraFlags: {query.lookback-delta: 1m}
                        """), Platform.SWARM, "3.16.0");

        assertThat(compilation.diagnostics())
                .filteredOn(one -> one.code() == DiagnosticCode.SETTING_IGNORED)
                .extracting(one -> one.field().toString())
                .containsExactlyInAnyOrder(
                        "spec.image",
                        "spec.replicas",
                        "spec.replicaLabel",
                        "spec.retention",
                        "spec.storage",
                        "spec.web",
                        "spec.extraFlags");
        assertThat(index(compilation)).doesNotContain("30d", "replica");
    }

    @Test
    void besideComposeACredentialIsAFileOfTheFolder() {
        Compilation compilation = compile(server(EXTERNAL + """
                        remoteWrite:
                          - name: far
                            url: "http://far/write"
                            auth: {authorization: {credentials: {secretRef: {name: far, key: token}}}}
                        """), Platform.COMPOSE, "3.16.0");

        assertThat(compilation.diagnostics())
                .filteredOn(one -> one.code() == DiagnosticCode.CREDENTIAL_MISSING)
                .singleElement()
                .satisfies(one -> assertThat(one.message() + one.remedy()).contains(".secrets/far/token", "0600"));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOCAL", "KUBERNETES"})
    void elsewhereNothingIsMadeAndThatIsSaid(Platform platform) {
        Compilation compilation = compile(server(EXTERNAL), platform, "3.16.0");

        assertThat(compilation.bundle()).isEmpty();
        assertThat(compilation.diagnostics())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.SERVER_NOT_RUN);
    }

    @Test
    void besideComposeNoServerIsRun() {
        Compilation compilation = compile(server("scrapeInterval: 15s"), Platform.COMPOSE, "3.16.0");

        assertThat(compilation.bundle()).isEmpty();
        assertThat(compilation.diagnostics())
                .filteredOn(one -> one.severity() == Severity.ERROR)
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.code()).isEqualTo(DiagnosticCode.SETTING_NOT_SERVED);
                    assertThat(one.remedy()).contains("External");
                });
    }
}
