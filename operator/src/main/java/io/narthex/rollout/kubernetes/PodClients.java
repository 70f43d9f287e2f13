package io.narthex.rollout.kubernetes;

import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The clients of a server's pods, one for as long as the pod's address and certificate stay. For one thread. */
final class PodClients implements AutoCloseable {

    private record Key(URI uri, Optional<String> certificate) {}

    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, PrometheusClient> clients = new HashMap<>();

    /** Returns the client of a pod at this URL. */
    PrometheusClient client(String pod, URI uri, Optional<String> certificate) {
        Key key = new Key(uri, certificate);
        PrometheusClient known = clients.get(pod);
        if (known != null && key.equals(keys.get(pod))) {
            return known;
        }
        if (known != null) {
            known.close();
        }
        PrometheusClient client = new PrometheusClient(endpoint(uri, certificate), ClientLimits.DEFAULT);
        keys.put(pod, key);
        clients.put(pod, client);
        return client;
    }

    /**
     * A pod's address isn't what its certificate names; that it is the very certificate that was given to it proves more.
     */
    static PrometheusEndpoint endpoint(URI uri, Optional<String> certificate) {
        Trust trust = certificate.<Trust>map(Trust.Pinned::new).orElseGet(Trust::defaults);
        return new PrometheusEndpoint(uri, trust, Credentials.none());
    }

    void retain(Set<String> pods) {
        for (String pod : Set.copyOf(clients.keySet())) {
            if (!pods.contains(pod)) {
                keys.remove(pod);
                PrometheusClient client = clients.remove(pod);
                if (client != null) {
                    client.close();
                }
            }
        }
    }

    @Override
    public void close() {
        retain(Set.of());
    }
}
