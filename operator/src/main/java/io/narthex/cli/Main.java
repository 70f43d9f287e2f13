package io.narthex.cli;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The program {@code narthex}: reads the command line, runs one command, ends with an {@link ExitCode}. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param arguments the command line without the program's name
     */
    public static void main(String[] arguments) {
        int code = run(Terminal.ofProcess(), Clock.systemUTC(), withoutCommand(arguments));
        System.out.flush();
        System.exit(code);
    }

    /** A kernel that starts a script's interpreter hands on the script's path, which the image says by a property. */
    private static String[] withoutCommand(String[] arguments) {
        String command = System.getProperty("narthex.command", "");
        return arguments.length > 0 && !command.isEmpty() && arguments[0].equals(command)
                ? Arrays.copyOfRange(arguments, 1, arguments.length)
                : arguments;
    }

    /**
     * Runs a command in this process.
     *
     * @param terminal what it is connected to
     * @param clock tells the time
     * @param arguments the command line without the program's name
     * @return the exit code, one of {@link ExitCode}'s
     */
    public static int run(Terminal terminal, Clock clock, String... arguments) {
        Bugs bugs = new Bugs(terminal, arguments);
        try {
            return commandLine(terminal, clock, bugs).execute(arguments);
        } catch (Failure e) {
            return new Refusals(terminal).print(e);
        } catch (StackOverflowError | OutOfMemoryError | RuntimeException e) {
            return bugs.report(e);
        }
    }

    /** Returns the whole command line, ready to parse. */
    static CommandLine commandLine(Terminal terminal, Clock clock, Bugs bugs) {
        Refusals refusals = new Refusals(terminal);
        CommandLine root = Commands.create(terminal, clock);
        root.setOut(new PrintWriter(terminal.out(), true, terminal.out().charset()));
        root.setErr(new PrintWriter(terminal.err(), true, terminal.err().charset()));
        root.setParameterExceptionHandler(refusals);
        root.setExecutionExceptionHandler((exception, commandLine, parsed) ->
                exception instanceof Failure failure ? refusals.print(failure) : bugs.report(exception));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpAutoWidth(false);
        root.setHelpFactory(CommandHelp::new);
        describeAll(root);
        return root;
    }

    private static void describeAll(CommandLine command) {
        describe(command.getCommandSpec());
        command.getSubcommands().values().forEach(Main::describeAll);
    }

    private static void describe(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help.")
                .build());
        usage.width(100);
        usage.abbreviateSynopsis(true);
        usage.synopsisHeading("Usage: ");
        usage.optionListHeading("%nOptions:%n");
        usage.commandListHeading("%nCommands:%n");
        if (spec.parent() == null) {
            spec.addOption(OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Print the version.")
                    .build());
            usage.exitCodeListHeading("%nExit codes:%n");
            usage.exitCodeList(ExitCodes.byNumber());
        }
    }
}
