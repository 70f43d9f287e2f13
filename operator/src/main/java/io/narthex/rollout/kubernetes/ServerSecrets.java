package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the API server for a server's Secrets, makes and changes them, and has the server own them.
 *
 * <p>Any thread may call any method; all throw {@link KubernetesClientException} where the API server refuses.
 */
public final class ServerSecrets {

    private final KubernetesClient client;
    private final QuietWrites quiet;
    private final ObjectNames names;
    private final OwnerReference owner;

    /**
     * Makes one.
     *
     * @param client asks the API server; not closed here
     * @param names the names of the server's objects
     * @param owner owns them
     */
    public ServerSecrets(KubernetesClient client, ObjectNames names, OwnerReference owner) {
        this.client = client;
        this.quiet = new QuietWrites(client);
        this.names = names;
        this.owner = owner;
    }

    Optional<Secret> find(String name) {
        return Optional.ofNullable(
                client.secrets().inNamespace(names.namespace()).withName(name).get());
    }

    /**
     * Returns a Secret that the server owns, also one that a server of its name left; empty where there is none.
     *
     * @throws NotOurs where it is somebody else's
     */
    public Optional<Secret> findOwn(String name, String component) throws NotOurs {
        Optional<Secret> found = find(name);
        if (found.isPresent()) {
            adopt(found.get(), component);
        }
        return found;
    }

    /** Returns whether a Secret of this name is owned by a server of this one's name that was there before. */
    public boolean isOfPredecessor(String name) {
        return find(name).stream()
                .flatMap(secret -> secret.getMetadata().getOwnerReferences().stream())
                .anyMatch(one -> owner.getKind().equals(one.getKind())
                        && owner.getName().equals(one.getName())
                        && !owner.getUid().equals(one.getUid()));
    }

    /** Returns those with the server's labels. */
    List<Secret> labelled(String component) {
        return client.secrets()
                .inNamespace(names.namespace())
                .withLabels(names.labels(component))
                .list()
                .getItems();
    }

    /** Returns a Secret of the server's without content. */
    public Secret empty(String name, String component) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(names.namespace())
                .withLabels(names.labels(component))
                .withOwnerReferences(owner)
                .endMetadata()
                .withType("Opaque")
                .build();
    }

    /** Creates a Secret; returns its version. */
    String create(Secret secret) {
        return client.resource(secret).create().getMetadata().getResourceVersion();
    }

    /**
     * Changes entries of the Secret where it has this version; returns its new one.
     *
     * @param data the values in base64, by key; null for one that is deleted
     */
    String merge(String name, String resourceVersion, Map<String, @Nullable String> data) throws InterruptedException {
        return quiet.merge(names.namespace(), "secrets/" + name, Json.mergePatch(resourceVersion, data));
    }

    /**
     * Has the server own a Secret that one of its name left.
     *
     * @throws NotOurs where it is somebody else's
     */
    void adopt(Secret there, String component) throws NotOurs {
        Secret wanted = empty(there.getMetadata().getName(), component);
        Ownership.demand(there, wanted);
        if (Ownership.isOrphan(there, wanted)) {
            Secret adopted = client.secrets()
                    .inNamespace(names.namespace())
                    .withName(there.getMetadata().getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), Json.owned(owner));
            there.getMetadata().setResourceVersion(adopted.getMetadata().getResourceVersion());
        }
    }
}
