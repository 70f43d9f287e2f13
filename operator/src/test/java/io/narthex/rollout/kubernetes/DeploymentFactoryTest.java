package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.prometheus.ServerAccess;
import io.narthex.testbed.Specs;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a PrometheusServer becomes: the same each time, as the restricted Pod Security Standard wants it, and as declared. */
class DeploymentFactoryTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final ResourceKey KEY = new ResourceKey("PrometheusServer", "shop", "main");

    private final DeploymentFactory factory = new DeploymentFactory(
            new DeploymentSettings(
                    "registry.example.com/prometheus", "narthex-discovery", Optional.of("narthex-system")),
            YAML);

    private Deployment made(String spec) throws PodOverlay.Refused {
        return made(spec, Optional.empty());
    }

    private Deployment made(String spec, Optional<Declared<?>> monitor) throws PodOverlay.Refused {
        Declared<PrometheusServerSpec> server =
                new Declared<>(KEY, Map.of(), Map.of(), Specs.read(spec, PrometheusServerSpec.class), SourceMap.NONE);
        Inventory inventory = Inventory.EMPTY.with(server);
        CompileOptions options =
                CompileOptions.of(Platform.KUBERNETES, PrometheusVersion.NEWEST_KNOWN, DeploymentFactory.LAYOUT);
        return factory.make(
                server,
                "uid",
                Compiler.create()
                        .compile(monitor.map(inventory::with).orElse(inventory), KEY, options)
                        .bundle()
                        .orElseThrow(),
                ServerAccess.OPEN);
    }

    private static PodSpec pod(Deployment deployment) {
        return deployment.statefulSet().getSpec().getTemplate().getSpec();
    }

    private static Container prometheus(Deployment deployment) {
        return pod(deployment).getContainers().getFirst();
    }

    /** A difference would restart every Prometheus when the operator is restarted. */
    @Test
    void theSameServerBecomesTheSame() throws Exception {
        Deployment one = made("{pod: {labels: {b: c, a: b}}}");
        Deployment two = made("{pod: {labels: {a: b, b: c}}}");

        assertThat(YAML.asJson(two.statefulSet())).isEqualTo(YAML.asJson(one.statefulSet()));
        assertThat(two.objects()).isEqualTo(one.objects());
        assertThat(two.release()).isEqualTo(one.release());
        assertThat(made("{pod: {labels: {a: c}}}").release().restartKey())
                .isNotEqualTo(one.release().restartKey());
    }

    /** The objects aren't made anew for a Monitor, so what is taken over must be what would be made. */
    @Test
    void anotherMonitorLeavesTheObjectsAsTheyWouldBeMade() throws Exception {
        Deployment before = made("{}");
        Deployment after = made(
                "{}",
                Optional.of(new Declared<>(
                        new ResourceKey("Monitor", "shop", "web"),
                        Map.of(),
                        Map.of(),
                        Specs.read(
                                "{source: {static: {targets: [\"127.0.0.1:1\"]}}, endpoints: [{}]}", MonitorSpec.class),
                        SourceMap.NONE)));

        assertThat(after.release()).isNotEqualTo(before.release());
        assertThat(before.with(after.bundle(), ServerAccess.OPEN)).contains(after);
    }

    @Test
    void anotherFlagMakesOtherObjects() throws Exception {
        Deployment before = made("{}");
        Deployment after = made("{web: {maxConnections: 7}}");

        assertThat(after.bundle().flags()).isNotEqualTo(before.bundle().flags());
        assertThat(before.with(after.bundle(), ServerAccess.OPEN)).isEmpty();
    }

    @Test
    void everyObjectIsTheServersAndCanBeFound() throws Exception {
        Deployment deployment = made("{}");

        assertThat(deployment.objects())
                .extracting(HasMetadata::getKind)
                .containsExactlyInAnyOrder(
                        "ServiceAccount", "RoleBinding", "Service", "Service", "PodDisruptionBudget", "NetworkPolicy");
        assertThat(deployment.objects()).allSatisfy(object -> {
            ObjectMeta metadata = object.getMetadata();
            assertThat(metadata.getNamespace()).isEqualTo("shop");
            assertThat(metadata.getLabels())
                    .containsAllEntriesOf(ObjectNames.of(KEY).selector());
            assertThat(metadata.getOwnerReferences()).singleElement().satisfies(owner -> {
                assertThat(owner.getUid()).isEqualTo("uid");
                // Who deletes the server mustn't be kept from it.
                assertThat(owner.getBlockOwnerDeletion()).isFalse();
            });
        });
    }

    @Test
    void podsMeetTheRestrictedStandard() throws Exception {
        PodSpec pod = pod(made("{}"));
        Container container = pod.getContainers().getFirst();

        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(600);
        // A mount by subPath would never see a change.
        assertThat(container.getVolumeMounts())
                .allSatisfy(mount -> assertThat(mount.getSubPath()).isNull());
    }

    @Test
    void probesHonourTheRoutePrefixAndAskNobodyWhoIsAskedWhoHeIs() throws Exception {
        Container open = prometheus(made("{routePrefix: /prom}"));
        assertThat(open.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/prom/-/ready");
        assertThat(open.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/prom/-/healthy");
        assertThat(open.getReadinessProbe().getHttpGet().getScheme()).isEqualTo("HTTP");

        String spec = "{web: {users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]}}";
        assertThat(Specs.read(spec, PrometheusServerSpec.class).asksWho()).isTrue();
        assertThat(Specs.read("{}", PrometheusServerSpec.class).asksWho()).isFalse();
    }

    @Test
    void storageIsAClaimAFolderOrAnothersClaim() throws Exception {
        assertThat(made("{storage: {size: 8Gi, storageClass: fast}}")
                        .statefulSet()
                        .getSpec()
                        .getVolumeClaimTemplates())
                .singleElement()
                .extracting(YAML::asJson)
                .asString()
                .contains("\"storageClassName\":\"fast\"", "\"storage\":\"8Gi\"");
        assertThat(pod(made("{storage: {size: 8Gi}}")).getVolumes())
                .extracting("name")
                .containsExactly("config");
        assertThat(pod(made("{storage: {existingClaim: mine}}")).getVolumes())
                .filteredOn(volume -> volume.getName().equals("data"))
                .singleElement()
                .satisfies(
                        volume -> assertThat(volume.getPersistentVolumeClaim().getClaimName())
                                .isEqualTo("mine"));
        assertThat(made("{}").statefulSet().getSpec().getVolumeClaimTemplates()).isEmpty();
    }

    @Test
    void aClaimAndAnotherVolumeDontTurnIntoEachOther() throws Exception {
        Deployment claimed = made("{storage: {size: 8Gi}}");
        Deployment plain = made("{}");

        assertThat(VolumeClaims.conflict(claimed.statefulSet(), plain.statefulSet()))
                .isPresent();
        assertThat(VolumeClaims.conflict(plain.statefulSet(), claimed.statefulSet()))
                .isPresent();
        assertThat(VolumeClaims.conflict(
                        claimed.statefulSet(), made("{storage: {size: 9Gi}}").statefulSet()))
                .isEmpty();
    }

    @Test
    void servicesAndPolicyNameThePodsAndTheirPort() throws Exception {
        Deployment deployment = made("{listen: {port: 9095}}");
        List<Service> services = deployment.objects().stream()
                .filter(Service.class::isInstance)
                .map(Service.class::cast)
                .toList();

        assertThat(services).allSatisfy(service -> {
            assertThat(service.getSpec().getSelector())
                    .isEqualTo(ObjectNames.of(KEY).selector());
            assertThat(service.getSpec().getPorts()).singleElement().satisfies(port -> {
                assertThat(port.getPort()).isEqualTo(9095);
                assertThat(port.getTargetPort().getStrVal()).isEqualTo("web");
            });
        });
        assertThat(services.getFirst().getSpec().getClusterIP()).isEqualTo("None");
        NetworkPolicy policy = (NetworkPolicy) deployment.objects().getLast();
        assertThat(policy.getSpec().getIngress().getFirst().getFrom())
                .hasSize(4)
                .satisfies(peers -> {
                    assertThat(peers.get(0).getNamespaceSelector()).isNull();
                    assertThat(peers.get(1).getNamespaceSelector().getMatchLabels())
                            .containsEntry("kubernetes.io/metadata.name", "narthex-system");
                    assertThat(peers.get(2).getPodSelector()).isNull();
                    assertThat(peers.get(3).getPodSelector().getMatchLabels())
                            .containsEntry(DeploymentFactory.ACCESS, "true");
                });
    }

    @Test
    void theOverlayComesLast() throws Exception {
        Deployment deployment = made(
                "{pod: {terminationGracePeriodSeconds: 30}, podTemplate: {spec: {terminationGracePeriodSeconds: 40}}}");

        assertThat(pod(deployment).getTerminationGracePeriodSeconds()).isEqualTo(40);
        assertThat(deployment.release().restartKey())
                .isNotEqualTo(made("{pod: {terminationGracePeriodSeconds: 30}}")
                        .release()
                        .restartKey());
    }
}
