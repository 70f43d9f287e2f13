package io.narthex.rollout.kubernetes;

import java.util.Optional;

/**
 * What an operator makes of all its servers.
 *
 * @param imageRepository where images come from that no resource names, such as {@code quay.io/prometheus/prometheus}
 * @param discoveryRole the ClusterRole that lets a server discover targets
 * @param operatorNamespace the namespace that the operator runs in; empty where it runs outside of the cluster
 */
public record DeploymentSettings(String imageRepository, String discoveryRole, Optional<String> operatorNamespace) {

    /** Those of the chart, outside of a cluster. */
    public static final DeploymentSettings DEFAULT =
            new DeploymentSettings("quay.io/prometheus/prometheus", "narthex-discovery", Optional.empty());
}
