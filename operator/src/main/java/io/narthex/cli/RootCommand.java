package io.narthex.cli;

import io.narthex.cli.terminal.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code narthex} without a command. */
@Command(
        name = "narthex",
        versionProvider = Version.class,
        description = "Turns a folder of YAML into a running, verified Prometheus.")
final class RootCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    RootCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "No command given");
    }
}
