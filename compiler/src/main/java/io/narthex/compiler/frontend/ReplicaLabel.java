package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Platform;
import org.jspecify.annotations.Nullable;

/** The external label that tells a server's replicas apart. */
final class ReplicaLabel {

    /**
     * The variable of the environment that holds the replica's name: that of the pod on Kubernetes, that of the service
     * on Swarm, where each replica is a service of its own.
     */
    static final String VARIABLE = "POD_NAME";

    private static final String USUAL = "prometheus_replica";

    private ReplicaLabel() {}

    /** Returns whether each replica says itself which one it is. */
    static boolean isVariable(PrometheusServerSpec spec, Platform platform) {
        return !spec.runsElsewhere()
                && (platform == Platform.KUBERNETES || (platform == Platform.SWARM && spec.replicas() > 1));
    }

    /** Returns the label; null for none. */
    static @Nullable String of(PrometheusServerSpec spec, Platform platform) {
        if (spec.runsElsewhere()) {
            // How many there are, and which is which, is their owner's to say.
            return null;
        }
        boolean several = platform != Platform.LOCAL && spec.replicas() > 1;
        return spec.replicaLabel() == null && several ? USUAL : spec.replicaLabel();
    }
}
