package io.narthex.prometheus;

import io.narthex.compiler.model.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * How the client says who it is (Prometheus documentation, "HTTPS and authentication"). A secret's trailing line ends
 * don't count, as in the files that Prometheus reads.
 */
public sealed interface Credentials {

    /** Says nothing. */
    record None() implements Credentials {}

    /**
     * HTTP basic authentication.
     *
     * @param user the user's name; without a colon and control characters
     * @param password the password
     */
    record Basic(String user, SecretValue password) implements Credentials {
        public Basic {
            if (user.indexOf(':') >= 0 || user.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a user's name has no colon and no control character");
            }
        }
    }

    /**
     * A bearer token.
     *
     * @param token the token; visible ASCII characters
     */
    record Bearer(SecretValue token) implements Credentials {
        public Bearer {
            if (!text(token).chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("a bearer token consists of visible ASCII characters");
            }
        }
    }

    /** Returns the credentials of a client that has none. */
    static Credentials none() {
        return new None();
    }

    /** Returns the value of the header {@code Authorization}; empty for none. */
    default Optional<String> header() {
        return switch (this) {
            case None() -> Optional.empty();
            case Basic(String user, SecretValue password) ->
                Optional.of("Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + text(password)).getBytes(StandardCharsets.UTF_8)));
            case Bearer(SecretValue token) -> Optional.of("Bearer " + text(token));
        };
    }

    private static String text(SecretValue secret) {
        return new String(secret.reveal(), StandardCharsets.UTF_8).replaceAll("(?<![\r\n])[\r\n]++$", "");
    }
}
