package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonValue;

/** A cloud of Microsoft Azure. */
public enum AzureCloud {
    /** The public cloud. */
    AZURE_PUBLIC("AzurePublic"),
    /** The cloud of the government of the United States. */
    AZURE_GOVERNMENT("AzureGovernment"),
    /** The cloud in China. */
    AZURE_CHINA("AzureChina");

    private final String value;

    AzureCloud(String value) {
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
