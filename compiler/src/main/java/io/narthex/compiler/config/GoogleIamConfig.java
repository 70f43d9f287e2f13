package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Credentials of Google Cloud ("google_iam" of the Prometheus documentation).
 *
 * @param credentialsFile the path of the credentials; the environment's own where not given; from 2.55 on
 */
public record GoogleIamConfig(@Nullable String credentialsFile) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.GOOGLE_IAM_CREDENTIALS_FILE, credentialsFile);
    }
}
