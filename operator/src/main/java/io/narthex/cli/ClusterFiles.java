package io.narthex.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.reconcile.kubernetes.ClusterPreview;
import io.narthex.source.kubernetes.ClusterReader;
import io.narthex.source.kubernetes.ClusterReader.KindUnknownException;
import io.narthex.source.kubernetes.ClusterState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A cluster as it is, and as it would be with the resources of some files applied.
 *
 * @param preview says what an operator would make of it
 * @param now what is declared
 * @param then what would be declared
 * @param changed the resources of the files
 * @param observations returns what couldn't be looked at so far
 */
record ClusterFiles(
        ClusterPreview preview,
        Inventory now,
        Inventory then,
        Set<ResourceKey> changed,
        Supplier<List<String>> observations) {

    /** Returns what couldn't be looked at so far. */
    List<String> notes() {
        return observations.get();
    }

    /** Looks at the cluster, and at what the files would change of it. */
    static ClusterFiles look(KubernetesClient client, String namespace, Input input, Compiler compiler)
            throws KindUnknownException {
        ClusterReader reader = new ClusterReader(client);
        ClusterState state = reader.all(namespace);
        ClusterPreview preview = new ClusterPreview(
                platformNamespaces(state), names -> reader.statefulSet(names.namespace(), names.statefulSet()));
        Inventory now = state.inventory();
        Inventory then = now;
        Set<ResourceKey> changed = new TreeSet<>();
        for (Declared<?> resource : input.snapshot().resources()) {
            then = then.with(resource);
            changed.add(resource.key());
        }
        Set<SecretId> wanted = new TreeSet<>();
        for (Inventory side : List.of(now, then)) {
            side.servers()
                    .forEach(server -> preview.compile(compiler, server, side)
                            .wantedCredentials()
                            .keys()
                            .forEach(wanted::add));
        }
        return new ClusterFiles(
                preview,
                reader.withCredentials(now, wanted),
                reader.withCredentials(then, wanted),
                changed,
                reader::notes);
    }

    /** The operator says of each server whether it sees all namespaces; that goes by the server's own namespace. */
    private static Set<String> platformNamespaces(ClusterState state) {
        return ClusterStory.all(state)
                .filter(story -> story.status().path("seesAllNamespaces").asBoolean())
                .map(story -> story.key().namespace())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns whether applying the files may concern a server. */
    boolean concerns(Declared<PrometheusServerSpec> server, Compilation compiled) {
        return changed.contains(server.key()) || changed.stream().anyMatch(compiled::selects);
    }
}
