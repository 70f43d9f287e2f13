package io.narthex.compiler.config;

/** Which objects of Kubernetes become targets ("kubernetes_sd_config" of the Prometheus documentation). */
public enum KubernetesRole implements Token {
    /** Nodes. */
    NODE("node", Gate.ALWAYS),
    /** Ports of services. */
    SERVICE("service", Gate.ALWAYS),
    /** Ports of pods. */
    POD("pod", Gate.ALWAYS),
    /** Endpoints of services, by the old API. */
    ENDPOINTS("endpoints", Gate.ALWAYS),
    /** Endpoints of services. */
    ENDPOINTSLICE("endpointslice", Gate.ALWAYS),
    /** Paths of ingresses. */
    INGRESS("ingress", Gate.ALWAYS);

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    KubernetesRole(String text, Gate gate) {
        this.text = text;
        this.gate = gate;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Gate gate() {
        return gate;
    }
}
