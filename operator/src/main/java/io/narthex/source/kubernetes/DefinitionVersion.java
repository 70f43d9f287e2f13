package io.narthex.source.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.ApiGroup;
import java.util.Optional;

/**
 * Tells whether the definitions of Narthex's kinds changed. The index of the API server's OpenAPI documents has for each
 * group and version an address that holds the hash of its content (Kubernetes, "The Kubernetes API", OpenAPI V3). Each
 * service account may read it (ClusterRole system:discovery), which can't be said of the definitions themselves.
 *
 * <p>For one thread at a time.
 */
final class DefinitionVersion {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;
    private Optional<String> known = Optional.empty();

    DefinitionVersion(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Returns whether they changed since the last call that could tell. Asks the API server; where it doesn't answer, or
     * doesn't know them, nothing is said to have changed.
     */
    synchronized boolean changed() {
        Optional<String> now = ask();
        if (now.isEmpty()) {
            return false;
        }
        boolean changed = known.isPresent() && !known.equals(now);
        known = now;
        return changed;
    }

    private Optional<String> ask() {
        try {
            String index = client.raw("/openapi/v3");
            return index == null
                    ? Optional.empty()
                    : Optional.of(JSON.readTree(index)
                                    .path("paths")
                                    .path("apis/" + ApiGroup.API_VERSION)
                                    .path("serverRelativeURL")
                                    .asText())
                            .filter(url -> !url.isEmpty());
        } catch (KubernetesClientException | JsonProcessingException e) {
            // The watches say what is wrong with the API server.
            return Optional.empty();
        }
    }
}
