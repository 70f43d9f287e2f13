package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An Authorization header made of a type and a credential.
 *
 * @param type The type that precedes the credential. Default: {@code Bearer}. For {@code Basic}, use {@code basic}
 *     instead.
 * @param credentials Where the credential comes from, such as a bearer token.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Authorization(
        @Pattern("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") @Size(min = 1, max = 64) @Nullable
        String type,

        @Required CredentialSource credentials) {
    public Authorization {
        Objects.requireNonNull(credentials, "credentials");
    }
}
