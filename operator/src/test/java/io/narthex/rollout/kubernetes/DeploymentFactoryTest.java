package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
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
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import io.narthex.prometheus.ServerAccess;
import io.narthex.testbed.Specs;
import io.narthex.testing.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a PrometheusServer becomes: the same each time, as the restricted Pod Security Standard wants it, and as declared. */
class DeploymentFactoryTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final ResourceKey KEY = new ResourceKey("PrometheusServer", "shop", "main");

    private static final SelfSigned CERTIFICATE = SelfSigned.make();
    /** The bcrypt hash of nothing in particular. */
    private static final String HASH = "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

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
        Inventory inventory = Inventory.EMPTY
                .with(server)
                .with(new SecretId("shop", "web", "alice"), SecretValue.of(HASH))
                .with(new SecretId("shop", "web", "crt"), SecretValue.of(CERTIFICATE.certificate()))
                .with(new SecretId("shop", "web", "key"), SecretValue.of(CERTIFICATE.key()));
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

        // A large write-ahead log may take an hour or two to read.
        assertThat(open.getStartupProbe().getHttpGet().getPath()).isEqualTo("/prom/-/ready");
        assertThat(open.getStartupProbe().getFailureThreshold()
                        * open.getStartupProbe().getPeriodSeconds())
                .isEqualTo(7_200);

        Container encrypted = prometheus(made("{web: {tls: {cert: {secretRef: {name: web, key: crt}},"
                + " key: {secretRef: {name: web, key: key}}}}}"));
        assertThat(probes(encrypted))
                .allSatisfy(probe -> assertThat(probe.getHttpGet().getScheme())
                        .as("nobody is asked who he is")
                        .isEqualTo("HTTPS"));

        String spec = "{web: {users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]}}";
        assertThat(Specs.read(spec, PrometheusServerSpec.class).asksWho()).isTrue();
        assertThat(Specs.read("{}", PrometheusServerSpec.class).asksWho()).isFalse();
        assertThat(probes(prometheus(made(spec)))).allSatisfy(probe -> {
            assertThat(probe.getHttpGet()).isNull();
            assertThat(probe.getTcpSocket().getPort().getStrVal()).isEqualTo("web");
        });
    }

    private static List<Probe> probes(Container container) {
        return List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe());
    }

    /**
     * Whatever changes in a pod's template restarts every Prometheus of every cluster when its operator is upgraded. A
     * golden that changes needs a line in CHANGELOG.md that says so; {@code -Dgolden.update=true} writes it anew.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            default | {}
            guarded | {replicas: 2, routePrefix: /prom, retention: {time: 200h}, storage: {size: 8Gi}, \
                      web: {users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]}, \
                      pod: {resources: {requests: {cpu: 100m, memory: 400Mi}}, nodeSelector: {disk: fast}}}
            """)
    void anotherReleaseOfTheOperatorRestartsNothing(String name, String spec) throws Exception {
        StatefulSet set = made(spec).statefulSet();
        isGolden("statefulset-" + name, YAML.asYaml(set));
    }

    /** As NX1303 says of them, so that they restart nothing either. */
    @Test
    void keysThatNarthexSetsAreIgnored() throws Exception {
        assertThat(made("""
                {pod: {labels: {app.kubernetes.io/name: a, app.kubernetes.io/instance: a, app.kubernetes.io/component: a,
                                app.kubernetes.io/managed-by: a},
                       annotations: {monitoring.narthex.io/endpoint: a, monitoring.narthex.io/restart-key: a,
                                     monitoring.narthex.io/nudge: a, kubectl.kubernetes.io/default-container: a}}}""").statefulSet()).isEqualTo(made("{}").statefulSet());
    }

    /** Whom they let in, what they keep up and what they may see isn't changed by accident. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            default | {}
            named | {replicas: 2, routePrefix: /prom, listen: {port: 9095}, \
                    serviceAccount: {name: reader, annotations: {example.com/role: reader}}}
            theirs | {serviceAccount: {name: theirs, create: false}}
            """)
    void anotherReleaseOfTheOperatorMakesTheSameObjects(String name, String spec) throws Exception {
        isGolden(
                "objects-" + name,
                made(spec).objects().stream().map(YAML::asYaml).collect(Collectors.joining()));
    }

    /** Whose pods run on as another account until they are replaced goes on discovering targets. */
    @Test
    void theRightsOfItsAccountCanBeThoseOfOthersToo() throws Exception {
        Deployment plain = made("{serviceAccount: {name: reader}}");
        assertThat(plain.boundTo(List.of("reader"))).isEqualTo(plain);

        Deployment bound = plain.boundTo(List.of("reader", "before"));
        assertThat(bound.objects())
                .filteredOn(object -> !plain.objects().contains(object))
                .singleElement()
                .isInstanceOfSatisfying(
                        RoleBinding.class,
                        binding -> assertThat(binding.getSubjects())
                                .extracting(Subject::getKind, Subject::getNamespace, Subject::getName)
                                .containsExactly(
                                        tuple("ServiceAccount", "shop", "reader"),
                                        tuple("ServiceAccount", "shop", "before")));
        assertThat(bound.boundTo(List.of("reader"))).isEqualTo(plain);
        assertThat(bound.accountObjects())
                .extracting(HasMetadata::getKind)
                .containsExactly("ServiceAccount", "RoleBinding");
    }

    private static void isGolden(String name, String made) throws IOException {
        Path golden = Path.of("src/test/resources/io/narthex/rollout/kubernetes/" + name + ".yaml");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, made);
        }
        assertThat(golden).content().isEqualTo(made);
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
    void samplesAreLeftBehindOnlyWhereThatIsAllowed() throws Exception {
        for (String before : List.of("{storage: {existingClaim: a}}", "{}")) {
            for (String after : List.of("{storage: {existingClaim: b}}", "{storage: {existingClaim: c}}")) {
                assertThat(change(before, after, false))
                        .hasValueSatisfying(
                                refused -> assertThat(refused.remedy()).contains("allowDataLoss"));
                assertThat(change(before, after, true)).isEmpty();
            }
        }
        assertThat(change("{storage: {existingClaim: a}}", "{}", false))
                .hasValueSatisfying(refused ->
                        assertThat(refused.problem()).contains("the claim a", "that live as long as their pods"));
        assertThat(change("{storage: {existingClaim: a}}", "{storage: {existingClaim: a}}", false))
                .isEmpty();
        assertThat(change("{}", "{storage: {emptyDir: {sizeLimit: 1Gi}}}", false))
                .isEmpty();
    }

    /** The claims of a StatefulSet that exists can't change, whatever is allowed. */
    @Test
    void aClaimedVolumeAndAnotherDontTurnIntoEachOther() throws Exception {
        for (boolean mayLose : List.of(true, false)) {
            assertThat(change("{storage: {size: 8Gi}}", "{}", mayLose))
                    .hasValueSatisfying(
                            refused -> assertThat(refused.remedy()).contains("delete the StatefulSet prometheus-main"));
            assertThat(change("{storage: {existingClaim: a}}", "{storage: {size: 8Gi}}", mayLose))
                    .isPresent();
            assertThat(change("{storage: {size: 8Gi}}", "{storage: {size: 9Gi}}", mayLose))
                    .isEmpty();
        }
    }

    private Optional<StorageChange> change(String before, String after, boolean mayLose) throws PodOverlay.Refused {
        return StorageChange.refused(made(before).statefulSet(), made(after).statefulSet(), mayLose);
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
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(ObjectNames.of(KEY).selector());
        assertThat(deployment
                        .statefulSet()
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsAllEntriesOf(ObjectNames.of(KEY).selector());
        assertThat(prometheus(deployment).getPorts()).singleElement().satisfies(port -> {
            assertThat(port.getName()).isEqualTo("web");
            assertThat(port.getContainerPort()).isEqualTo(9095);
        });
        assertThat(policy.getSpec().getIngress())
                .singleElement()
                .satisfies(rule -> assertThat(rule.getPorts())
                        .singleElement()
                        .satisfies(
                                port -> assertThat(port.getPort().getStrVal()).isEqualTo("web")));
        assertThat(policy.getSpec().getIngress().getFirst().getFrom())
                .hasSize(3)
                .satisfies(peers -> {
                    assertThat(peers.get(0).getNamespaceSelector()).isNull();
                    assertThat(peers.get(1).getNamespaceSelector().getMatchLabels())
                            .containsEntry("kubernetes.io/metadata.name", "narthex-system");
                    assertThat(peers.get(2).getNamespaceSelector().getMatchLabels())
                            .containsEntry(DeploymentFactory.ACCESS, "true");
                    // Who may label a pod is a tenant; who may label a namespace is none.
                    assertThat(peers)
                            .allSatisfy(peer -> assertThat(peer.getPodSelector() == null
                                            || peer.getPodSelector()
                                                    .getMatchLabels()
                                                    .isEmpty())
                                    .isTrue());
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
