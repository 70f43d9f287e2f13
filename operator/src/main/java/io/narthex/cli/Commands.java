package io.narthex.cli;

import java.time.Clock;
import picocli.CommandLine;

/** Creates the commands and hands each what it needs. */
final class Commands {

    private Commands() {}

    static CommandLine create(Terminal terminal, Clock clock) {
        return new CommandLine(new RootCommand())
                .addSubcommand(new InitCommand(terminal))
                .addSubcommand(new ExplainCommand(terminal, (output, subject, folder) -> {
                    throw Failure.usage("resources can't be explained yet", "name a code, a kind or a field");
                }))
                .addSubcommand(new HelpCommand(terminal))
                .addSubcommand(new CompletionCommand(terminal));
    }
}
