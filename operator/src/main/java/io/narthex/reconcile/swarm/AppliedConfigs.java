package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.source.swarm.ConfigResources;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Puts files of resources into a Swarm as configs, each named by its content. What an earlier file declared and a newer
 * one declares again is removed; what is no longer declared stays unless it is to be pruned.
 */
public final class AppliedConfigs {

    /** The label of a config that {@code narthex apply} made; its value is the file's path. */
    private static final String FILE = "io.narthex.applied-file";

    private static final int MOST_BYTES = 1_000 * 1024 - 1;
    private static final int LONGEST_NAME = 40;

    private final DockerClient docker;
    private final String instance;
    private final ResourceReader reader = new ResourceReader();

    /**
     * Makes one.
     *
     * @param docker writes; not closed here
     * @param instance the instance that reads the configs
     */
    public AppliedConfigs(DockerClient docker, String instance) {
        this.docker = docker;
        this.instance = instance;
    }

    /**
     * Applies files, none of which is wrong.
     *
     * @param files their content, by path below their folder
     * @param prune whether to remove what earlier files declared and these don't
     * @return what was done, a line for each config
     * @throws DockerException where a file is too large for a config, before anything is done
     */
    public List<String> apply(SortedMap<String, byte[]> files, boolean prune) throws InterruptedException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getValue().length > MOST_BYTES) {
                throw new DockerException(
                        DockerException.Kind.REFUSED,
                        file.getKey() + " has " + file.getValue().length + " bytes, and a Docker config holds at most "
                                + MOST_BYTES + "; divide it");
            }
        }
        List<JsonNode> before =
                docker.list(Kinds.CONFIGS, Map.of("label", List.of(ConfigResources.RESOURCE + "=true")));
        Set<String> there = before.stream().map(SwarmSnapshot::name).collect(Collectors.toSet());
        List<String> done = new ArrayList<>();
        Set<String> current = new HashSet<>();
        Set<ResourceKey> declared = new HashSet<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            String name = name(file.getKey(), file.getValue());
            current.add(name);
            declared.addAll(keys(name, file.getValue()));
            if (there.contains(name)) {
                done.add("unchanged  " + name + "  " + file.getKey());
                continue;
            }
            ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name);
            spec.putObject("Labels")
                    .put(ConfigResources.RESOURCE, "true")
                    .put(ConfigResources.INSTANCE, instance)
                    .put(FILE, file.getKey());
            spec.put("Data", Base64.getEncoder().encodeToString(file.getValue()));
            docker.create(Kinds.CONFIGS, spec, Optional.empty());
            done.add("created    " + name + "  " + file.getKey());
        }
        for (JsonNode config : before) {
            if (isApplied(config) && !current.contains(SwarmSnapshot.name(config))) {
                boolean superseded = declared.containsAll(keys(SwarmSnapshot.name(config), content(config)));
                if (superseded || prune) {
                    docker.delete(Kinds.CONFIGS, SwarmSnapshot.id(config));
                    done.add("removed    " + SwarmSnapshot.name(config)
                            + (superseded ? "  a newer one declares the same" : "  no longer declared"));
                }
            }
        }
        return done;
    }

    private boolean isApplied(JsonNode config) {
        return SwarmSnapshot.label(config, FILE).isPresent()
                && SwarmSnapshot.label(config, ConfigResources.INSTANCE).equals(Optional.of(instance));
    }

    private Set<ResourceKey> keys(String name, byte[] content) {
        return reader.read(name, content).resources().stream()
                .map(Declared::key)
                .collect(Collectors.toSet());
    }

    private static byte[] content(JsonNode config) {
        return Base64.getDecoder().decode(config.path("Spec").path("Data").asText());
    }

    private String name(String file, byte[] content) {
        String base = (instance + "-" + file.replaceFirst("\\.[a-zA-Z]+$", ""))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(file.getBytes(StandardCharsets.UTF_8));
            return base.substring(0, Math.min(base.length(), LONGEST_NAME)).replaceFirst("-+$", "") + "-"
                    + HexFormat.of().formatHex(digest.digest(content), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
