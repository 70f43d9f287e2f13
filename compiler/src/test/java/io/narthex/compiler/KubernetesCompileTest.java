package io.narthex.compiler;

import static io.narthex.compiler.Yaml.LAYOUT;
import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.resource;
import static io.narthex.compiler.Yaml.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.narthex.compiler.model.Severity;
import io.narthex.testing.SelfSigned;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What differs where the server is to run in pods. */
class KubernetesCompileTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");
    private static final SecretValue CERTIFICATE =
            SecretValue.of(SelfSigned.make().certificate());
    private static final String STATIC = "source: {static: {targets: ['127.0.0.1:8000']}}\n";

    private static Compilation compile(Inventory inventory, String version) {
        return Compiler.create()
                .compile(
                        inventory,
                        MAIN,
                        CompileOptions.of(
                                Platform.KUBERNETES,
                                PrometheusVersion.parse(version).orElseThrow(),
                                LAYOUT));
    }

    private static Bundle bundle(Inventory inventory, String version) {
        return compile(inventory, version).bundle().orElseThrow();
    }

    @Test
    void everyFileIsAnEntryOfASecret() {
        String long1 = "a".repeat(250);
        Inventory inventory = inventory(monitor(
                "shop",
                STATIC
                        + "endpoints: [{auth: {basic: {username: u, password: {secretRef: {name: web, key: pass}}}}},"
                        + " {name: b, auth: {basic: {username: u, password: {secretRef: {name: " + long1
                        + ", key: pass}}}}}]\n"));
        inventory = secret(secret(inventory, "web", "pass", "x"), long1, "pass", "y");
        Bundle bundle = bundle(inventory, "3.16.0");
        assertThat(bundle.credentials().keySet())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).matches("[-._a-zA-Z0-9]{1,253}"))
                .anySatisfy(path -> assertThat(path).startsWith("credential.default.web.pass."));
        assertThat(bundle.files().keySet()).allSatisfy(path -> assertThat(path).matches("[-._a-zA-Z0-9]{1,253}"));
    }

    @Test
    void theOperatorCanReloadAndSeeWhatArrived() {
        assertThat(bundle(inventory(monitor("shop", STATIC)), "3.16.0").flags())
                .contains("--web.enable-lifecycle", "--web.user-assets=/state/config/arrived");
        assertThat(Yaml.compile(inventory(monitor("shop", STATIC)), "3.16.0")
                        .bundle()
                        .orElseThrow()
                        .flags())
                .noneMatch(flag -> flag.contains("lifecycle") || flag.contains("user-assets"));
    }

    /** Prometheus's API can stop it, and no NetworkPolicy has an effect on a pod of the host's network. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                                              | true",
                "'web: {pageTitle: a}'                                            | true",
                "'web: {tls: {cert: CERT, key: KEY}}'                       | true",
                "'web: {tls: {cert: CERT, key: KEY, clientAuth: RequireAnyClientCert}}' | true",
                "'web: {tls: {cert: CERT, key: KEY, clientCa: CERT}}'       | false",
                "'web: {tls: {cert: CERT, key: KEY, clientCa: CERT, clientAuth: VerifyClientCertIfGiven}}' | true",
                "'web: {users: [{name: a, passwordHash: KEY}]}'                   | false",
            })
    void whoReachesTheNodeMustBeAskedWhoTheyAre(String web, boolean exposed) {
        String spec = "replicas: 1\n"
                + web.replace("CERT", "{secretRef: {name: w, key: c}}").replace("KEY", "{secretRef: {name: w, key: k}}")
                + "\n";
        assertThat(exposures("podTemplate: {spec: {hostNetwork: true}}\n" + spec))
                .isEqualTo(exposed ? 1 : 0);
        assertThat(exposures("podTemplate: {spec: {hostNetwork: false, dnsPolicy: Default}}\n" + spec))
                .isZero();
        assertThat(exposures(spec)).isZero();
    }

    private static long exposures(String server) {
        List<Diagnostic> found =
                compile(inventory(resource("PrometheusServer", "main", server)), "3.16.0").diagnostics().stream()
                        .filter(diagnostic -> diagnostic.code() == DiagnosticCode.LIFECYCLE_EXPOSED)
                        .toList();
        assertThat(found).allSatisfy(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.WARNING);
            assertThat(diagnostic.field()).hasToString("spec.podTemplate.spec.hostNetwork");
        });
        return found.size();
    }

    private static String jobs(String monitor) {
        return bundle(inventory(monitor("shop", monitor)), "3.16.0").files().values().stream()
                .map(file -> new String(file.content(), UTF_8))
                .collect(Collectors.joining());
    }

    /** Prometheus makes a target of each container without ports, too, such as one that only starts a pod. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{pod: {}}     |                                                       | port_number",
                "{pod: {}}     | endpoints: [{port: 80}]                               | number",
                "{pod: {}}     | endpoints: [{relabelings: [{targetLabel: shop}]}]     | port_number",
                "{pod: {}}     | endpoints: [{relabelings: [{targetLabel: __address__}]}] | ''",
                "{pod: {}}     | 'endpoints: [{relabelings: [{targetLabel: \"__${1}__\", sourceLabels: [a]}]}]' | ''",
                "{pod: {}}     | 'prober: {url: http://127.0.0.1:9115, module: icmp}'  | ''",
                "{service: {}} |                                                       | slice",
                "{service: {}} | endpoints: [{port: 53}]                               | slice",
                "{service: {}} | 'prober: {url: http://127.0.0.1:9115, module: dns}'   | ''",
            })
    void onlyPortsThatCanBeScrapedAreTargets(String source, @Nullable String rest, String kept) {
        String jobs = jobs("source: " + source + "\n" + (rest == null ? "" : rest + "\n"));
        String number =
                "source_labels: [__meta_kubernetes_pod_container_port_number]\n    regex: \"(.+)\"\n    action: keep";
        String protocol = "_port_protocol]\n    regex: \"UDP|SCTP\"\n    action: drop";
        assertThat(jobs.contains(number)).isEqualTo(kept.equals("port_number"));
        assertThat(jobs.contains(protocol)).isEqualTo(!kept.isEmpty());
    }

    @Test
    void replicasAreToldApartByTheirPods() {
        String server = resource("PrometheusServer", "main", "replicas: 2\nexternalLabels: {price: 5$}\n");
        assertThat(index(server, "3.16.0"))
                .contains("prometheus_replica: \"${POD_NAME}\"")
                .contains("price: \"5$$\"");
        Bundle old = bundle(inventory(server), "2.55.0");
        assertThat(old.flags()).anyMatch(flag -> flag.contains("expand-external-labels"));
        assertThat(index(resource("PrometheusServer", "main", "replicas: 1\n"), "3.16.0"))
                .doesNotContain("prometheus_replica");
    }

    @Test
    void whoMakesReplicasAlikeIsTold() {
        String labels = "externalLabels: {prometheus_replica: a}\n";
        Compilation alike =
                compile(inventory(resource("PrometheusServer", "main", "replicas: 2\n" + labels)), "3.16.0");
        assertThat(alike.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.WARNING);
            assertThat(found.field()).hasToString("spec.externalLabels.prometheus_replica");
        });
        assertThat(alike.bundle()).isPresent();
        assertThat(compile(inventory(resource("PrometheusServer", "main", labels)), "3.16.0")
                        .diagnostics())
                .isEmpty();
    }

    private static String index(String yaml, String version) {
        return new String(bundle(inventory(yaml), version).index().content(), UTF_8);
    }

    @Test
    void aCertificateOfAConfigMapIsAFileToo() {
        String yaml = monitor(
                "shop",
                STATIC + "endpoints: [{scheme: https, tls: {ca: {configMapRef: {name: roots, key: ca.pem}}}}]\n");
        SecretId id = SecretId.ofConfigMap("default", "roots", "ca.pem");
        Compilation missing = compile(inventory(yaml), "3.16.0");
        assertThat(missing.wantedCredentials().get(id)).contains(1);
        assertThat(missing.diagnostics().getFirst().message())
                .isEqualTo("the credential key ca.pem of the ConfigMap default/roots doesn't exist");
        Inventory there = inventory(yaml).with(id, CERTIFICATE);
        Bundle bundle = bundle(there, "3.16.0");
        assertThat(bundle.credentials()).containsValue(CERTIFICATE);
    }

    @Test
    void aKeyOfAnotherCertificateIsSaid() {
        String yaml = monitor(
                "shop",
                STATIC + "endpoints: [{scheme: https, tls: {cert: {secretRef: {name: tls, key: tls.crt}},"
                        + " key: {secretRef: {name: tls, key: tls.key}}}}]\n");
        SelfSigned one = SelfSigned.make();
        Inventory inventory = secret(inventory(yaml), "tls", "tls.crt", one.certificate());
        assertThat(compile(secret(inventory, "tls", "tls.key", one.key()), "3.16.0")
                        .diagnostics())
                .isEmpty();
        Compilation mixed =
                compile(secret(inventory, "tls", "tls.key", SelfSigned.make().key()), "3.16.0");
        assertThat(mixed.diagnostics()).singleElement().satisfies(found -> {
            assertThat(found.severity()).isEqualTo(Severity.WARNING);
            assertThat(found.message()).contains("isn't that of the certificate in tls/tls.crt");
        });
        // While both are renewed they may not fit for a moment: nothing is taken away for that.
        assertThat(mixed.bundle().orElseThrow().jobs().size()).isEqualTo(1);
    }

    @Test
    void whatIsAskedForIsKnownWhetherItExistsOrNot() {
        String yaml = monitor(
                "shop",
                STATIC + "endpoints: [{auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}}]\n");
        SecretId id = new SecretId("default", "token", "t");
        Compiler compiler = Compiler.create();
        Inventory without = inventory(yaml);
        assertThat(compiler.compile(without, MAIN, Yaml.options("3.16.0"))
                        .wantedCredentials()
                        .get(id))
                .contains(1);
        Inventory with = without.with(id, SecretValue.of("x"));
        assertThat(compiler.compile(with, MAIN, Yaml.options("3.16.0"))
                        .wantedCredentials()
                        .get(id))
                .contains(1);
        Inventory gone = with.without(new ResourceKey("Monitor", "default", "shop"));
        assertThat(compiler.compile(gone, MAIN, Yaml.options("3.16.0"))
                        .wantedCredentials()
                        .isEmpty())
                .isTrue();
    }
}
