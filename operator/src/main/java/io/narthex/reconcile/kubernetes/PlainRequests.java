package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;

/**
 * How an operator's client asks the API server: once. Whoever asks tries again by itself, and says meanwhile why. A client
 * that tries ten times by itself, as is the default, keeps silent for a minute and more, and renews a lease that another
 * replica may hold by then.
 */
public final class PlainRequests {

    private PlainRequests() {}

    /** Returns a configuration that comes to the same API server as the same user. */
    public static Config of(Config found) {
        return new ConfigBuilder(found)
                .withUserAgent("narthex")
                .withRequestRetryBackoffLimit(0)
                .build();
    }
}
