package io.narthex.reconcile.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Conditions;

/** What the status of a Monitor or RuleSet says already. */
final class EarlierStatus {

    private EarlierStatus() {}

    /**
     * Returns whether it says that a server has loaded the resource as it stands there. Where it speaks of several servers
     * nothing is known: what they say is told together.
     */
    static boolean saysLoaded(StoredObject object, ResourceKey server) {
        JsonNode servers = object.status().tree().path("servers");
        JsonNode entry = servers.path(0);
        if (servers.size() != 1
                || !entry.path("namespace").asText().equals(server.namespace())
                || !entry.path("name").asText().equals(server.name())) {
            return false;
        }
        JsonNode loaded = Conditions.find(entry, ConditionType.LOADED);
        return loaded.path("status").asText().equals(ConditionStatus.TRUE.value())
                && loaded.path("observedGeneration").asLong() == object.generation();
    }
}
