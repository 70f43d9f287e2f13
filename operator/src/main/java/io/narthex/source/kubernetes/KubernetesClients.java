package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;

/**
 * Makes clients of an API server. By itself the library loads the classes of every kind of Kubernetes once something is
 * watched, to know by its name what comes: some 380 classes. These clients know the kinds that Narthex watches; of any other
 * the library makes what was asked for from its JSON, at the price of a second reading.
 */
public final class KubernetesClients {

    /** What a watch tells of: an answer that isn't known to be a Status would pass for an object. */
    private static final List<Class<? extends KubernetesResource>> WATCHED =
            List.of(Status.class, Namespace.class, Pod.class, StatefulSet.class);

    private KubernetesClients() {}

    /**
     * Returns a client beside another, over the same connections, that waits for an answer as long as it is told to. It ends
     * with the other one and needn't be closed.
     */
    public static KubernetesClient patient(KubernetesClient client, Duration patience) {
        return client.newClient(
                        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                                .withRequestTimeout((int) patience.toMillis())
                                .build())
                .adapt(NamespacedKubernetesClient.class);
    }

    /** Returns a client of a user, which tries again by itself for a while where a server doesn't answer. */
    public static KubernetesClient of(Config config) {
        KubernetesSerialization kinds = new KubernetesSerialization(new ObjectMapper(), false);
        WATCHED.forEach(kinds::registerKubernetesResource);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(kinds)
                .withHttpClientFactory(new LightTls())
                .build();
    }

    /**
     * Returns an operator's client, which asks once: who asks tries again by itself, and says meanwhile why. A client that
     * tries ten times by itself, as is the default, keeps silent for a minute and more, and renews a lease that another
     * replica may hold by then.
     *
     * @param found how to come to the API server, and as whom
     */
    public static KubernetesClient ofOperator(Config found) {
        return of(new ConfigBuilder(found)
                .withUserAgent("narthex")
                .withRequestRetryBackoffLimit(0)
                .build());
    }
}
