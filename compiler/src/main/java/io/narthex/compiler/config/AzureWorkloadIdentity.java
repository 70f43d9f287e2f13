package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * A workload identity of Azure.
 *
 * @param clientId the client; from 3.7 on
 * @param tenantId the tenant; from 3.7 on
 * @param tokenFilePath the path of the token; from 3.7 on
 */
public record AzureWorkloadIdentity(
        @Nullable String clientId,
        @Nullable String tenantId,
        @Nullable String tokenFilePath) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.AZURE_WORKLOAD_CLIENT_ID, clientId);
        out.write(ConfigField.AZURE_WORKLOAD_TENANT_ID, tenantId);
        out.write(ConfigField.AZURE_WORKLOAD_TOKEN_FILE_PATH, tokenFilePath);
    }
}
