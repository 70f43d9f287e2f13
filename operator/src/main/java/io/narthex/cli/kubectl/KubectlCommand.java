package io.narthex.cli.kubectl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code narthex kubectl}, which kubectl calls as {@code kubectl narthex}. */
@Command(
        name = "kubectl",
        description = {
            "Look at what Narthex makes of a Kubernetes cluster's resources, as a plugin of kubectl.",
            "Reads with your own rights and changes nothing. narthex kubectl is the same."
        })
public final class KubectlCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public KubectlCommand() {}

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "No command given");
    }
}
