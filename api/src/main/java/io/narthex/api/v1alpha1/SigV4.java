package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/**
 * Signatures of Amazon Web Services, version 4. The keys come from where the AWS SDK finds them: a role of the
 * workload, environment variables, a shared credentials file. They can't be set here, because Prometheus takes them
 * only in its configuration itself, where secrets have no place.
 *
 * @param region The region. Default: the SDK's own.
 * @param profile The profile of the shared credentials file.
 * @param roleArn A role to assume.
 * @param externalId The external identifier with which the role is assumed. Needs roleArn. From Prometheus 3.10.
 * @param serviceName The name of the service that is signed for. Default: {@code aps}. From Prometheus 3.5.
 * @param useFipsStsEndpoint Whether to use the FIPS endpoint of STS. From Prometheus 3.1.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SigV4(
        @Size(min = 1, max = 64) @Nullable String region,
        @Size(min = 1, max = 256) @Nullable String profile,
        @Size(min = 1, max = 2048) @Nullable String roleArn,
        @Size(min = 1, max = 1224) @Nullable String externalId,
        @Size(min = 1, max = 64) @Nullable String serviceName,
        @Nullable Boolean useFipsStsEndpoint) {}
