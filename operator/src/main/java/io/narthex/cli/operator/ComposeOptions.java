package io.narthex.cli.operator;

import io.narthex.cli.input.Urls;
import io.narthex.cli.terminal.Failure;
import io.narthex.process.Outcome;
import io.narthex.process.StateFolder;
import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How an operator beside docker compose works. */
final class ComposeOptions {

    @Option(
            names = "--server-folder",
            paramLabel = "DIR",
            description = "Compose: the folder that Prometheus mounts, too; its configuration is"
                    + " DIR/config/prometheus.yml. Default: ${DEFAULT-VALUE}.",
            defaultValue = "/etc/narthex/server")
    private String folder;

    @Option(
            names = "--server-url",
            paramLabel = "URL",
            description = "Compose: where Prometheus is, where no PrometheusServer says so. Default: ${DEFAULT-VALUE}.",
            defaultValue = "http://prometheus:9090")
    private String url;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    ComposeOptions() {}

    URI server() {
        return Urls.of("--server-url", url, "http://prometheus:9090");
    }

    /** Returns the folder, which is this process's until it is closed. */
    StateFolder open() {
        return switch (StateFolder.open(Path.of(folder))) {
            case Outcome.Done<StateFolder>(StateFolder opened) -> opened;
            case Outcome.Failed<StateFolder>(var problem) ->
                throw Failure.environment(
                        "--server-folder: " + problem.message(),
                        "mount a volume there that the operator's user may write, the same user as Prometheus's;"
                                + " Prometheus's image makes it so where it mounts the volume at /etc/prometheus");
        };
    }
}
