package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * An identity of Google Cloud.
 *
 * @param credentials Where the service account's key comes from, in JSON. Default: the environment's own identity.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GoogleIam(@Nullable CredentialSource credentials) {}
