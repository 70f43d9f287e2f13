package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;
import io.narthex.api.v1alpha1.PodSettings;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the pods of a PrometheusServer, without what its {@code podTemplate} puts over them. */
final class PodTemplates {

    /** The name of the port at which Prometheus answers. */
    static final String PORT = "web";

    private static final String CONTAINER = "prometheus";
    private static final String CONFIG = "config";
    /** The user nobody of Prometheus's image. */
    private static final long USER = 65_534;

    private static final int GRACE_SECONDS = 600;

    private final String imageRepository;

    /** Makes pods whose image is of this repository, with its release as the tag, unless a server names another. */
    PodTemplates(String imageRepository) {
        this.imageRepository = imageRepository;
    }

    /** Returns the pod of a server that runs with a bundle. */
    PodTemplateSpec make(ObjectNames names, PrometheusServerSpec spec, Bundle bundle) {
        PodSettings pod = spec.pod();
        Map<String, String> labels = new TreeMap<>();
        Map<String, String> annotations = new TreeMap<>();
        if (pod != null) {
            labels.putAll(pod.labels());
            annotations.putAll(pod.annotations());
            annotations.keySet().removeAll(Set.of(ObjectNames.NUDGE, ObjectNames.RESTART_KEY));
        }
        labels.putAll(names.labels("server"));
        ServerAddress address = bundle.address();
        annotations.put(
                ObjectNames.ENDPOINT,
                (address.tls() ? "https" : "http") + ":" + address.port() + address.routePrefix());
        annotations.put("kubectl.kubernetes.io/default-container", CONTAINER);
        List<Volume> volumes = new ArrayList<>();
        volumes.add(config(names));
        DataVolume.volume(spec.storage()).ifPresent(volumes::add);
        int grace = pod == null || pod.terminationGracePeriodSeconds() == null
                ? GRACE_SECONDS
                : pod.terminationGracePeriodSeconds();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(DeploymentFactory.serviceAccount(names, spec))
                .withAutomountServiceAccountToken(true)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds((long) grace)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withImagePullSecrets(spec.imagePullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList())
                .withNodeSelector(pod == null || pod.nodeSelector().isEmpty() ? null : pod.nodeSelector())
                .withTolerations(pod == null ? List.of() : tolerations(pod))
                .withPriorityClassName(pod == null ? null : pod.priorityClassName())
                .withContainers(container(spec, bundle))
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    private Container container(PrometheusServerSpec spec, Bundle bundle) {
        ServerAddress address = bundle.address();
        String image = spec.image() != null ? spec.image() : imageRepository + ":v" + bundle.version();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(image)
                .withImagePullPolicy(
                        spec.imagePullPolicy() == null
                                ? null
                                : spec.imagePullPolicy().value())
                .withArgs(bundle.flags())
                .addNewEnv()
                .withName("POD_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .endEnv()
                .addNewPort()
                .withName(PORT)
                .withContainerPort(address.port())
                .endPort()
                // The last words of a Prometheus that ends are its log: so they are learned without a right to logs.
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withResources(resources(spec.pod()))
                // While it reads its write-ahead log it isn't ready, and mustn't be killed for it: up to two hours.
                .withStartupProbe(probe(spec, address, "/-/ready", 1, 7_200))
                .withLivenessProbe(probe(spec, address, "/-/healthy", 10, 6))
                .withReadinessProbe(probe(spec, address, "/-/ready", 5, 3))
                .addNewVolumeMount()
                .withName(CONFIG)
                .withMountPath(DeploymentFactory.LAYOUT.configDirectory())
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName(DataVolume.NAME)
                .withMountPath(DeploymentFactory.LAYOUT.dataDirectory())
                .endVolumeMount()
                .build();
    }

    private static Probe probe(
            PrometheusServerSpec spec, ServerAddress address, String path, int period, int failures) {
        ProbeBuilder probe = new ProbeBuilder()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(3)
                .withFailureThreshold(failures);
        if (spec.asksWho()) {
            // The kubelet has no certificate to show, and a password for it would stand in the pod, for all to read.
            // What Prometheus itself says of its readiness the operator asks before it goes on to the next pod.
            return probe.withNewTcpSocket()
                    .withPort(new IntOrString(PORT))
                    .endTcpSocket()
                    .build();
        }
        return probe.withNewHttpGet()
                .withPath(address.routePrefix() + path)
                .withPort(new IntOrString(PORT))
                .withScheme(address.tls() ? "HTTPS" : "HTTP")
                .endHttpGet()
                .build();
    }

    private static ResourceRequirements resources(@Nullable PodSettings pod) {
        if (pod == null || pod.resources() == null) {
            return new ResourceRequirements();
        }
        return new ResourceRequirementsBuilder()
                .withRequests(quantities(pod.resources().requests()))
                .withLimits(quantities(pod.resources().limits()))
                .build();
    }

    private static Map<String, Quantity> quantities(Map<String, String> texts) {
        Map<String, Quantity> quantities = new TreeMap<>();
        texts.forEach((name, text) -> quantities.put(name, new Quantity(text)));
        return quantities;
    }

    private static List<Toleration> tolerations(PodSettings pod) {
        return pod.tolerations().stream()
                .map(toleration -> new TolerationBuilder()
                        .withKey(toleration.key())
                        .withOperator(
                                toleration.operator() == null
                                        ? null
                                        : toleration.operator().value())
                        .withValue(toleration.value())
                        .withEffect(
                                toleration.effect() == null
                                        ? null
                                        : toleration.effect().value())
                        .withTolerationSeconds(toleration.tolerationSeconds())
                        .build())
                .toList();
    }

    /** One volume of all Secrets there may ever be, so that growth never changes the pod. */
    private static Volume config(ObjectNames names) {
        List<VolumeProjection> sources = new ArrayList<>();
        for (SecretKind kind : SecretKind.values()) {
            if (kind.mounted()) {
                for (int number = 0; number < kind.count(); number++) {
                    String secret = names.secret(kind, number);
                    sources.add(new VolumeProjectionBuilder()
                            .withNewSecret()
                            .withName(secret)
                            .withOptional(true)
                            .endSecret()
                            .build());
                    sources.add(new VolumeProjectionBuilder()
                            .withNewSecret()
                            .withName(secret)
                            .withOptional(true)
                            .addNewItem()
                            .withKey(Arrivals.key(kind, number))
                            .withPath(Layout.ARRIVALS + "/" + Arrivals.name(kind, number))
                            .endItem()
                            .endSecret()
                            .build());
                }
            }
        }
        return new VolumeBuilder()
                .withName(CONFIG)
                .withNewProjected()
                .withDefaultMode(0440)
                .withSources(sources)
                .endProjected()
                .build();
    }
}
