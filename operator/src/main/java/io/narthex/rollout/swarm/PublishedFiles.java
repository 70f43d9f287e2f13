package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.BundleFile;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Release;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a server's releases: each a Docker config whose name tells its content, but for credentials, which are Docker
 * secrets of others.
 *
 * <p>For one thread.
 */
final class PublishedFiles {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedFiles.class);

    /** A Docker config holds at most so many bytes (source: swarmkit, manager/controlapi/config.go). */
    private static final int MOST_BYTES = 1_000 * 1024 - 1;

    private final DockerClient docker;
    private final SwarmWatch watch;
    private final SwarmNames names;
    private final Surroundings surroundings;
    private final KeptState memory;
    private final RecentWrites recent;

    PublishedFiles(
            DockerClient docker,
            SwarmWatch watch,
            SwarmNames names,
            Surroundings surroundings,
            KeptState memory,
            RecentWrites recent) {
        this.docker = docker;
        this.watch = watch;
        this.names = names;
        this.surroundings = surroundings;
        this.memory = memory;
        this.recent = recent;
    }

    /**
     * Returns what is published: what is written down, as far as it is there, by path; and what no generation needs any
     * more, by the names of the configs, so that it is left over until it is gone.
     */
    SortedMap<String, String> published(SwarmSnapshot swarm, Optional<Release> desired) {
        Set<String> there = ids(swarm).keySet();
        Set<String> secrets = new HashSet<>();
        swarm.secrets().forEach(secret -> secrets.add(SwarmSnapshot.id(secret)));
        TreeMap<String, String> files = new TreeMap<>(memory.files());
        files.entrySet()
                .removeIf(file -> !there.contains(names.config(file.getKey(), file.getValue()))
                        && !secrets.contains(file.getValue()));
        spare(swarm, desired)
                .forEach(config -> files.put(
                        SwarmSnapshot.name(config),
                        SwarmSnapshot.label(config, SwarmNames.DIGEST).orElse("")));
        return files;
    }

    /** Returns the IDs of all configs that are there, by name. */
    Map<String, String> ids(SwarmSnapshot swarm) {
        Map<String, String> ids = recent.configs();
        swarm.configs().forEach(config -> ids.put(SwarmSnapshot.name(config), SwarmSnapshot.id(config)));
        return ids;
    }

    /** Returns the files that a container is started with, by path below the configuration folder. */
    SortedMap<String, Arrived> arrived(SwarmSnapshot swarm, JsonNode container) {
        TreeMap<String, Arrived> files = new TreeMap<>();
        for (JsonNode mounted : container.path("Configs")) {
            swarm.withId(Kinds.CONFIGS, mounted.path("ConfigID").asText())
                    .flatMap(config -> SwarmSnapshot.label(config, SwarmNames.DIGEST))
                    .or(() -> recent.digest(mounted.path("ConfigName").asText()))
                    .ifPresent(digest -> files.put(path(mounted), new Arrived(digest, digest)));
        }
        for (JsonNode mounted : container.path("Secrets")) {
            String id = mounted.path("SecretID").asText();
            files.put(path(mounted), new Arrived(id, id));
        }
        return files;
    }

    private static String path(JsonNode mounted) {
        String prefix = ServiceFactory.LAYOUT.configDirectory() + "/";
        String at = mounted.at("/File/Name").asText();
        return at.startsWith(prefix) ? at.substring(prefix.length()) : at;
    }

    /**
     * Publishes files, beside those that are published.
     *
     * @param files their digests, by path
     * @param version what the memory's version must be
     * @param desired has the content of those that aren't there yet
     */
    void publish(
            SwarmSnapshot swarm, SortedMap<String, String> files, String version, Optional<SwarmDeployment> desired)
            throws NotDone, InterruptedException {
        if (!version.equals(memory.version())) {
            throw new NotDone("somebody else changed what is published meanwhile");
        }
        TreeMap<String, String> all = new TreeMap<>(memory.files());
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (!isSecret(file.getKey(), desired)) {
                make(swarm, file.getKey(), file.getValue(), desired);
            }
            all.put(file.getKey(), file.getValue());
        }
        memory.publish(all);
        watch.expectChange(EnumSet.of(Kinds.CONFIGS));
    }

    private boolean isSecret(String path, Optional<SwarmDeployment> desired) {
        return desired.filter(deployment -> deployment.secrets().containsKey(path))
                        .isPresent()
                || memory.lastGood()
                        .filter(good -> good.secrets().containsKey(path))
                        .isPresent();
    }

    private void make(SwarmSnapshot swarm, String path, String digest, Optional<SwarmDeployment> desired)
            throws NotDone, InterruptedException {
        String name = names.config(path, digest);
        if (swarm.named(Kinds.CONFIGS, name).isPresent() || recent.digest(name).isPresent()) {
            return;
        }
        byte[] content = content(path, digest, desired)
                .orElseThrow(() -> new NotDone("the content of " + path + " isn't at hand"));
        if (content.length > MOST_BYTES) {
            throw new NotDone(path + " has " + content.length + " bytes, and a Docker config holds at most "
                    + MOST_BYTES + "; divide the RuleSets, or select fewer");
        }
        surroundings.demandPresence();
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name);
        ObjectNode labels = spec.putObject("Labels");
        names.labels("file").forEach(labels::put);
        labels.put(SwarmNames.PATH, path).put(SwarmNames.DIGEST, digest);
        spec.put("Data", Base64.getEncoder().encodeToString(content));
        try {
            recent.madeConfig(name, docker.create(Kinds.CONFIGS, spec, Optional.empty()), digest);
        } catch (DockerException e) {
            if (e.kind() != DockerException.Kind.NAME_TAKEN) {
                throw e;
            }
            // It names its content: it is the same.
            recent.madeConfig(name, SwarmSnapshot.id(docker.inspect(Kinds.CONFIGS, name)), digest);
        }
    }

    private static Optional<byte[]> content(String path, String digest, Optional<SwarmDeployment> desired) {
        return desired.map(SwarmDeployment::bundle).flatMap(bundle -> {
            @Nullable
            BundleFile file =
                    path.equals(Release.INDEX) ? bundle.index() : bundle.files().get(path);
            return file != null && file.digest().equals(digest) ? Optional.of(file.content()) : Optional.empty();
        });
    }

    /**
     * Publishes the files of a release alone, and removes the configs that no generation needs any more.
     *
     * @param spared paths of further files that stay published
     * @param version what the memory's version must be, or nothing is done
     */
    void prune(SwarmSnapshot swarm, Release release, Set<String> spared, String version, Optional<Release> desired)
            throws InterruptedException {
        if (!version.equals(memory.version())) {
            return;
        }
        TreeMap<String, String> files = new TreeMap<>(memory.files());
        files.keySet().removeIf(path -> !release.files().containsKey(path) && !spared.contains(path));
        memory.publish(files);
        for (JsonNode config : spare(swarm, desired)) {
            try {
                docker.delete(Kinds.CONFIGS, SwarmSnapshot.id(config));
            } catch (DockerException e) {
                // A service may use it still; for as long as it is there it counts as left over, and is tried again.
                LOG.debug("{}: {}", SwarmSnapshot.name(config), e.words());
            }
        }
        watch.expectChange(EnumSet.of(Kinds.CONFIGS));
    }

    private List<JsonNode> spare(SwarmSnapshot swarm, Optional<Release> desired) {
        return Generations.spare(
                swarm, names, desired, memory.lastGood().map(Version::release), memory.previousConfigs());
    }
}
