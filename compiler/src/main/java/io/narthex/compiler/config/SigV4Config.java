package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Signatures of AWS ("sigv4" of the Prometheus documentation); the key is the environment's or a profile's.
 *
 * @param region the region
 * @param profile the named profile of credentials
 * @param roleArn the role to assume
 * @param externalId the external identifier for assuming the role; from 3.10 on
 * @param useFipsStsEndpoint whether the endpoint of the token service is the FIPS one; from 3.1 on
 * @param serviceName the service that is signed for; from 3.5 on
 */
public record SigV4Config(
        @Nullable String region,
        @Nullable String profile,
        @Nullable String roleArn,
        @Nullable String externalId,
        @Nullable Boolean useFipsStsEndpoint,
        @Nullable String serviceName)
        implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.SIGV4_REGION, region);
        out.write(ConfigField.SIGV4_PROFILE, profile);
        out.write(ConfigField.SIGV4_ROLE_ARN, roleArn);
        out.write(ConfigField.SIGV4_EXTERNAL_ID, externalId);
        out.write(ConfigField.SIGV4_USE_FIPS_STS_ENDPOINT, useFipsStsEndpoint);
        out.write(ConfigField.SIGV4_SERVICE_NAME, serviceName);
    }

    /** Gathers the components of a {@link SigV4Config}. */
    public static final class Builder {

        private @Nullable String region;
        private @Nullable String profile;
        private @Nullable String roleArn;
        private @Nullable String externalId;
        private @Nullable Boolean useFipsStsEndpoint;
        private @Nullable String serviceName;

        private Builder() {}

        /** Sets the region. */
        public Builder region(@Nullable String region) {
            this.region = region;
            return this;
        }

        /** Sets the named profile of credentials. */
        public Builder profile(@Nullable String profile) {
            this.profile = profile;
            return this;
        }

        /** Sets the role to assume. */
        public Builder roleArn(@Nullable String roleArn) {
            this.roleArn = roleArn;
            return this;
        }

        /** Sets the external identifier for assuming the role. */
        public Builder externalId(@Nullable String externalId) {
            this.externalId = externalId;
            return this;
        }

        /** Sets whether the endpoint of the token service is the FIPS one. */
        public Builder useFipsStsEndpoint(@Nullable Boolean useFipsStsEndpoint) {
            this.useFipsStsEndpoint = useFipsStsEndpoint;
            return this;
        }

        /** Sets the service that is signed for. */
        public Builder serviceName(@Nullable String serviceName) {
            this.serviceName = serviceName;
            return this;
        }

        /** Returns the whole. */
        public SigV4Config build() {
            return new SigV4Config(region, profile, roleArn, externalId, useFipsStsEndpoint, serviceName);
        }
    }
}
