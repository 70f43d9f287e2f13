package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** How Azure is asked. */
public enum AzureAuthentication {
    /** With a managed identity. */
    MANAGED_IDENTITY("ManagedIdentity"),
    /** With a workload identity; from Prometheus 3.11. */
    WORKLOAD_IDENTITY("WorkloadIdentity"),
    /** With the identity that the Azure SDK finds; from Prometheus 2.52. */
    SDK("SDK");

    private final String value;

    AzureAuthentication(String value) {
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
