package io.narthex.reconcile;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.swarm.DockerSecret;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What whoever runs a server puts into its configuration. Holds no credential. All paths are relative to the folder of
 * the server's {@code prometheus.yml}, but for those that begin with a slash.
 *
 * @param server the server
 * @param version the release that it is written for
 * @param generation identifies it
 * @param stanza the text, YAML: sections of {@code prometheus.yml}
 * @param files the rule files that it names, by path
 * @param credentials the files with credentials that it names
 * @param secrets the names of the Docker secrets to mount, by the path of the file
 */
public record Snippet(
        ResourceKey server,
        PrometheusVersion version,
        String generation,
        String stanza,
        SortedMap<String, String> files,
        SortedSet<String> credentials,
        SortedMap<String, String> secrets) {

    public Snippet {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        credentials = Collections.unmodifiableSortedSet(new TreeSet<>(credentials));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * Returns the snippet of a bundle whose jobs stand in its index.
     *
     * @param secrets the names of the Docker secrets that hold credentials of the bundle, by their paths
     */
    public static Snippet of(Bundle bundle, SortedMap<String, String> secrets) {
        TreeMap<String, String> files = new TreeMap<>();
        for (BundleFile file : bundle.files().values()) {
            files.put(file.path(), new String(file.content(), StandardCharsets.UTF_8));
        }
        TreeMap<String, String> mounted = new TreeMap<>(secrets);
        for (var mount : bundle.mountedSecrets().entrySet()) {
            DockerSecret secret = mount.getValue();
            mounted.put(mount.getKey(), secret.name());
        }
        TreeSet<String> credentials = new TreeSet<>(bundle.credentials().keySet());
        credentials.removeAll(mounted.keySet());
        return new Snippet(
                bundle.server(),
                bundle.version(),
                bundle.generation(),
                new String(bundle.index().content(), StandardCharsets.UTF_8),
                files,
                credentials,
                mounted);
    }
}
