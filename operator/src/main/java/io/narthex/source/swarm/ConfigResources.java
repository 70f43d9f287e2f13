package io.narthex.source.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.SwarmSnapshot;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The resources that Docker configs hold: those labelled {@value #RESOURCE}. A config never changes, so a changed
 * resource is another config, and of several that hold the same resource the newest counts. A config is read once.
 *
 * <p>For one thread.
 */
public final class ConfigResources {

    /** The label of a config that holds a resource; its value is {@code true}. */
    public static final String RESOURCE = "io.narthex.resource";

    /** The label of a config that says which instance it is for; without it, each instance. */
    public static final String INSTANCE = "io.narthex.instance";

    private final String instance;
    private final ResourceReader reader;
    private Map<String, ReadResult> read = Map.of();

    /**
     * Makes one.
     *
     * @param instance the instance whose resources are read
     * @param reader turns a config's bytes into resources
     */
    public ConfigResources(String instance, ResourceReader reader) {
        this.instance = instance;
        this.reader = reader;
    }

    /**
     * What configs declare.
     *
     * @param resources the resources, by identity; the same config gives the same instance
     * @param diagnostics what is wrong with them
     */
    public record Result(Map<ResourceKey, Declared<?>> resources, List<Diagnostic> diagnostics) {

        public Result {
            resources = Map.copyOf(resources);
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /** Returns what the configs of a Swarm declare. */
    public Result read(List<JsonNode> configs) {
        List<JsonNode> newestFirst = configs.stream()
                .filter(this::isResource)
                .sorted(Comparator.comparing(
                                (JsonNode config) -> config.path("CreatedAt").asText())
                        .thenComparing(SwarmSnapshot::id)
                        .reversed())
                .toList();
        Map<String, ReadResult> now = new HashMap<>();
        Map<ResourceKey, Declared<?>> resources = new TreeMap<>();
        Map<ResourceKey, String> from = new HashMap<>();
        List<Diagnostic> diagnostics = new ArrayList<>();
        for (JsonNode config : newestFirst) {
            String id = SwarmSnapshot.id(config);
            String name = SwarmSnapshot.name(config);
            ReadResult known = read.get(id);
            ReadResult result = known == null ? reader.read(name, content(config)) : known;
            now.put(id, result);
            diagnostics.addAll(result.diagnostics());
            for (Declared<?> resource : result.resources()) {
                if (resources.putIfAbsent(resource.key(), resource) == null) {
                    from.put(resource.key(), name);
                } else {
                    diagnostics.add(older(resource, name, String.valueOf(from.get(resource.key()))));
                }
            }
        }
        read = now;
        diagnostics.sort(Diagnostic.ORDER);
        return new Result(resources, diagnostics);
    }

    private boolean isResource(JsonNode config) {
        return SwarmSnapshot.label(config, RESOURCE)
                        .filter(value -> value.equals("true"))
                        .isPresent()
                && SwarmSnapshot.label(config, INSTANCE)
                        .filter(value -> !value.equals(instance))
                        .isEmpty();
    }

    private static byte[] content(JsonNode config) {
        try {
            return Base64.getDecoder().decode(config.path("Spec").path("Data").asText());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static Diagnostic older(Declared<?> resource, String older, String newer) {
        return new Diagnostic(
                DiagnosticCode.DUPLICATE_RESOURCE,
                Severity.WARNING,
                Optional.of(resource.key()),
                FieldPath.of("metadata", "name"),
                resource.source().locate(FieldPath.of("metadata", "name")),
                resource.key() + " is in the newer Docker config " + newer + ", too; that one counts",
                "one config for each resource",
                "docker config rm " + older);
    }
}
