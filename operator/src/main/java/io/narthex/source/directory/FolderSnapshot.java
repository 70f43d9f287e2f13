package io.narthex.source.directory;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * What a folder declares at one moment. A resource whose file didn't change since the snapshot before is the very same
 * instance.
 *
 * @param resources all valid resources, ordered by identity; no two of the same
 * @param credentials the credentials below {@code .secrets}, by {@code NAME/KEY}
 * @param diagnostics what is wrong with the files, in the order of {@link Diagnostic#ORDER}
 * @param files how many YAML files were read
 */
public record FolderSnapshot(
        List<Declared<?>> resources,
        SortedMap<String, SecretValue> credentials,
        List<Diagnostic> diagnostics,
        int files) {

    /** The namespace of resources that name none. */
    private static final String DEFAULT_NAMESPACE = "default";

    /**
     * Returns the folder's inventory with its credentials, and without others. They are those of every namespace in it,
     * since all of a folder is one user's.
     */
    public Inventory addCredentialsTo(Inventory inventory) {
        Set<String> namespaces = new TreeSet<>(Set.of(DEFAULT_NAMESPACE));
        inventory
                .resources()
                .values()
                .forEach(resource -> namespaces.add(resource.key().namespace()));
        Set<SecretId> wanted = new HashSet<>();
        Inventory next = inventory;
        for (Map.Entry<String, SecretValue> entry : credentials.entrySet()) {
            int slash = entry.getKey().indexOf('/');
            for (String namespace : namespaces) {
                SecretId id = new SecretId(
                        namespace,
                        entry.getKey().substring(0, slash),
                        entry.getKey().substring(slash + 1));
                wanted.add(id);
                next = next.with(id, entry.getValue());
            }
        }
        for (SecretId id : inventory.secrets().keys().toList()) {
            if (!wanted.contains(id)) {
                next = next.without(id);
            }
        }
        return next;
    }
}
