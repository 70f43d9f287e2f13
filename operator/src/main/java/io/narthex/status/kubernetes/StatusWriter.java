package io.narthex.status.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.ClusterSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes statuses, and logs once what keeps them from being written. Any thread may call any method. */
final class StatusWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    private final QuietWrites quiet;
    private final String fieldManager;

    /** What was said last, by namespace. */
    private final Map<String, String> complaints = new ConcurrentHashMap<>();

    /** Makes one that writes under a name; the client isn't closed here. */
    StatusWriter(KubernetesClient client, String fieldManager) {
        this.quiet = new QuietWrites(client);
        this.fieldManager = fieldManager;
    }

    /** Returns the version that the object of this uid has by that; empty where it can't be written. */
    Optional<String> write(ResourceKey key, String uid, JsonNode status) throws InterruptedException {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", ApiGroup.API_VERSION)
                .put("kind", key.kind());
        body.putObject("metadata")
                .put("name", key.name())
                .put("namespace", key.namespace())
                // Where another one has its name by now, the API server says 409.
                .put("uid", uid);
        body.set("status", status);
        try {
            String version = quiet.apply(
                    "/apis/" + ApiGroup.API_VERSION + "/namespaces/" + key.namespace() + "/"
                            + ClusterSource.context(key.kind()).getPlural() + "/" + key.name() + "/status",
                    fieldManager,
                    body.toString());
            complaints.remove(key.namespace());
            return Optional.of(version);
        } catch (KubernetesClientException e) {
            // It is gone, of which the watch will tell, or its definition is being replaced.
            if (e.getCode() != 404 && e.getCode() != 409) {
                String problem =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                complain(key, e.getCode() + problem.replace(key.name(), ""), problem);
            }
            return Optional.empty();
        }
    }

    /** What is refused of one resource after the other is said once, until something is written again in its namespace. */
    private void complain(ResourceKey key, String about, String problem) {
        if (!about.equals(complaints.put(key.namespace(), about))) {
            LOG.warn("The status of {} can't be written, trying again: {}", key, problem);
        }
    }
}
