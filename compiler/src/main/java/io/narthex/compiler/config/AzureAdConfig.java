package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Tokens of Microsoft Entra ID ("azuread" of the Prometheus documentation).
 *
 * @param cloud {@code AzurePublic}, as where not given, {@code AzureChina} or {@code AzureGovernment}
 * @param managedIdentity a managed identity
 * @param workloadIdentity a workload identity; from 3.7 on
 * @param sdk the environment's credentials, as Azure's SDK finds them; from 2.52 on
 * @param scope the scope to ask for; from 3.9 on
 */
public record AzureAdConfig(
        @Nullable String cloud,
        @Nullable AzureManagedIdentity managedIdentity,
        @Nullable AzureWorkloadIdentity workloadIdentity,
        @Nullable AzureSdk sdk,
        @Nullable String scope)
        implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.AZUREAD_CLOUD, cloud);
        out.write(ConfigField.AZUREAD_MANAGED_IDENTITY, managedIdentity);
        out.write(ConfigField.AZUREAD_WORKLOAD_IDENTITY, workloadIdentity);
        out.write(ConfigField.AZUREAD_SDK, sdk);
        out.write(ConfigField.AZUREAD_SCOPE, scope);
    }

    /** Gathers the components of a {@link AzureAdConfig}. */
    public static final class Builder {

        private @Nullable String cloud;
        private @Nullable AzureManagedIdentity managedIdentity;
        private @Nullable AzureWorkloadIdentity workloadIdentity;
        private @Nullable AzureSdk sdk;
        private @Nullable String scope;

        private Builder() {}

        /** Sets {@code AzurePublic}, as where not given, {@code AzureChina} or {@code AzureGovernment}. */
        public Builder cloud(@Nullable String cloud) {
            this.cloud = cloud;
            return this;
        }

        /** Sets a managed identity. */
        public Builder managedIdentity(@Nullable AzureManagedIdentity managedIdentity) {
            this.managedIdentity = managedIdentity;
            return this;
        }

        /** Sets a workload identity. */
        public Builder workloadIdentity(@Nullable AzureWorkloadIdentity workloadIdentity) {
            this.workloadIdentity = workloadIdentity;
            return this;
        }

        /** Sets the environment's credentials, as Azure's SDK finds them. */
        public Builder sdk(@Nullable AzureSdk sdk) {
            this.sdk = sdk;
            return this;
        }

        /** Sets the scope to ask for. */
        public Builder scope(@Nullable String scope) {
            this.scope = scope;
            return this;
        }

        /** Returns the whole. */
        public AzureAdConfig build() {
            return new AzureAdConfig(cloud, managedIdentity, workloadIdentity, sdk, scope);
        }
    }
}
