package io.narthex.cli.kubectl;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Conditions;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what an operator wrote into the status of one resource. */
record ClusterStory(ResourceKey key, StoredObject object) {

    /** What a resource's operator says of it in one word. */
    enum Verdict {
        /** All is as declared. */
        YES,
        /** Something is wrong. */
        NO,
        /** It isn't known, or not yet. */
        UNKNOWN
    }

    /** Returns those of all resources, ordered by key. */
    static Stream<ClusterStory> all(ClusterState state) {
        return state.objects()
                .keys()
                .sorted()
                .map(key -> new ClusterStory(key, state.objects().get(key).orElseThrow()));
    }

    JsonNode status() {
        return object.status().tree();
    }

    private JsonNode ready() {
        return Conditions.find(status(), ConditionType.READY);
    }

    /** Returns whether no operator said anything of it yet. */
    boolean isUntold() {
        return ready().isMissingNode();
    }

    /** Returns whether what the status says is of an earlier version of the resource. */
    boolean isBehind() {
        return !isUntold() && status().path("observedGeneration").asLong() < object.generation();
    }

    Verdict verdict() {
        if (isUntold() || isBehind()) {
            return Verdict.UNKNOWN;
        }
        return verdict(ready());
    }

    static Verdict verdict(JsonNode condition) {
        return switch (condition.path("status").asText()) {
            case "True" -> Verdict.YES;
            case "False" -> Verdict.NO;
            default -> Verdict.UNKNOWN;
        };
    }

    /** Returns one word for it: {@code ready}, or the reason of its condition. */
    String word() {
        if (isUntold()) {
            return "Unseen";
        }
        if (isBehind()) {
            return "Changed";
        }
        return verdict() == Verdict.YES ? "ready" : ready().path("reason").asText("unknown");
    }

    /** Returns why in a sentence; may be empty. */
    String why() {
        if (isUntold()) {
            return "no operator has said anything of it: does one run? (kubectl get deployments -A -l app.kubernetes.io/name=narthex;"
                    + " one with an operatorClass says nothing of what no server takes)";
        }
        if (isBehind()) {
            return "its operator hasn't looked at the latest version yet";
        }
        return ready().path("message").asText("");
    }

    /** Returns how many targets are up and how many there are; empty where that isn't known. */
    Optional<String> targets() {
        JsonNode targets = status().path("targets");
        return targets.isObject()
                ? Optional.of(
                        targets.path("up").asInt() + "/" + targets.path("total").asInt())
                : Optional.empty();
    }
}
