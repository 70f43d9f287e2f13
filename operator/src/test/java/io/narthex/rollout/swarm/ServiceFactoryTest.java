package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import io.narthex.docker.RegistryLogins;
import io.narthex.prometheus.ServerAccess;
import io.narthex.testbed.Specs;
import io.narthex.testing.SelfSigned;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PrometheusServer becomes in a Swarm: the same each time, and as declared. */
class ServiceFactoryTest {

    private static final ResourceKey KEY = new ResourceKey("PrometheusServer", "default", "main");
    private static final SelfSigned CERTIFICATE = SelfSigned.make();
    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW";

    private static final ServiceFactory FACTORY = new ServiceFactory("narthex", "quay.io/prometheus/prometheus");

    private static SwarmDeployment made(String spec) {
        Declared<PrometheusServerSpec> server =
                new Declared<>(KEY, Map.of(), Map.of(), Specs.read(spec, PrometheusServerSpec.class), SourceMap.NONE);
        CompileOptions options =
                CompileOptions.of(Platform.SWARM, PrometheusVersion.NEWEST_KNOWN, ServiceFactory.LAYOUT);
        Inventory inventory = Inventory.EMPTY
                .with(server)
                .with(secret("admin"), SecretValue.of(HASH))
                .with(secret("tls.crt"), SecretValue.of(CERTIFICATE.certificate()))
                .with(secret("tls.key"), SecretValue.of(CERTIFICATE.key()));
        return FACTORY.make(
                server,
                Compiler.create().compile(inventory, KEY, options).bundle().orElseThrow(),
                List.of("n1", "n2"),
                new TreeMap<>(),
                RegistryLogins.NONE,
                ServerAccess.OPEN);
    }

    private static SecretId secret(String key) {
        return new SecretId("default", "web", key);
    }

    private static JsonNode container(SwarmDeployment deployment) {
        return deployment.template().at("/TaskTemplate/ContainerSpec");
    }

    private static String health(SwarmDeployment deployment) throws Exception {
        return new ObjectMapper()
                .writeValueAsString(container(deployment).at("/Healthcheck/Test"))
                .replace('"', '\'');
    }

    private static final String USERS = "users: [{name: admin, passwordHash: {secretRef: {name: web, key: admin}}}]";
    private static final String TLS =
            "tls: {cert: {secretRef: {name: web, key: tls.crt}}," + " key: {secretRef: {name: web, key: tls.key}}}";

    /** A difference would restart every Prometheus when the operator is restarted. */
    @Test
    void theSameServerBecomesTheSame() {
        String spec = "{swarm: {labels: {b: c, a: b}, publish: Host}}";
        assertThat(made(spec).template()).isEqualTo(made(spec).template());
        assertThat(made(spec).release()).isEqualTo(made(spec).release());
    }

    @Test
    void anOpenServerIsAskedWhetherItIsWell() throws Exception {
        SwarmDeployment open = made("{listen: {port: 9099}, routePrefix: /prom}");
        assertThat(health(open))
                .isEqualTo("['CMD','wget','-q','-O','/dev/null','http://127.0.0.1:9099/prom/-/healthy']");
        assertThat(container(open).at("/Labels/io.narthex.listens").asText()).isEqualTo("http://0.0.0.0:9099/prom");
    }

