package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Objects;

/**
 * A user of the web interface.
 *
 * @param name The user's name. Names that begin with {@code narthex-} are for Narthex's own users.
 * @param passwordHash Where the bcrypt hash of the password comes from, such as {@code htpasswd -nBC 10 NAME} prints.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WebUser(
        @Required @Pattern("^[^:]+$") @Size(min = 1, max = 256)
        String name,

        @Required CredentialSource passwordHash) {
    public WebUser {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(passwordHash, "passwordHash");
    }
}
