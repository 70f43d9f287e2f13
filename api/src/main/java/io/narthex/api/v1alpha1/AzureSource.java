package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.PrometheusDuration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Virtual machines of Microsoft Azure (Prometheus documentation, {@code <azure_sd_config>}). The port is that of the
 * Monitor's endpoint, or else 80. A client secret can't be set, because Prometheus takes it only in its configuration
 * itself, where secrets have no place. Not served by this release: a Monitor that uses it is refused (NX1201).
 *
 * @param subscriptionId The subscription.
 * @param authentication How Azure is asked. Default: {@code ManagedIdentity}.
 * @param environment The cloud. Default: {@code AzurePublicCloud}.
 * @param tenantId The tenant.
 * @param clientId The client identifier of a managed identity.
 * @param resourceGroup The resource group. Absent for all.
 * @param refreshInterval How often to ask. Default: {@code 300s}.
 * @param tls The settings of TLS.
 * @param proxy The proxy to go through.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AzureSource(
        @Required @Size(min = 1, max = 64) String subscriptionId,
        @Nullable AzureAuthentication authentication,
        @Size(min = 1, max = 64) @Nullable String environment,
        @Size(min = 1, max = 64) @Nullable String tenantId,
        @Size(min = 1, max = 64) @Nullable String clientId,
        @Size(min = 1, max = 256) @Nullable String resourceGroup,
        @PrometheusDuration @Nullable String refreshInterval,
        @Nullable Tls tls,
        @Nullable Proxy proxy) {
    public AzureSource {
        Objects.requireNonNull(subscriptionId, "subscriptionId");
    }
}