    @Test
    void aClosedServerIsSeenToBeClosedWithoutAPassword() throws Exception {
        SwarmDeployment users = made("{web: {" + USERS + "}}");
        assertThat(health(users))
                .isEqualTo(
                        "['CMD-SHELL','wget -q -O /dev/null http://127.0.0.1:9090/-/healthy 2>&1 | grep -q ' 401 '']");
        SwarmDeployment tls = made("{web: {" + TLS + ", " + USERS + "}}");
        // 9090 is 2382 in hexadecimal.
        assertThat(health(tls)).isEqualTo("['CMD-SHELL','grep -qE ':2382 0+:0000 0A ' /proc/net/tcp /proc/net/tcp6']");
        assertThat(container(tls).at("/Labels/io.narthex.listens").asText()).isEqualTo("https://0.0.0.0:9090");
        assertThat(tls.template().toString()).doesNotContain(HASH);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                          | dnsrr | ",
                "{swarm: {publish: None}}    | dnsrr | ",
                "{swarm: {publish: Host}}    | dnsrr | host",
                "{swarm: {publish: Ingress}} | vip   | ingress",
            })
    void onlyTheRoutingMeshTakesAVirtualAddress(String spec, String mode, String publish) {
        JsonNode endpoint = made(spec).template().path("EndpointSpec");
        assertThat(endpoint.path("Mode").asText()).isEqualTo(mode);
        assertThat(endpoint.at("/Ports/0/PublishMode").textValue()).isEqualTo(publish);
    }

    @Test
    void imagesAreHadAsDeclared() {
        assertThat(made("{}").images().resolve()).isEqualTo(ResolveImage.CHANGED);
        SwarmDeployment declared = made("{swarm: {resolveImage: Never, imageRegistryAuth: logins-1}}");
        assertThat(declared.images().resolve()).isEqualTo(ResolveImage.NEVER);
        assertThat(declared.images().secret()).hasValue("logins-1");
        // Another login must reach Docker, which takes another version.
        assertThat(declared.release().restartKey())
                .isNotEqualTo(made("{swarm: {resolveImage: Never, imageRegistryAuth: logins-2}}")
                        .release()
                        .restartKey());
        assertThat(made("{swarm: {resolveImage: Never}}").release().restartKey())
                .isEqualTo(made("{swarm: {resolveImage: Always}}").release().restartKey());
    }

    /** Otherwise nothing would be compared, and a change of where samples are kept be ignored. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{storage: {volume: {name: another}}}",
                "{storage: {volume: {driver: rexray}}}",
                "{storage: {volume: {driverOptions: {type: nfs, device: ':/x'}}}}",
                "{storage: {volume: {node: n2}}}",
                "{swarm: {constraints: [node.role==manager]}}",
            })
    void anotherPlaceForTheSamplesIsAnotherVersion(String spec) {
        assertThat(made(spec).release().restartKey())
                .isNotEqualTo(made("{}").release().restartKey());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                | 0 | narthex-main-data",
                "{}                                | 2 | narthex-main-2-data",
                "{storage: {volume: {name: disk}}} | 0 | disk",
                "{storage: {volume: {name: disk}}} | 2 | disk-2",
            })
    void aReplicaHasAVolumeOfItsOwn(String spec, int replica, String volume) {
        // Put back while another volume is declared, it still is on its own.
        assertThat(Volumes.mounted(service(made(spec), replica))).isEqualTo(volume);
    }

    private static ObjectNode service(SwarmDeployment deployment, int replica) {
        DataVolume other = made("{storage: {volume: {name: other}}}").volume();
        return ServiceFactory.service(
                new SwarmNames("narthex", KEY),
                deployment.version(),
                deployment.release(),
                replica,
                other,
                List.of(),
                Map.of());
    }

    @Test
    void refusesAnotherVolumeThanTheOneWithTheSamples() throws Exception {
        JsonNode before = JsonNodeFactory.instance.objectNode().set("Spec", service(made("{}"), 0));
        SwarmDeployment changed = made("{storage: {volume: {name: another}}}");
        assertThatThrownBy(() -> Volumes.refuseOther(before, service(changed, 0), changed.volume()))
                .isInstanceOf(NotDone.class)
                .hasMessageContainingAll(
                        "narthex-main-data", "another", "storage.volume.name", "storage.allowDataLoss: true");
        SwarmDeployment permitted = made("{storage: {allowDataLoss: true, volume: {name: another}}}");
        Volumes.refuseOther(before, service(permitted, 0), permitted.volume());
        Volumes.refuseOther(before, service(made("{}"), 0), made("{}").volume());
    }

    @Test
    void joinsTheNetworksThatItIsGiven() {
        SwarmDeployment deployment = made("{}");
        assertThat(deployment.template().at("/TaskTemplate/Networks").toString())
                .isEqualTo("[{\"Target\":\"n1\"},{\"Target\":\"n2\"}]");
    }
}
