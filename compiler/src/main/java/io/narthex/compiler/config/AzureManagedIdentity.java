package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * A managed identity of Azure.
 *
 * @param clientId the client; the system's own where not given, from 3.5 on
 */
public record AzureManagedIdentity(@Nullable String clientId) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.AZURE_MANAGED_CLIENT_ID, clientId);
    }
}
