package io.narthex.cli.operator;

import io.narthex.cli.input.InstanceName;
import io.narthex.cli.input.Urls;
import io.narthex.cli.terminal.Failure;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.reconcile.compose.ComposeSettings;
import io.narthex.reconcile.swarm.SwarmOperatorSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an operator on Docker works: most of a Swarm, some without one, too. */
final class SwarmOptions {

    /** What idle polls may be: twenty requests a minute are what a manager doesn't notice. */
    private static final Duration SHORTEST_POLL = Duration.ofSeconds(4);

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "Swarm: which operator this is, where there are several; its objects carry the name."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "narthex")
    private String instance;

    @Option(
            names = "--resources",
            paramLabel = "DIR",
            description =
                    "Docker: a folder of resources; in a Swarm, beside those of Docker configs. Default: ${DEFAULT-VALUE}.",
            defaultValue = "/etc/narthex/resources")
    private String resources;

    @Option(
            names = "--advertise",
            paramLabel = "URL",
            description = "Docker: where Prometheus reaches this operator, such as http://10.0.0.1:9480."
                    + " Default: the name of its service's tasks, or of its container.")
    private @Nullable String advertise;

    @Option(
            names = "--poll-interval",
            paramLabel = "DURATION",
            description = "Docker: how often it is asked for tasks, or containers, while nothing happens, from 4s on."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "5s")
    private String poll;

    @Option(
            names = "--secrets",
            paramLabel = "DIR",
            description = "Swarm: where the Docker secrets lie that are mounted into the operator's own service."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "/run/secrets")
    private String secrets;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    SwarmOptions() {}

    SwarmOperatorSettings settings(String imageRepository, int port) {
        return new SwarmOperatorSettings(
                InstanceName.of(instance),
                imageRepository,
                Optional.of(Path.of(resources)),
                host(),
                port,
                advertised(),
                poll(),
                Path.of(secrets));
    }

    ComposeSettings composeSettings(URI server, int port) {
        return new ComposeSettings(Path.of(resources), server, host(), port, advertised(), poll());
    }

    private Duration poll() {
        Optional<Duration> given =
                PrometheusDuration.parse(poll).toOptional().map(duration -> Duration.ofMillis(duration.millis()));
        return given.filter(duration -> duration.compareTo(SHORTEST_POLL) >= 0)
                .orElseThrow(() ->
                        Failure.usage("--poll-interval " + poll + " is no duration from 4s on", "write it as 5s"));
    }

    private Optional<URI> advertised() {
        if (advertise == null) {
            return Optional.empty();
        }
        URI uri = Urls.of("--advertise", advertise, "http://HOST:9480");
        if (!uri.getRawPath().isEmpty()) {
            throw Failure.usage("--advertise " + uri + " has a path", "write it as http://HOST:9480");
        }
        return Optional.of(uri);
    }

    /** Docker gives a container the beginning of its ID for a host name. */
    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
