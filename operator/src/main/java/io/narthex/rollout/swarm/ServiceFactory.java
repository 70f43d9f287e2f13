package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.SwarmPublish;
import io.narthex.api.v1alpha1.SwarmSettings;
import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.docker.RegistryLogins;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Release;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the service of a PrometheusServer. Pure: the same server, bundle and Swarm make the same service, byte for byte,
 * and so restart nothing.
 */
public final class ServiceFactory {

    /** Where a container finds its files. */
    public static final Layout LAYOUT = new Layout("/etc/narthex/config", "/prometheus");

    private static final Duration GRACE = Duration.ofMinutes(5);
    /** Reading the write-ahead log takes as long as it takes; who is ready is the engine's question. */
    private static final Duration START_PERIOD = Duration.ofMinutes(10);

    private static final Duration RESTART_DELAY = Duration.ofSeconds(5);
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(5);
    private static final Duration HEALTH_TIMEOUT = Duration.ofSeconds(4);
    private static final int HEALTH_RETRIES = 12;

    private final String instance;
    private final String imageRepository;

    /**
     * Makes a factory.
     *
     * @param instance the instance of Narthex whose services they are
     * @param imageRepository where Prometheus's images come from
     */
    public ServiceFactory(String instance, String imageRepository) {
        this.instance = instance;
        this.imageRepository = imageRepository;
    }

    /**
     * Returns what a server becomes.
     *
     * @param server the server
     * @param bundle what it is to run with
     * @param networks the IDs of the networks to join
     * @param secrets the secrets that hold the bundle's credentials, by path below the configuration folder
     * @param logins what registries ask for
     * @param access how Narthex comes into its tasks
     */
    public SwarmDeployment make(
            Declared<PrometheusServerSpec> server,
            Bundle bundle,
            List<String> networks,
            SortedMap<String, SecretRef> secrets,
            RegistryLogins logins,
            ServerAccess access) {
        SwarmNames names = new SwarmNames(instance, server.key());
        PrometheusServerSpec spec = server.spec();
        TreeMap<String, SecretRef> mounted = new TreeMap<>(secrets);
        bundle.mountedSecrets().forEach((path, secret) -> mounted.put(path, new SecretRef(secret.id(), secret.name())));
        DataVolume volume = volume(spec.storage());
        List<String> constraints =
                spec.swarm() == null ? List.of() : spec.swarm().constraints();
        ObjectNode template = template(names, spec, bundle, networks);
        mount((ObjectNode) template.at("/TaskTemplate/ContainerSpec"), volume, volume.name(names, 0));
        Release plain = Release.of(bundle);
        TreeMap<String, String> credentials = new TreeMap<>();
        mounted.forEach((path, secret) -> credentials.put(path, secret.id()));
        String key = SwarmNames.digest(
                String.join(
                        "\n",
                        bundle.restartKey(),
                        template.toString(),
                        plain.files().toString(),
                        credentials.toString(),
                        volume.node().orElse(""),
                        constraints.toString()),
                16);
        Release release = new Release(
                plain.generation(),
                plain.marker(),
                plain.index(),
                plain.parts(),
                plain.replaced(),
                credentials,
                key,
                plain.startKey(),
                plain.retention());
        return new SwarmDeployment(
                bundle,
                release,
                template,
                mounted,
                spec.replicas(),
                volume,
                constraints,
                images(spec.swarm(), logins),
                access);
    }

    private static ImageRules images(@Nullable SwarmSettings swarm, RegistryLogins logins) {
        return new ImageRules(
                swarm == null || swarm.resolveImage() == null ? ResolveImage.CHANGED : swarm.resolveImage(),
                Optional.ofNullable(swarm).map(SwarmSettings::imageRegistryAuth),
                logins);
    }

    private static DataVolume volume(@Nullable Storage storage) {
        Storage.SwarmVolume declared = storage == null ? null : storage.volume();
        return new DataVolume(
                Optional.ofNullable(declared).map(Storage.SwarmVolume::name),
                declared == null || declared.driver() == null ? "local" : declared.driver(),
                declared == null ? Map.of() : declared.driverOptions(),
                Optional.ofNullable(declared).map(Storage.SwarmVolume::node),
                declared != null && declared.existing(),
                storage != null && storage.allowDataLoss());
    }

