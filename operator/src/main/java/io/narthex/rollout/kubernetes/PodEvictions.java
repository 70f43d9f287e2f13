package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.Eviction;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import java.net.HttpURLConnection;
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

    /** Evicts this very pod, unless it leaves already or has gone: one of its name that came since is left alone. */
    void evict(PodView pod) throws NotEvicted {
        if (pod.isTerminating()) {
            return;
        }
        Eviction eviction = new EvictionBuilder()
                .withNewMetadata()
                .withNamespace(names.namespace())
                .withName(pod.name())
                .endMetadata()
                .withDeleteOptions(new DeleteOptionsBuilder()
                        .withNewPreconditions()
                        .withUid(pod.uid())
                        .endPreconditions()
                        .build())
                .build();
        try {
            if (!client.pods()
                    .inNamespace(names.namespace())
                    .withName(pod.name())
                    .evict(eviction)) {
                throw new NotEvicted(
                        "the pod " + pod.name() + " can't be evicted now: its disruption budget allows none");
            }
        } catch (KubernetesClientException e) {
            if (!isGone(pod, e)) {
                throw new NotEvicted("the pod " + pod.name() + " can't be evicted: " + ApiServerWords.of(e));
            }
        }
        evicted.put(pod.name(), pod.uid());
    }

    /** The conflict of another uid names both (registry/core/pod/storage/eviction.go), which those of a budget don't. */
    private static boolean isGone(PodView pod, KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || (e.getCode() == HttpURLConnection.HTTP_CONFLICT
                        && ApiServerWords.said(e).contains(pod.uid()));
    }

    /** Forgets all about other pods than these. */
    void retain(Set<String> pods) {
        evicted.keySet().retainAll(pods);
    }
}
