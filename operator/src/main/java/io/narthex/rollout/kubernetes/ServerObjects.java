package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the objects of a server that belong to it besides its StatefulSet and its Secrets. For one thread. */
public final class ServerObjects {

    private final ForcedApply apply;
    private final Map<String, HasMetadata> written = new HashMap<>();

    /** Makes a writer that has written nothing yet. */
    public ServerObjects(KubernetesClient client) {
        this.apply = new ForcedApply(client);
    }

    /**
     * Writes those of the objects that were not written as they are.
     *
     * @throws NotOurs where one exists that belongs to somebody else
     * @throws KubernetesClientException where the API server refuses
     */
    public void write(List<HasMetadata> objects) throws NotOurs {
        for (HasMetadata object : objects) {
            String name = object.getKind() + "/" + object.getMetadata().getName();
            if (object.equals(written.get(name))) {
                continue;
            }
            if (written.containsKey(name)) {
                apply.write(object);
            } else {
                apply.writeOwn(object);
            }
            written.put(name, object);
        }
    }

    /**
     * Writes all of them once more, so that what others changed or deleted is as it was. Where nothing differs, the API
     * server writes nothing.
     *
     * @throws KubernetesClientException where the API server refuses
     */
    public void restore() {
        written.values().forEach(apply::write);
    }
}
