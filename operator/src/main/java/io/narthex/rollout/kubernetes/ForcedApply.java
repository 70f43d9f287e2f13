package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes a server's objects on the API server's side, taking over what others manage in them. Any thread may call it. */
public final class ForcedApply {

    private static final int INVALID = 422;

    private final KubernetesClient client;

    /** Makes one; the client asks the API server and isn't closed here. */
    public ForcedApply(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Writes an object. The role of a binding can't be changed: one of Narthex's own that an operator with another role
     * left is made anew.
     *
     * @return the object as it is there now
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    public HasMetadata write(HasMetadata object) {
        try {
            return apply(object);
        } catch (KubernetesClientException e) {
            // The API server looks at the right to bind before it says this, so that the new binding won't be refused.
            Optional<HasMetadata> other = e.getCode() == INVALID ? otherRole(object) : Optional.empty();
            if (other.isEmpty()) {
                throw e;
            }
            HasMetadata there = other.get();
            client.resource(there)
                    .lockResourceVersion(there.getMetadata().getResourceVersion())
                    .delete();
            return apply(object);
        }
    }

    /**
     * Writes an object of a name that somebody else may have taken.
     *
     * @return the object as it is there now
     * @throws NotOurs where one of its name belongs to somebody else
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    public HasMetadata writeOwn(HasMetadata object) throws NotOurs {
        demandOwn(object);
        return write(object);
    }

    /**
     * Asks whose an object of this name is, if there is one.
     *
     * @throws NotOurs where it belongs to somebody else
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    public void demandOwn(HasMetadata object) throws NotOurs {
        HasMetadata there = client.resource(object).get();
        if (there != null) {
            Ownership.demand(there, object);
        }
    }

    private HasMetadata apply(HasMetadata object) {
        return client.resource(object)
                .fieldManager(ObjectNames.NARTHEX)
                .forceConflicts()
                .serverSideApply();
    }

    /** Returns the binding that stands in the way with another role. */
    private Optional<HasMetadata> otherRole(HasMetadata wanted) {
        Optional<RoleRef> role = role(wanted);
        if (role.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(client.resource(wanted).get())
                .filter(there -> !role(there).equals(role))
                .filter(there -> ObjectNames.NARTHEX.equals(
                        Objects.requireNonNullElse(there.getMetadata().getLabels(), Map.of())
                                .get(ObjectNames.MANAGED_BY)));
    }

    private static Optional<RoleRef> role(HasMetadata object) {
        return switch (object) {
            case RoleBinding binding -> Optional.of(binding.getRoleRef());
            case ClusterRoleBinding binding -> Optional.of(binding.getRoleRef());
            default -> Optional.empty();
        };
    }
}
