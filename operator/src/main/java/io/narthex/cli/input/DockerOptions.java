package io.narthex.cli.input;

import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.docker.DockerHost;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Docker is, as Docker's own command line takes it. */
public final class DockerOptions {

    @Option(
            names = "--docker-host",
            paramLabel = "URL",
            description = "The Docker daemon of a Swarm manager, unix:///PATH or tcp://HOST:PORT."
                    + " Default: $DOCKER_HOST, else unix:///var/run/docker.sock.")
    private @Nullable String host;

    @Option(
            names = "--docker-cert-path",
            paramLabel = "DIR",
            description =
                    "Speak TLS to the daemon, with ca.pem, cert.pem and key.pem of this folder; for tcp:// alone."
                            + " Default: with $DOCKER_TLS_VERIFY that of $DOCKER_CERT_PATH or else ~/.docker, without it plain HTTP.")
    private @Nullable String certificates;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public DockerOptions() {}

    public DockerHost host(Terminal terminal) {
        String fromEnvironment = terminal.variable("DOCKER_HOST");
        String text = host != null ? host : fromEnvironment.isEmpty() ? DockerHost.DEFAULT : fromEnvironment;
        Optional<Path> folder = certificates != null ? Optional.of(Path.of(certificates)) : fromEnvironment(terminal);
        try {
            return DockerHost.parse(text, folder);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()), "name one by --docker-host or DOCKER_HOST");
        }
    }

    /** As Docker's command line has it (docker/cli, {@code cli/flags/options.go}). */
    private static Optional<Path> fromEnvironment(Terminal terminal) {
        if (terminal.variable("DOCKER_TLS_VERIFY").isEmpty()) {
            return Optional.empty();
        }
        String folder = terminal.variable("DOCKER_CERT_PATH");
        return Optional.of(folder.isEmpty() ? Path.of(terminal.variable("HOME"), ".docker") : Path.of(folder));
    }
}
