package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * An identity of Microsoft Entra ID (Azure AD). Exactly one of {@code managedIdentity}, {@code workloadIdentity} and
 * {@code sdk} is set. A client secret can't be set, because Prometheus takes it only in its configuration itself, where
 * secrets have no place.
 *
 * @param cloud The cloud. Default: {@code AzurePublic}.
 * @param managedIdentity A managed identity.
 * @param workloadIdentity A workload identity, whose token is mounted by Kubernetes. From Prometheus 3.7.
 * @param sdk The identity that the Azure SDK finds. From Prometheus 2.52.
 * @param scope The OAuth 2.0 scope to ask for. Default: that of Azure Monitor. From Prometheus 3.9.
 */
@ValidationRule(
        value = "[has(self.managedIdentity), has(self.workloadIdentity), has(self.sdk)].filter(x, x).size() == 1",
        message = "set exactly one of managedIdentity, workloadIdentity and sdk")
public record AzureAd(
        @Nullable AzureCloud cloud,
        @Nullable ManagedIdentity managedIdentity,
        @Nullable WorkloadIdentity workloadIdentity,
        @Nullable AzureSdk sdk,
        @Size(min = 1, max = 1024) @Nullable String scope) {

    /**
     * A managed identity of Azure.
     *
     * @param clientId The client identifier of a user-assigned identity. Absent for the system-assigned one.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ManagedIdentity(
            @Size(min = 1, max = 64) @Nullable String clientId) {}

    /**
     * A workload identity of Azure.
     *
     * @param clientId The client identifier of the application.
     * @param tenantId The tenant in which the application is registered.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record WorkloadIdentity(
            @Required @Size(min = 1, max = 64) String clientId,
            @Required @Size(min = 1, max = 64) String tenantId) {}

    /**
     * The identity that the Azure SDK finds in its environment.
     *
     * @param tenantId The tenant.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record AzureSdk(
            @Size(min = 1, max = 64) @Nullable String tenantId) {}
}
