package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.narthex.kubernetes.ApiServerWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volume claims that a server's StatefulSet made. Kubernetes doesn't let the set's claim templates be changed; what can
 * be changed is each claim, which may grow where its storage class allows that.
 */
public final class VolumeClaims {

    private final KubernetesClient client;

    /** Makes one that asks this client. */
    public VolumeClaims(KubernetesClient client) {
        this.client = client;
    }

    private static List<PersistentVolumeClaim> templates(StatefulSet set) {
        List<PersistentVolumeClaim> templates = set.getSpec().getVolumeClaimTemplates();
        return templates == null ? List.of() : templates;
    }

    /**
     * How the volumes are.
     *
     * @param problem what can't be had, in words; empty where all is as wanted or on its way
     * @param growing what is on its way, in words; empty where nothing is
     */
    public record State(Optional<String> problem, Optional<String> growing) {

        /** All is as wanted, as far as is known. */
        public static final State AS_WANTED = new State(Optional.empty(), Optional.empty());

        static State problem(String words) {
            return new State(Optional.of(words), Optional.empty());
        }
    }

    /**
     * Has the claims of a server's pods grow to what is wanted, each whatever the others are like; returns how the first is
     * that can't be had, else the first that isn't so large yet.
     */
    public State grow(StatefulSet wanted) {
        List<State> states = new ArrayList<>();
        for (PersistentVolumeClaim template : templates(wanted)) {
            for (int ordinal = 0; ordinal < wanted.getSpec().getReplicas(); ordinal++) {
                String name = template.getMetadata().getName() + "-"
                        + wanted.getMetadata().getName() + "-" + ordinal;
                states.add(grow(wanted.getMetadata().getNamespace(), name, template));
            }
        }
        return states.stream()
                .filter(state -> state.problem().isPresent())
                .findFirst()
                .or(() -> states.stream()
                        .filter(state -> state.growing().isPresent())
                        .findFirst())
                .orElse(State.AS_WANTED);
    }

    private State grow(String namespace, String name, PersistentVolumeClaim template) {
        try {
            PersistentVolumeClaim claim = client.persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            if (claim == null) {
                return State.AS_WANTED;
            }
            String wantedClass = template.getSpec().getStorageClassName();
            String itsClass = claim.getSpec().getStorageClassName();
            if (wantedClass != null && !wantedClass.equals(itsClass)) {
                return State.problem("the volume claim " + name + " has the storage class " + itsClass
                        + " and can't change to " + wantedClass);
            }
            Quantity wanted = storage(template);
            Quantity there = storage(claim);
            int difference = wanted.getNumericalAmount().compareTo(there.getNumericalAmount());
            if (difference < 0) {
                return State.problem("the volume claim " + name + " has " + there + ", and a volume can't shrink to "
                        + wanted + "; set spec.storage.size to at least " + there);
            }
            if (difference > 0) {
                ObjectNode patch = JsonNodeFactory.instance.objectNode();
                patch.putObject("spec")
                        .putObject("resources")
                        .putObject("requests")
                        .put("storage", wanted.toString());
                client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName(name)
                        .patch(
                                new PatchContext.Builder()
                                        .withPatchType(PatchType.JSON_MERGE)
                                        .withFieldManager(ObjectNames.NARTHEX)
                                        .build(),
                                patch.toString());
            }
            return growth(name, claim, wanted);
        } catch (KubernetesClientException e) {
            return State.problem(
                    "the volume claim " + name + " can't grow to " + storage(template) + ": " + ApiServerWords.of(e));
        }
    }

    /** What was asked for is one thing, what there is another. */
    private static State growth(String name, PersistentVolumeClaim claim, Quantity wanted) {
        PersistentVolumeClaimStatus status = claim.getStatus();
        Quantity capacity = status == null || status.getCapacity() == null
                ? null
                : status.getCapacity().get("storage");
        if (status == null
                || capacity == null
                || capacity.getNumericalAmount().compareTo(wanted.getNumericalAmount()) >= 0) {
            return State.AS_WANTED;
        }
        String words = "the volume claim " + name + " has " + capacity + " of " + wanted;
        List<PersistentVolumeClaimCondition> conditions =
                status.getConditions() == null ? List.of() : status.getConditions();
        for (PersistentVolumeClaimCondition condition : conditions) {
            // ControllerResizeError, NodeResizeError: Kubernetes goes on trying, and says why it couldn't.
            if (condition.getType().endsWith("ResizeError") && "True".equals(condition.getStatus())) {
                return State.problem(words + ": " + condition.getMessage());
            }
        }
        return new State(
                Optional.empty(),
                Optional.of(conditions.stream()
                        .filter(condition -> condition.getType().equals("FileSystemResizePending")
                                && "True".equals(condition.getStatus()))
                        .findFirst()
                        .map(condition -> words + ": " + condition.getMessage())
                        .orElse(words)));
    }

    private static Quantity storage(PersistentVolumeClaim claim) {
        Map<String, Quantity> requests = claim.getSpec().getResources().getRequests();
        return requests == null ? new Quantity("0") : requests.getOrDefault("storage", new Quantity("0"));
    }
}
