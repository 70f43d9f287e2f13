package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Evicts a server's pods, and knows which ones leave before the watch shows it. For one thread. */
final class PodEvictions {

    private final KubernetesClient client;
    private final ObjectNames names;
    private final Map<String, String> evicted = new HashMap<>();

    PodEvictions(KubernetesClient client, ObjectNames names) {
        this.client = client;
        this.names = names;
    }

    /** A pod can't be evicted. */
    static final class NotEvicted extends Exception {
        private static final long serialVersionUID = 1;

        NotEvicted(String message) {
            super(message);
        }
    }

    /** Returns whether this very pod was evicted, and not just one of its name. */
    boolean isEvicted(PodView pod) {
        return pod.uid().equals(evicted.get(pod.name()));
    }

    /** Evicts a pod, unless it leaves already. */
    void evict(PodView pod) throws NotEvicted {
        if (pod.isTerminating()) {
            return;
        }
        try {
            if (!client.pods()
                    .inNamespace(names.namespace())
                    .withName(pod.name())
                    .evict()) {
                throw new NotEvicted(
                        "the pod " + pod.name() + " can't be evicted now: its disruption budget allows none");
            }
        } catch (KubernetesClientException e) {
            throw new NotEvicted("the pod " + pod.name() + " can't be evicted: " + ApiServerWords.of(e));
        }
        evicted.put(pod.name(), pod.uid());
    }

    /** Forgets all about other pods than these. */
    void retain(Set<String> pods) {
        evicted.keySet().retainAll(pods);
    }
}
