package io.narthex.compiler.model;

import io.narthex.compiler.swarm.DockerSecret;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that one Prometheus server is to run with. Complete: a driver needs nothing else to write it down and start it.
 *
 * @param server the PrometheusServer that it is for
 * @param version the release of Prometheus that it is written for
 * @param generation identifies the files: 16 hexadecimal digits, equal for equal files. Credentials don't count, since
 *     Prometheus reads them anew by itself
 * @param marker the glob in the configuration that proves which generation is loaded; it matches no file
 * @param index the file that Prometheus is started with, {@code prometheus.yml}; it names all others
 * @param files the other files, by path: parts, rule files, the web configuration
 * @param credentials the credentials' content, by path below the configuration folder
 * @param mountedSecrets the Docker secrets that must be mounted, by the absolute path of the file in the container;
 *     their content isn't known. Swarm only
 * @param flags the complete command line without the program's name, in a fixed order
 * @param restartKey changes exactly when a restart is needed, that is with the flags and what is only read at start
 * @param address where the server listens
 * @param retention what is kept
 * @param jobs the scrape jobs in it
 */
public record Bundle(
        ResourceKey server,
        PrometheusVersion version,
        String generation,
        String marker,
        BundleFile index,
        SortedMap<String, BundleFile> files,
        SortedMap<String, SecretValue> credentials,
        SortedMap<String, DockerSecret> mountedSecrets,
        List<String> flags,
        String restartKey,
        ServerAddress address,
        Retention retention,
        JobIndex jobs) {

    /** What the names of files begin with that hold scrape jobs which the server's author wrote himself. */
    public static final String ADDITIONAL_JOBS = "additional-";

    public Bundle {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        credentials = Collections.unmodifiableSortedMap(new TreeMap<>(credentials));
        mountedSecrets = Collections.unmodifiableSortedMap(new TreeMap<>(mountedSecrets));
        flags = List.copyOf(flags);
    }

    @Override
    public String toString() {
        return "Bundle[" + server + ", generation " + generation + ", " + files.size() + " files]";
    }
}
