package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Keeps objects of others from being taken over because of their name. */
final class Ownership {

    private Ownership() {}

    /**
     * Fails unless the object that is there has the owner of the one that is to be written, or is its orphan. Outside the
     * server's namespace nothing has an owner: there the labels say whose it is.
     */
    static void demand(HasMetadata there, HasMetadata wanted) throws NotOurs {
        boolean ours = label(wanted, ObjectNames.SERVER_NAMESPACE).isPresent()
                ? isElsewhere(there, wanted)
                : Objects.equals(owner(there), owner(wanted)) || isOrphan(there, wanted);
        if (!ours) {
            String namespace = there.getMetadata().getNamespace();
            String remedy = there instanceof ServiceAccount
                    ? "set serviceAccount.create to false to have the pods use it, or name another"
                    : "rename one of the two";
            throw new NotOurs(there.getKind() + " " + (namespace == null ? "" : namespace + "/")
                    + there.getMetadata().getName() + " exists and isn't this server's; " + remedy);
        }
    }

    /** Whether a server left it that was deleted without what is its own ({@code kubectl delete --cascade=orphan}). */
    static boolean isOrphan(HasMetadata there, HasMetadata wanted) {
        return owner(there).isEmpty() && haveSame(there, wanted, ObjectNames.MANAGED_BY, ObjectNames.INSTANCE);
    }

    private static boolean isElsewhere(HasMetadata there, HasMetadata wanted) {
        return isOrphan(there, wanted) && haveSame(there, wanted, ObjectNames.SERVER_NAMESPACE);
    }

    private static boolean haveSame(HasMetadata there, HasMetadata wanted, String... labels) {
        return Stream.of(labels)
                .allMatch(label ->
                        label(wanted, label).isPresent() && label(there, label).equals(label(wanted, label)));
    }

    private static Optional<String> label(HasMetadata object, String name) {
        return Optional.ofNullable(object.getMetadata().getLabels()).map(labels -> labels.get(name));
    }

    /** Returns the identity of an object's first owner; an empty one where it has none. */
    static String owner(HasMetadata object) {
        List<OwnerReference> owners = object.getMetadata().getOwnerReferences();
        return owners == null || owners.isEmpty() ? "" : owners.getFirst().getUid();
    }
}