    private ObjectNode template(SwarmNames names, PrometheusServerSpec spec, Bundle bundle, List<String> networks) {
        SwarmSettings swarm = spec.swarm();
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        ObjectNode labels = service.putObject("Labels");
        if (swarm != null) {
            new TreeMap<>(swarm.labels()).forEach(labels::put);
        }
        names.labels("server").forEach(labels::put);
        if (swarm != null && swarm.imageRegistryAuth() != null) {
            // Nobody can compare logins; another secret is another version, so that it reaches Docker.
            labels.put(SwarmNames.REGISTRY_AUTH, swarm.imageRegistryAuth());
        }
        ObjectNode task = service.putObject("TaskTemplate");
        container(task.putObject("ContainerSpec"), names, spec, bundle);
        resources(swarm).ifPresent(limits -> task.putObject("Resources").set("Limits", limits));
        task.putObject("RestartPolicy").put("Condition", "any").put("Delay", RESTART_DELAY.toNanos());
        ArrayNode joined = task.putArray("Networks");
        networks.forEach(network -> joined.addObject().put("Target", network));
        service.putObject("Mode").putObject("Replicated").put("Replicas", 1);
        // Two must not write to one database, and a pause leaves the decision to the engine.
        service.putObject("UpdateConfig")
                .put("Parallelism", 1)
                .put("FailureAction", "pause")
                .put("Monitor", Duration.ofSeconds(5).toNanos())
                .put("MaxFailureRatio", 0)
                .put("Order", "stop-first");
        endpoint(service.putObject("EndpointSpec"), swarm, bundle.address());
        return service;
    }

    private void container(ObjectNode container, SwarmNames names, PrometheusServerSpec spec, Bundle bundle) {
        SwarmSettings swarm = spec.swarm();
        container.put("Image", spec.image() != null ? spec.image() : imageRepository + ":v" + bundle.version());
        ObjectNode labels = container.putObject("Labels");
        names.labels("server").forEach(labels::put);
        labels.put(SwarmNames.LISTENS, listens(bundle.address()));
        ArrayNode arguments = container.putArray("Args");
        bundle.flags().forEach(arguments::add);
        container.put("ReadOnly", true);
        container.putArray("CapabilityDrop").add("ALL");
        Duration grace = swarm == null || swarm.stopGracePeriod() == null
                ? GRACE
                : PrometheusDuration.parse(swarm.stopGracePeriod())
                        .toOptional()
                        .map(given -> Duration.ofMillis(given.millis()))
                        .orElse(GRACE);
        container.put("StopGracePeriod", grace.toNanos());
        health(container.putObject("Healthcheck"), spec, bundle.address());
    }

    /** Returns where the API is at a container's own addresses. */
    static String listens(ServerAddress address) {
        return (address.tls() ? "https" : "http") + "://0.0.0.0:" + address.port() + address.routePrefix();
    }

    /**
     * Nothing that lets somebody in stands in it, for whoever may read services could read it there: a server that asks for
     * a password answers that it does, and of one with TLS it is seen that it listens.
     */
    private static void health(ObjectNode health, PrometheusServerSpec spec, ServerAddress address) {
        String url = "http://127.0.0.1:" + address.port() + address.routePrefix() + "/-/healthy";
        ArrayNode test = health.putArray("Test");
        if (address.tls()) {
            // A line of /proc/net/tcp: the local address, the remote one, 0A for a socket that listens. Whatever asked
            // by
            // plain HTTP would fill Prometheus's log with failed handshakes.
            String port = String.format(Locale.ROOT, "%04X", address.port());
            test.add("CMD-SHELL").add("grep -qE ':" + port + " 0+:0000 0A ' /proc/net/tcp /proc/net/tcp6");
        } else if (spec.web() != null && !spec.web().users().isEmpty()) {
            test.add("CMD-SHELL").add("wget -q -O /dev/null " + url + " 2>&1 | grep -q ' 401 '");
        } else {
            // No limit of wget's own: that of Debian's busybox crashes when it is given one.
            test.add("CMD").add("wget").add("-q").add("-O").add("/dev/null").add(url);
        }
        health.put("Interval", HEALTH_INTERVAL.toNanos())
                .put("Timeout", HEALTH_TIMEOUT.toNanos())
                .put("StartPeriod", START_PERIOD.toNanos())
                .put("Retries", HEALTH_RETRIES);
    }

