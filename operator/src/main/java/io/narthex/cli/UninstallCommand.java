package io.narthex.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.reconcile.swarm.Uninstall;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code narthex uninstall}. */
@Command(
        name = "uninstall",
        description = {
            "Remove what an operator made in a Docker Swarm: its services, configs, secrets and networks, in this order.",
            "Volumes with samples stay, and are named. First stop the operator itself:"
                    + " docker service scale narthex_operator=0."
        })
final class UninstallCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean dryRun;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "The operator whose objects they are. Default: ${DEFAULT-VALUE}.",
            defaultValue = "narthex")
    private String instance;

    @Mixin
    private DockerOptions docker;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    UninstallCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        DockerHost host = docker.host(terminal);
        try (DockerClient client = new DockerClient(host)) {
            List<String> lines = new ArrayList<>();
            Uninstall uninstall = new Uninstall(client, instance, clock, output.isText() ? output::line : lines::add);
            if (!dryRun) {
                uninstall.operator().ifPresent(running -> {
                    throw Failure.no(
                            running + " still works and would make everything anew",
                            "stop it first, such as with: docker service scale narthex_operator=0");
                });
            }
            uninstall.run(dryRun);
            if (!output.isText()) {
                ObjectNode document = Json.document("uninstall");
                lines.forEach(document.putArray("changes")::add);
                output.json(document);
            }
            return ExitCode.OK.number();
        } catch (DockerException e) {
            throw Failure.environment(e.words(), "name a manager of the Swarm by --docker-host or DOCKER_HOST");
        } catch (IOException e) {
            return ExitCode.OK.number();
        }
    }
}
