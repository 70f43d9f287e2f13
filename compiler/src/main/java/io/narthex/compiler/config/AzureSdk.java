package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Credentials as Azure's SDK finds them.
 *
 * @param tenantId the tenant; from 2.52 on
 */
public record AzureSdk(@Nullable String tenantId) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.AZURE_SDK_TENANT_ID, tenantId);
    }
}
