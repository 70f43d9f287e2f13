package io.narthex.cli;

import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.yaml.Nearest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said of a wrong command line, and of what a command refuses: a line, and one with the remedy. */
final class Refusals implements IParameterExceptionHandler {

    private final Terminal terminal;

    Refusals(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints a command's own refusal and returns the exit code. */
    int print(Failure failure) {
        print(failure.message(), failure.remedy());
        return failure.exitCode().number();
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        // A mistyped option explains a missing parameter, not the other way round.
        Optional<String> unknown =
                e instanceof MissingParameterException ? unknownOption(command, arguments) : Optional.empty();
        if (unknown.isPresent()) {
            unmatched(command, unknown.get());
        } else if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            unmatched(command, unmatched.getUnmatched().getFirst());
        } else {
            String message = String.valueOf(e.getMessage());
            print(message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1), usageOf(command));
        }
        return ExitCode.USAGE.number();
    }

    private static Optional<String> unknownOption(CommandLine command, String... arguments) {
        return Arrays.stream(arguments)
                .takeWhile(argument -> !argument.equals("--"))
                .filter(argument ->
                        argument.startsWith("--") && !options(command).contains(argument.replaceFirst("=.*", "")))
                .findFirst();
    }

    private void unmatched(CommandLine command, String argument) {
        boolean option = argument.startsWith("-") && argument.length() > 1;
        boolean group = !command.getSubcommands().isEmpty();
        String what = option ? "unknown option " : group ? "unknown command " : "unexpected argument ";
        Optional<String> nearest = option
                ? Nearest.of(argument.replaceFirst("=.*", ""), options(command))
                : group ? Nearest.of(argument, command.getSubcommands().keySet()) : Optional.empty();
        print(what + argument, nearest.map(name -> "did you mean " + name + "?").orElseGet(() -> usageOf(command)));
    }

    private static Set<String> options(CommandLine command) {
        return command.getCommandSpec().optionsMap().keySet();
    }

    private static String usageOf(CommandLine command) {
        return CommandHelp.nameOf(command.getCommandSpec()) + " --help";
    }

    private void print(String message, String remedy) {
        terminal.out().flush();
        String prefix = "narthex: ";
        for (String line : message.lines().toList()) {
            terminal.err().println(prefix + Visible.of(line));
            prefix = "  ";
        }
        remedy.lines().forEach(line -> terminal.err().println("  = help: " + Visible.of(line)));
    }
}
