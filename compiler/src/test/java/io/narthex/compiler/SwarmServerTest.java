package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.swarm.DockerSecret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a PrometheusServer becomes as a service of a Swarm. */
class SwarmServerTest {

    private static Inventory server(String spec) {
        return Yaml.inventory(Yaml.resource("PrometheusServer", "main", spec));
    }

    private static Bundle bundle(Inventory inventory) {
        return Swarms.compile(inventory).bundle().orElseThrow();
    }

    @Test
    void theClassicServer() {
        Bundle bundle = bundle(server("""
                listen: {port: 9099}
                retention: {time: 200h}
                scrapeInterval: 15s
                storage:
                  volume: {name: prometheus_data, existing: true}
                swarm: {publish: Ingress, networks: [shop_default]}
                """));
        assertThat(bundle.address().port()).isEqualTo(9099);
        assertThat(bundle.flags())
                .contains("--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus")
                .contains("--web.listen-address=0.0.0.0:9099")
                .noneMatch(flag -> flag.contains("lifecycle"));
        assertThat(Swarms.compile(server("storage:\n  volume: {name: prometheus_data, existing: true}"))
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void whatOnlyKubernetesHasIsToldOf() {
        assertThat(Swarms.compile(server("""
                                imagePullPolicy: Always
                                serviceAccount: {name: x}
                                storage: {size: 10Gi, storageClass: fast}
                                """)).diagnostics())
                .allSatisfy(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.SETTING_IGNORED))
                .extracting(one -> one.field().toString())
                .containsExactlyInAnyOrder(
                        "spec.imagePullPolicy",
                        "spec.serviceAccount",
                        "spec.storage.size",
                        "spec.storage.storageClass");
    }

    /** A server with one shard, or without what its pods are to have, would be another one than was asked for. */
    @Test
    void whatSwarmCouldHaveAndHasNotIsRefused() {
        Compilation compilation = Swarms.compile(server("""
                                shards: 2
                                podTemplate: {spec: {hostNetwork: true}}
                                """));
        assertThat(compilation.diagnostics())
                .allSatisfy(one -> assertThat(one.code()).isEqualTo(DiagnosticCode.SETTING_NOT_SERVED))
                .extracting(one -> one.field().toString())
                .containsExactlyInAnyOrder("spec.shards", "spec.podTemplate");
        assertThat(compilation.diagnostics())
                .as("what no platform serves")
                .filteredOn(one -> one.field().toString().equals("spec.shards"))
                .allSatisfy(one -> assertThat(one.remedy()).doesNotContain("Kubernetes"));
        assertThat(compilation.bundle()).isEmpty();
    }

    @Test
    void theTokenOfTheDiscoveryIsAmongTheCredentials() {
        Bundle bundle = bundle(server("scrapeInterval: 15s"));
        assertThat(bundle.credentials()).containsEntry("discovery.token", SecretValue.of("token"));
        assertThat(bundle.jobs().find("swarm")).isPresent();
        assertThat(bundle(server("discovery: Native")).credentials()).isEmpty();
        assertThat(bundle(server("discovery: Native")).jobs().size()).isZero();
    }

    private static final String REMOTE = """
            remoteWrite:
              - name: far
                url: http://127.0.0.1:1/w
                auth:
                  basic:
                    username: a
                    password:
                      secretRef: {name: far-password, key: password}
            """;

    @Test
    void aDockerSecretIsMountedAsItIs() {
        Bundle bundle = bundle(server(REMOTE).with(Swarms.secret("far-password", "")));
        assertThat(bundle.mountedSecrets())
                .containsOnlyKeys("/run/secrets/far-password")
                .containsValue(Swarms.secret("far-password", ""));
        assertThat(new String(bundle.index().content(), StandardCharsets.UTF_8))
                .contains("password_file: /run/secrets/far-password");
        assertThat(bundle.credentials()).containsOnlyKeys("discovery.token");
    }

    @Test
    void anotherSecretOfTheSameNameIsAReasonToRestart() {
        Inventory inventory = server(REMOTE).with(Swarms.secret("far-password", ""));
        Inventory renewed = inventory.with(new DockerSecret("other-id", "far-password", Map.of()));
        Compiler compiler = Compiler.create();
        String before = compiler.compile(inventory, DefaultServer.KEY, Swarms.options("3.16.0"))
                .bundle()
                .orElseThrow()
                .restartKey();
        assertThat(compiler.compile(renewed, DefaultServer.KEY, Swarms.options("3.16.0"))
                        .bundle()
                        .orElseThrow()
                        .restartKey())
                .isNotEqualTo(before);
    }

    @Test
    void aSecretThatIsNotThereComesWithTheCommand() {
        Compilation compilation = Swarms.compile(server(REMOTE));
        assertThat(compilation.bundle()).isEmpty();
        Diagnostic diagnostic = compilation.diagnostics().getFirst();
        assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.CREDENTIAL_MISSING);
        assertThat(diagnostic.remedy()).contains("docker secret create far-password");
    }

    @Test
    void whatMustStandInsideAFileCannotBeMounted() {
        Inventory inventory = server("""
                web:
                  users:
                    - name: ann
                      passwordHash:
                        secretRef: {name: web, key: ann}
                """);
        assertThat(Swarms.codes(Swarms.compile(inventory.with(Swarms.secret("web", "")))))
                .containsExactly(DiagnosticCode.CREDENTIAL_NOT_READABLE);
        assertThat(Swarms.compile(Yaml.secret(
                                inventory.with(Swarms.secret("web", "")),
                                "web",
                                "ann",
                                "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"))
                        .bundle())
                .isPresent();
    }

    @Test
    void aMonitorsSecretIsMountedAndFollowed() {
        Inventory inventory = Yaml.inventory(Yaml.monitor("web", """
                source:
                  static: {targets: ["127.0.0.1:1"]}
                endpoints:
                  - name: metrics
                    auth:
                      basic:
                        username: a
                        password:
                          secretRef: {name: pw, key: password}
                """));
        Compiler compiler = Compiler.create();
        Compilation without = compiler.compile(inventory, DefaultServer.KEY, Swarms.options("3.16.0"));
        assertThat(Swarms.codes(without)).containsExactly(DiagnosticCode.CREDENTIAL_MISSING);
        Compilation with =
                compiler.compile(inventory.with(Swarms.secret("pw", "")), DefaultServer.KEY, Swarms.options("3.16.0"));
        assertThat(with.bundle().orElseThrow().mountedSecrets()).containsOnlyKeys("/run/secrets/pw");
        assertThat(with.diagnostics()).isEmpty();
        assertThat(compiler.compile(inventory, DefaultServer.KEY, Swarms.options("3.16.0"))
                        .bundle()
                        .orElseThrow()
                        .mountedSecrets())
                .isEmpty();
    }

    @Test
    void replicasSayWhichOneTheyAre() {
        assertThat(new String(bundle(server("replicas: 2")).index().content(), StandardCharsets.UTF_8))
                .contains("prometheus_replica: \"${POD_NAME}\"");
    }
}
