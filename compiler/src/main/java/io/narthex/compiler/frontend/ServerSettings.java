package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.ResourceSelection;
import io.narthex.api.v1alpha1.ScrapeLimits;
import io.narthex.api.v1alpha1.Tenancy;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.HttpClientConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What Monitors and RuleSets need to know of the server that takes them. As long as it is {@linkplain #isLike alike},
 * what was made of them stays as it is, but for what goes by its sight.
 *
 * @param server the server
 * @param version the release of Prometheus
 * @param platform where it runs
 * @param monitors which Monitors it takes; null for all of its own namespace
 * @param ruleSets which RuleSets it takes; null for all of its own namespace
 * @param agent whether it is an agent
 * @param interval the time between two scrapes where nothing else is said
 * @param timeout how long a scrape may take where nothing else is said
 * @param timeoutGiven whether the resource says so, or Prometheus
 * @param evaluationInterval the time between two evaluations of a rule group where nothing else is said
 * @param features the features that it runs with
 * @param defaultLimits the limits of jobs that set none; null where there are none
 * @param names which names are valid where nothing else is said; null for the release's own choice
 * @param kubernetes the API server to discover targets from; empty for that of the cluster it runs in
 * @param sight where it may discover targets in Kubernetes
 * @param tenancy what Monitors of others may do; null for anything
 * @param folder where relative paths of target files start; empty where there is no such folder
 * @param dataDirectory where the server keeps its data
 * @param externalLabels the names of the labels that are added to all that leaves the server
 * @param discoveryUrl where Narthex serves targets to the server; empty where Prometheus discovers them itself
 */
public record ServerSettings(
        ResourceKey server,
        PrometheusVersion version,
        Platform platform,
        @Nullable ResourceSelection monitors,
        @Nullable ResourceSelection ruleSets,
        boolean agent,
        PrometheusDuration interval,
        PrometheusDuration timeout,
        boolean timeoutGiven,
        PrometheusDuration evaluationInterval,
        List<String> features,
        @Nullable ScrapeLimits defaultLimits,
        @Nullable NameScheme names,
        Optional<KubernetesClient> kubernetes,
        Sight sight,
        @Nullable Tenancy tenancy,
        Optional<String> folder,
        String dataDirectory,
        Set<String> externalLabels,
        Optional<String> discoveryUrl) {

    /**
     * A Kubernetes API server.
     *
     * @param url where it is
     * @param http how it is asked
     */
    public record KubernetesClient(HttpUrl url, HttpClientConfig http) {}

    /** Returns whether nothing but the sight differs from {@code other}. */
    public boolean isLike(ServerSettings other) {
        return sight.equals(other.sight) ? equals(other) : seeing(other.sight).equals(other);
    }

    private ServerSettings seeing(Sight what) {
        return new ServerSettings(
                server,
                version,
                platform,
                monitors,
                ruleSets,
                agent,
                interval,
                timeout,
                timeoutGiven,
                evaluationInterval,
                features,
                defaultLimits,
                names,
                kubernetes,
                what,
                tenancy,
                folder,
                dataDirectory,
                externalLabels,
                discoveryUrl);
    }

    /** Returns what the server understands. */
    Dialect dialect() {
        return Dialect.of(version, features);
    }

    /** Returns whether tenancy binds resources of {@code namespace}. */
    boolean isForeign(String namespace) {
        return !namespace.equals(server.namespace());
    }

    /** Returns the labels that tenancy enforces on resources of {@code namespace}, with their values. */
    SortedMap<String, String> enforcedLabels(String namespace) {
        TreeMap<String, String> labels = new TreeMap<>();
        if (tenancy != null && isForeign(namespace)) {
            labels.putAll(tenancy.enforcedLabels());
            if (tenancy.namespaceLabel() != null) {
                labels.put(tenancy.namespaceLabel(), namespace);
            }
        }
        return labels;
    }

    /** Returns whether resources may name files that Prometheus reads. */
    boolean allowsFiles() {
        return tenancy != null && Boolean.TRUE.equals(tenancy.allowFileAccess());
    }
}
