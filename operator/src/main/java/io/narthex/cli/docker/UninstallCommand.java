package io.narthex.cli.docker;

import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.reconcile.swarm.Uninstall;
import io.narthex.rollout.MonotonicClock;
import java.time.InstantSource;
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
public final class UninstallCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;

    @Option(names = "--dry-run", description = "Only say what would be removed.")
    private boolean dryRun;

    @Mixin
    private SwarmTarget swarm;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public UninstallCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        return swarm.change(terminal, output, "uninstall", (docker, instance, changes) -> {
            Uninstall uninstall = new Uninstall(docker, instance, MonotonicClock.startingAt(clock.instant()), changes);
            if (!dryRun) {
                uninstall.operator().ifPresent(running -> {
                    throw Failure.no(
                            running + " still works and would make everything anew",
                            "stop it first, such as with: docker service scale narthex_operator=0");
                });
            }
            uninstall.run(dryRun);
        });
    }
}
