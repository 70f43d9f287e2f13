package io.narthex.cli;

import io.narthex.docker.DockerHost;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where Docker is, as Docker's own command line takes it. */
final class DockerOptions {

    @Option(
            names = "--docker-host",
            paramLabel = "URL",
            description = "The Docker daemon of a Swarm manager, unix:///PATH or tcp://HOST:PORT."
                    + " Default: $DOCKER_HOST, else unix:///var/run/docker.sock."
                    + " With $DOCKER_TLS_VERIFY, ca.pem, cert.pem and key.pem of $DOCKER_CERT_PATH are used.")
    private @Nullable String host;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    DockerOptions() {}

    DockerHost host(Terminal terminal) {
        String fromEnvironment = terminal.variable("DOCKER_HOST");
        String text = host != null ? host : fromEnvironment.isEmpty() ? DockerHost.DEFAULT : fromEnvironment;
        Optional<Path> certificates = terminal.variable("DOCKER_TLS_VERIFY").isEmpty()
                ? Optional.empty()
                : Optional.of(terminal.variable("DOCKER_CERT_PATH"))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of);
        try {
            return DockerHost.parse(text, certificates);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(String.valueOf(e.getMessage()), "name one by --docker-host or DOCKER_HOST");
        }
    }
}
