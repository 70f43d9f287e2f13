package io.narthex.cli.status;

import io.narthex.cli.input.Input;
import io.narthex.cli.input.Urls;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to be let in by a Prometheus that {@code --url} names. No option takes a secret itself: others could see it. */
final class LoginOptions {

    private static final int MOST_BYTES = 1024 * 1024;

    @Option(names = "--user", paramLabel = "NAME", description = "With --url: the user to come as.")
    private @Nullable String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE|-",
            description = "With --user: the file that holds the password.")
    private @Nullable String passwordFile;

    @Option(
            names = "--token-file",
            paramLabel = "FILE|-",
            description = "With --url: the file that holds a bearer token, in place of a user.")
    private @Nullable String tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "With --url: the authorities of the server's certificate, in PEM. Default: Java's.")
    private @Nullable String caFile;

    /** Returns whether any was given. */
    boolean given() {
        return user != null || passwordFile != null || tokenFile != null || caFile != null;
    }

    /** Returns whether they say who the user is. */
    boolean hasCredentials() {
        return user != null || tokenFile != null;
    }

    /**
     * Returns the endpoint at {@code url}.
     *
     * @throws Failure where an option can't be used
     */
    PrometheusEndpoint endpoint(Terminal terminal, String url) {
        if ((user == null) != (passwordFile == null)) {
            throw Failure.usage("--user and --password-file belong together", "give both or neither");
        }
        if (user != null && tokenFile != null) {
            throw Failure.usage("--user and --token-file exclude each other", "leave one out");
        }
        return new PrometheusEndpoint(Urls.prometheus(url).base(), trust(terminal), credentials(terminal));
    }

    private Trust trust(Terminal terminal) {
        if (caFile == null) {
            return Trust.defaults();
        }
        String pem = new String(read(terminal, "--ca-file", caFile), StandardCharsets.UTF_8);
        if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw Failure.usage("--ca-file " + caFile + " holds no certificate", "name a file in PEM format");
        }
        return new Trust.Authorities(pem);
    }

    private Credentials credentials(Terminal terminal) {
        try {
            if (user != null && passwordFile != null) {
                return new Credentials.Basic(user, secret(terminal, "--password-file", passwordFile));
            }
            return tokenFile == null
                    ? Credentials.none()
                    : new Credentials.Bearer(secret(terminal, "--token-file", tokenFile));
        } catch (IllegalArgumentException e) {
            throw Failure.usage("can't log in: " + e.getMessage(), "");
        }
    }

    private static SecretValue secret(Terminal terminal, String option, String file) {
        byte[] content = read(terminal, option, file);
        if (new String(content, StandardCharsets.UTF_8).isBlank()) {
            throw Failure.usage(option + " " + file + " is empty", "");
        }
        return SecretValue.of(content);
    }

    private static byte[] read(Terminal terminal, String option, String file) {
        try (InputStream in = file.equals(Input.STANDARD_INPUT) && !option.equals("--ca-file")
                ? terminal.in()
                : Files.newInputStream(Input.path(file))) {
            return in.readNBytes(MOST_BYTES);
        } catch (IOException e) {
            throw Failure.environment(
                    option + " " + file + " can't be read", "name a file that is there and that you may read");
        }
    }
}
