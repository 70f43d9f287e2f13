package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * The header Authorization ("authorization" of the Prometheus documentation).
 *
 * @param type the scheme, {@code Bearer} where not given; {@code Basic} is refused
 * @param credentialsFile the path of a file that holds what follows the scheme
 */
public record AuthorizationConfig(
        @Nullable String type, @Nullable String credentialsFile) implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.AUTHORIZATION_TYPE, type);
        out.write(ConfigField.AUTHORIZATION_CREDENTIALS_FILE, credentialsFile);
    }

    /** Gathers the components of a {@link AuthorizationConfig}. */
    public static final class Builder {

        private @Nullable String type;
        private @Nullable String credentialsFile;

        private Builder() {}

        /** Sets the scheme, {@code Bearer} where not given. */
        public Builder type(@Nullable String type) {
            this.type = type;
            return this;
        }

        /** Sets the path of a file that holds what follows the scheme. */
        public Builder credentialsFile(@Nullable String credentialsFile) {
            this.credentialsFile = credentialsFile;
            return this;
        }

        /** Returns the whole. */
        public AuthorizationConfig build() {
            return new AuthorizationConfig(type, credentialsFile);
        }
    }
}
