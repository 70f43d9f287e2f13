package io.narthex.rollout.kubernetes;

import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.ServerAccess;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The clients of a server's pods, one for as long as the pod's address and the way in stay. For one thread. */
final class PodClients implements AutoCloseable {

    private record Key(URI uri, ServerAccess access) {}

    private final Map<String, Key> keys = new HashMap<>();
    private final Map<String, PrometheusClient> clients = new HashMap<>();

    /** Returns the client of a pod at this URL. */
    PrometheusClient client(String pod, URI uri, ServerAccess access) {
        Key key = new Key(uri, access);
        PrometheusClient known = clients.get(pod);
        if (known != null && key.equals(keys.get(pod))) {
            return known;
        }
        if (known != null) {
            known.close();
        }
        PrometheusClient client = new PrometheusClient(access.endpoint(uri), ClientLimits.DEFAULT);
        keys.put(pod, key);
        clients.put(pod, client);
        return client;
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
