package io.narthex.compiler.model;

/**
 * Where a running Prometheus finds its files: absolute paths as that process sees them, with forward slashes and
 * without one at the end.
 *
 * @param configDirectory holds {@code prometheus.yml} and all other files of the {@link Bundle}
 * @param dataDirectory holds the time series database
 */
public record Layout(String configDirectory, String dataDirectory) {

    /** The folder below the configuration folder that says which files have arrived in a pod. Kubernetes only. */
    public static final String ARRIVALS = "arrived";
}
