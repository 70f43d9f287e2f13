package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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

    /**
     * Returns why a StatefulSet that exists can't become the wanted one, in words; empty where it can. Between a claim and
     * another kind of volume there is no way that keeps the samples.
     */
    public static Optional<String> conflict(StatefulSet there, StatefulSet wanted) {
        boolean had = !templates(there).isEmpty();
        boolean has = !templates(wanted).isEmpty();
        if (had == has) {
            return Optional.empty();
        }
        return Optional.of(
                had
                        ? "the server's samples lie on claimed volumes, and would be left behind"
                        : "the server has no claimed volume, and a StatefulSet that exists can't get one");
    }

    private static List<PersistentVolumeClaim> templates(StatefulSet set) {
        List<PersistentVolumeClaim> templates = set.getSpec().getVolumeClaimTemplates();
        return templates == null ? List.of() : templates;
    }

    /**
     * Has the claims of a server's pods grow to what is wanted.
     *
     * @return what can't be had, in words; empty where all is as wanted or on its way
     */
    public Optional<String> grow(StatefulSet wanted) {
        for (PersistentVolumeClaim template : templates(wanted)) {
            for (int ordinal = 0; ordinal < wanted.getSpec().getReplicas(); ordinal++) {
                String name = template.getMetadata().getName() + "-"
                        + wanted.getMetadata().getName() + "-" + ordinal;
                Optional<String> problem = grow(wanted.getMetadata().getNamespace(), name, template);
                if (problem.isPresent()) {
                    return problem;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> grow(String namespace, String name, PersistentVolumeClaim template) {
        try {
            PersistentVolumeClaim claim = client.persistentVolumeClaims()
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
            if (claim == null) {
                return Optional.empty();
            }
            String wantedClass = template.getSpec().getStorageClassName();
            String itsClass = claim.getSpec().getStorageClassName();
            if (wantedClass != null && !wantedClass.equals(itsClass)) {
                return Optional.of("the volume claim " + name + " has the storage class " + itsClass
                        + " and can't change to " + wantedClass);
            }
            Quantity wanted = storage(template);
            Quantity there = storage(claim);
            int difference = wanted.getNumericalAmount().compareTo(there.getNumericalAmount());
            if (difference < 0) {
                return Optional.of("the volume claim " + name + " has " + there + ", and a volume can't shrink to "
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
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of("the volume claim " + name + " can't grow to " + storage(template) + ": "
                    + KubernetesPrometheus.words(e));
        }
    }

    private static Quantity storage(PersistentVolumeClaim claim) {
        Map<String, Quantity> requests = claim.getSpec().getResources().getRequests();
        return requests == null ? new Quantity("0") : requests.getOrDefault("storage", new Quantity("0"));
    }
}