    private static Optional<ObjectNode> resources(@Nullable SwarmSettings swarm) {
        ObjectNode limits = JsonNodeFactory.instance.objectNode();
        if (swarm != null && swarm.cpus() != null) {
            limits.put("NanoCPUs", Math.round(swarm.cpus() * 1e9));
        }
        if (swarm != null && swarm.memory() != null) {
            ByteSize.parse(swarm.memory()).toOptional().ifPresent(size -> limits.put("MemoryBytes", size.bytes()));
        }
        return limits.isEmpty() ? Optional.empty() : Optional.of(limits);
    }

    private static void endpoint(ObjectNode endpoint, @Nullable SwarmSettings swarm, ServerAddress address) {
        SwarmPublish publish = swarm == null || swarm.publish() == null ? SwarmPublish.NONE : swarm.publish();
        // A service of one task needs no virtual address, which takes IPVS; only the routing mesh does.
        endpoint.put("Mode", publish == SwarmPublish.INGRESS ? "vip" : "dnsrr");
        if (publish != SwarmPublish.NONE) {
            endpoint.putArray("Ports")
                    .addObject()
                    .put("Protocol", "tcp")
                    .put("TargetPort", address.port())
                    .put("PublishedPort", address.port())
                    .put("PublishMode", publish == SwarmPublish.HOST ? "host" : "ingress");
        }
    }

    /** Returns a service as it is written: the template, with what differs between replicas, and the files. */
    static ObjectNode service(
            SwarmNames names,
            Version version,
            Release release,
            int replica,
            DataVolume volume,
            List<String> constraints,
            Map<String, String> configIds) {
        ObjectNode service = version.template().deepCopy();
        service.put("Name", names.service(replica));
        ObjectNode task = (ObjectNode) service.path("TaskTemplate");
        ObjectNode container = (ObjectNode) task.path("ContainerSpec");
        ((ObjectNode) container.path("Labels")).put(SwarmNames.RESTART_KEY, release.restartKey());
        // The configuration names the replica by this variable, where there are several.
        container.putArray("Env").add("POD_NAME=" + names.service(replica));
        if (!container.has("Mounts")) {
            // Remembered by a release of Narthex that left it out.
            mount(container, volume, volume.name(names, 0));
        }
        ObjectNode mount = (ObjectNode) container.at("/Mounts/0");
        mount.put("Source", names.volume(mount.path("Source").asText(), replica));
        ArrayNode configs = container.putArray("Configs");
        files(release).forEach((path, digest) -> {
            String name = names.config(path, digest);
            ObjectNode config = configs.addObject()
                    .put("ConfigID", String.valueOf(configIds.get(name)))
                    .put("ConfigName", name);
            config.putObject("File")
                    .put("Name", LAYOUT.configDirectory() + "/" + path)
                    .put("UID", "0")
                    .put("GID", "0")
                    .put("Mode", 0444);
        });
        // Docker leaves an empty list out, which would look like a change.
        ArrayNode secrets =
                version.secrets().isEmpty() ? JsonNodeFactory.instance.arrayNode() : container.putArray("Secrets");
        version.secrets().forEach((path, secret) -> {
            ObjectNode entry = secrets.addObject().put("SecretID", secret.id()).put("SecretName", secret.name());
            entry.putObject("File")
                    .put("Name", path.startsWith("/") ? path : LAYOUT.configDirectory() + "/" + path)
                    .put("UID", "65534")
                    .put("GID", "65534")
                    .put("Mode", 0400);
        });
        if (!constraints.isEmpty()) {
            ArrayNode placed = task.putObject("Placement").putArray("Constraints");
            constraints.stream().sorted().distinct().forEach(placed::add);
        }
        return service;
    }

    private static void mount(ObjectNode container, DataVolume volume, String name) {
        ObjectNode mount = container
                .putArray("Mounts")
                .addObject()
                .put("Type", "volume")
                .put("Source", name)
                .put("Target", LAYOUT.dataDirectory());
        if (!volume.isLocal()) {
            ObjectNode driver =
                    mount.putObject("VolumeOptions").putObject("DriverConfig").put("Name", volume.driver());
            ObjectNode options = driver.putObject("Options");
            new TreeMap<>(volume.options()).forEach(options::put);
        }
    }

    /** Returns the files that are Docker configs; credentials are secrets. */
    static SortedMap<String, String> files(Release release) {
        TreeMap<String, String> files = new TreeMap<>(release.parts());
        files.putAll(release.withIndex());
        return files;
    }
}
