package io.narthex.cli;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.yaml.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code narthex help}. */
@Command(name = "help", description = "Print help on a command, on exit-codes or on the environment.")
final class HelpCommand implements Callable<Integer> {

    private static final String EXIT_CODES = "exit-codes";
    private static final String ENVIRONMENT = "environment";

    private final Terminal terminal;

    @Parameters(
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "A command (kubectl status), exit-codes or environment.")
    private List<String> topics = List.of();

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    HelpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (topics.equals(List.of(EXIT_CODES))) {
            terminal.out().print(ExitCodes.text());
        } else if (topics.equals(List.of(ENVIRONMENT))) {
            terminal.out().print(EnvironmentVariable.text());
        } else {
            CommandLine command = spec.parent().commandLine();
            for (String topic : topics) {
                command = command(command, topic);
            }
            command.usage(terminal.out());
        }
        return ExitCode.OK.number();
    }

    private static CommandLine command(CommandLine parent, String topic) {
        CommandLine found = parent.getSubcommands().get(topic);
        if (found != null) {
            return found;
        }
        List<String> known = new ArrayList<>(parent.getSubcommands().keySet());
        if (parent.getParent() == null) {
            known.addAll(List.of(EXIT_CODES, ENVIRONMENT));
        }
        throw Failure.usage(
                "no help on " + topic,
                Nearest.of(topic, known)
                        .map(name -> "did you mean " + name + "?")
                        .orElse("narthex help"));
    }
}
