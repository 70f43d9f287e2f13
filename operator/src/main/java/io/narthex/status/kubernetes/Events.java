package io.narthex.status.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.compiler.model.ResourceKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an event of what a resource's condition Ready comes to say: of a server whenever it is well again, of any
 * resource when something is wrong. What passes by itself makes none.
 */
final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final Set<String> PASSING =
            Set.of("Pending", "Publishing", "Reloading", "Restarting", "ReplayingWal", "NoTargets");
    private static final int LONGEST = 1_000;

    private final KubernetesClient client;

    Events(KubernetesClient client) {
        this.client = client;
    }

    /** Compares two statuses of a resource, and tells of the difference. */
    void compare(ResourceKey key, String uid, JsonNode before, JsonNode after, Instant now) {
        JsonNode was = Conditions.find(before, ConditionType.READY);
        JsonNode is = Conditions.find(after, ConditionType.READY);
        String reason = is.path("reason").asText();
        boolean same = was.path("reason").asText().equals(reason)
                && was.path("status").asText().equals(is.path("status").asText());
        boolean well = is.path("status").asText().equals("True");
        boolean tell = well ? key.isServer() : !PASSING.contains(reason);
        if (same || !tell || reason.isEmpty()) {
            return;
        }
        String message = is.path("message").asText("");
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            client.resource(new EventBuilder()
                            .withNewMetadata()
                            .withGenerateName(shortened(key.name(), 200) + ".")
                            .withNamespace(key.namespace())
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(ApiGroup.API_VERSION)
                            .withKind(key.kind())
                            .withNamespace(key.namespace())
                            .withName(key.name())
                            .withUid(uid)
                            .endInvolvedObject()
                            .withType(well ? "Normal" : "Warning")
                            .withReason(reason)
                            .withMessage(well ? "all is as declared" : shortened(message, LONGEST))
                            .withFirstTimestamp(time)
                            .withLastTimestamp(time)
                            .withCount(1)
                            .withNewSource()
                            .withComponent("narthex")
                            .endSource()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            // The status says the same; an event is a courtesy.
            LOG.debug("An event for {} can't be written: {}", key, e.getMessage());
        }
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
