package io.narthex.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "A command, exit-codes or environment.")
    private @Nullable String topic;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    HelpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.parent().commandLine();
        if (topic == null) {
            root.usage(terminal.out());
        } else if (topic.equals(EXIT_CODES)) {
            terminal.out().print(ExitCodes.text());
        } else if (topic.equals(ENVIRONMENT)) {
            terminal.out().print(EnvironmentVariable.text());
        } else if (root.getSubcommands().containsKey(topic)) {
            root.getSubcommands().get(topic).usage(terminal.out());
        } else {
            List<String> topics = new ArrayList<>(root.getSubcommands().keySet());
            topics.add(EXIT_CODES);
            topics.add(ENVIRONMENT);
            throw Failure.usage(
                    "no help on " + topic,
                    Nearest.of(topic, topics)
                            .map(name -> "did you mean " + name + "?")
                            .orElse("narthex help"));
        }
        return ExitCode.OK.number();
    }
}
