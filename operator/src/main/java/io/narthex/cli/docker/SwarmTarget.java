package io.narthex.cli.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.input.DockerOptions;
import io.narthex.cli.input.InstanceName;
import io.narthex.cli.print.Json;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.Terminal;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Of which operator of which Swarm a command changes something, and how it tells what. */
final class SwarmTarget {

    /** What a command does there. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param docker a manager
         * @param instance the operator's name
         * @param changes is told each change, a line, as it is made
         */
        void on(DockerClient docker, String instance, Consumer<String> changes) throws InterruptedException;
    }

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "The operator that is meant. Default: narthex.",
            defaultValue = "narthex")
    private String instance;

    @Mixin
    private DockerOptions docker;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    SwarmTarget() {}

    /**
     * Changes something.
     *
     * @param kind names the result where it isn't text
     * @return the exit code
     */
    int change(Terminal terminal, Output output, String kind, Work work) throws InterruptedException {
        String whose = InstanceName.of(instance);
        List<String> changes = new ArrayList<>();
        try (DockerClient client = new DockerClient(docker.host(terminal))) {
            work.on(client, whose, output.isText() ? output::line : changes::add);
        } catch (DockerException e) {
            throw Failure.environment(e.words(), "name a manager of the Swarm by --docker-host or DOCKER_HOST");
        } catch (IOException e) {
            // A connection that doesn't close has served all the same.
        }
        if (!output.isText()) {
            ObjectNode document = Json.document(kind);
            changes.forEach(document.putArray("changes")::add);
            output.json(document);
        }
        return ExitCode.OK.number();
    }
}
