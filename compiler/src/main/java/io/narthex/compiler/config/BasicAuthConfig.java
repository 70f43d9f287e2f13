package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * A user and password ("basic_auth" of the Prometheus documentation). The password is a file, never inline.
 *
 * @param username the user; not together with the file
 * @param usernameFile the path of a file that holds the user; from 2.49 on
 * @param passwordFile the path of a file that holds the password
 */
public record BasicAuthConfig(
        @Nullable String username,
        @Nullable String usernameFile,
        @Nullable String passwordFile) implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.BASIC_AUTH_USERNAME, username);
        out.write(ConfigField.BASIC_AUTH_USERNAME_FILE, usernameFile);
        out.write(ConfigField.BASIC_AUTH_PASSWORD_FILE, passwordFile);
    }

    /** Gathers the components of a {@link BasicAuthConfig}. */
    public static final class Builder {

        private @Nullable String username;
        private @Nullable String usernameFile;
        private @Nullable String passwordFile;

        private Builder() {}

        /** Sets the user. */
        public Builder username(@Nullable String username) {
            this.username = username;
            return this;
        }

        /** Sets the path of a file that holds the user. */
        public Builder usernameFile(@Nullable String usernameFile) {
            this.usernameFile = usernameFile;
            return this;
        }

        /** Sets the path of a file that holds the password. */
        public Builder passwordFile(@Nullable String passwordFile) {
            this.passwordFile = passwordFile;
            return this;
        }

        /** Returns the whole. */
        public BasicAuthConfig build() {
            return new BasicAuthConfig(username, usernameFile, passwordFile);
        }
    }
}
