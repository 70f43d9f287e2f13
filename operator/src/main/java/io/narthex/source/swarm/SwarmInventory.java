package io.narthex.source.swarm;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.docker.SwarmSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes an {@link Inventory} of a Swarm's services, secrets and configs, change after change. What didn't change is
 * shared with the inventory before.
 *
 * <p>For one thread.
 */
public final class SwarmInventory {

    private final ConfigResources configs;
    private Inventory inventory = Inventory.EMPTY;
    private List<Diagnostic> diagnostics = List.of();

    /**
     * Makes one that knows of nothing.
     *
     * @param instance the instance whose resources are read
     * @param reader turns a config's bytes into resources
     */
    public SwarmInventory(String instance, ResourceReader reader) {
        this.configs = new ConfigResources(instance, reader);
    }

    /**
     * Returns what is declared now.
     *
     * @param snapshot what Docker tells
     * @param folder what a folder of resources declares, with its credentials; it counts over configs
     * @param wrong what is wrong with that folder
     */
    public Inventory take(SwarmSnapshot snapshot, Inventory folder, List<Diagnostic> wrong) {
        ConfigResources.Result fromConfigs = configs.read(snapshot.configs());
        Map<ResourceKey, Declared<?>> declared = new HashMap<>(fromConfigs.resources());
        List<Diagnostic> problems = new ArrayList<>(fromConfigs.diagnostics());
        folder.resources().values().forEach(resource -> declared.put(resource.key(), resource));
        problems.addAll(wrong);
        Inventory next = inventory;
        Set<ResourceKey> keep = new HashSet<>(declared.keySet());
        for (Declared<?> resource : declared.values()) {
            if (!isSame(next.find(resource.key()), resource)) {
                next = next.with(resource);
            }
        }
        for (SwarmService service : SwarmReader.services(snapshot)) {
            keep.add(Inventory.keyOf(service));
            next = next.with(service);
        }
        for (ResourceKey key : next.resources().keys().toList()) {
            if (!keep.contains(key)) {
                next = next.without(key);
            }
        }
        Set<String> secrets = new HashSet<>();
        for (DockerSecret secret : SwarmReader.secrets(snapshot)) {
            secrets.add(secret.name());
            next = next.with(secret);
        }
        for (String name : next.dockerSecrets().keys().toList()) {
            if (!secrets.contains(name)) {
                next = next.withoutDockerSecret(name);
            }
        }
        // Others may declare resources, too, as Docker configs: those have no credentials.
        for (SecretId id : folder.secrets().keys().toList()) {
            next = next.with(id, folder.secret(id).orElseThrow());
        }
        for (SecretId id : next.secrets().keys().toList()) {
            if (folder.secret(id).isEmpty()) {
                next = next.without(id);
            }
        }
        problems.sort(Diagnostic.ORDER);
        diagnostics = List.copyOf(problems);
        inventory = next;
        return next;
    }

    /** Returns what is wrong with what was taken last. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    // The same instance is the same version of a resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Optional<Declared<?>> known, Declared<?> resource) {
        return known.isPresent() && known.get() == resource;
    }
}
