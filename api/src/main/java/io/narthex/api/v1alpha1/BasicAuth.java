package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/**
 * A user name and a password (RFC 7617).
 *
 * @param username The user's name. Either this or {@code usernameFrom} is set.
 * @param usernameFrom Where the user's name comes from when it is to be kept secret too. From Prometheus 2.49.
 * @param password Where the password comes from. Absent for an empty password.
 */
@ValidationRule(
        value = "has(self.username) != has(self.usernameFrom)",
        message = "set exactly one of username and usernameFrom")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BasicAuth(
        @Size(min = 1, max = 1024) @Nullable String username,
        @Nullable CredentialSource usernameFrom,
        @Nullable CredentialSource password) {}
