package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A kind of source of a Monitor. */
public enum SourceKind {
    /** Services. */
    SERVICE("service"),
    /** Pods. */
    POD("pod"),
    /** Nodes. */
    NODE("node"),
    /** Ingresses. */
    INGRESS("ingress"),
    /** Addresses. */
    STATIC("static"),
    /** DNS. */
    DNS("dns"),
    /** HTTP. */
    HTTP("http"),
    /** Files. */
    FILE("file"),
    /** Docker Swarm. */
    SWARM("swarm"),
    /** Docker. */
    DOCKER("docker"),
    /** Consul. */
    CONSUL("consul"),
    /** Amazon EC2. */
    EC2("ec2"),
    /** Google Compute Engine. */
    GCE("gce"),
    /** Microsoft Azure. */
    AZURE("azure"),
    /** Any other of Prometheus. */
    OTHER("other");

    private final String value;

    SourceKind(String value) {
        this.value = value;
    }

    /** The value as it stands in JSON. */
    @JsonValue
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return value;
    }
}
