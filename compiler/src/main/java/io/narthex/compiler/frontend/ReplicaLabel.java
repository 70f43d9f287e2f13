package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Platform;
import org.jspecify.annotations.Nullable;

/** The external label that tells a server's replicas apart. */
final class ReplicaLabel {

    /** The variable of a pod's environment that holds the pod's name. Kubernetes only. */
    static final String VARIABLE = "POD_NAME";

    private static final String USUAL = "prometheus_replica";

    private ReplicaLabel() {}

    /** Returns the label; null for none. */
    static @Nullable String of(PrometheusServerSpec spec, Platform platform) {
        boolean several = platform == Platform.KUBERNETES && spec.replicas() > 1;
        return spec.replicaLabel() == null && several ? USUAL : spec.replicaLabel();
    }
}
