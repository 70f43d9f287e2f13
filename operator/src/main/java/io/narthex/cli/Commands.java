package io.narthex.cli;

import io.narthex.cli.docker.ApplyCommand;
import io.narthex.cli.docker.SnippetCommand;
import io.narthex.cli.docker.UninstallCommand;
import io.narthex.cli.explain.ExplainCommand;
import io.narthex.cli.explain.ResourceStory;
import io.narthex.cli.folder.DiffCommand;
import io.narthex.cli.folder.DoctorCommand;
import io.narthex.cli.folder.ImportCommand;
import io.narthex.cli.folder.InitCommand;
import io.narthex.cli.folder.LintCommand;
import io.narthex.cli.folder.RenderCommand;
import io.narthex.cli.kubectl.KubectlCommand;
import io.narthex.cli.kubectl.KubectlDiffCommand;
import io.narthex.cli.kubectl.KubectlExplainCommand;
import io.narthex.cli.kubectl.KubectlLintCommand;
import io.narthex.cli.kubectl.KubectlStatusCommand;
import io.narthex.cli.operator.OperatorCommand;
import io.narthex.cli.operator.SocketGateCommand;
import io.narthex.cli.run.RunCommand;
import io.narthex.cli.status.StatusCommand;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compiler;
import java.time.Clock;
import picocli.CommandLine;

/** Creates the commands and hands each what it needs. */
final class Commands {

    private Commands() {}

    static CommandLine create(Terminal terminal, Clock clock) {
        return new CommandLine(new RootCommand())
                .addSubcommand(new LintCommand(terminal, clock, Compiler::create))
                .addSubcommand(new RenderCommand(terminal, clock, Compiler::create))
                .addSubcommand(new StatusCommand(terminal, clock))
                .addSubcommand(new DoctorCommand(terminal, clock, Compiler::create))
                .addSubcommand(new RunCommand(terminal, clock, Compiler::create))
                .addSubcommand(new OperatorCommand(terminal, clock, Compiler::create))
                .addSubcommand(kubectl(terminal, clock))
                .addSubcommand(new SocketGateCommand(terminal))
                .addSubcommand(new ApplyCommand(terminal, clock))
                .addSubcommand(new SnippetCommand(terminal))
                .addSubcommand(new UninstallCommand(terminal, clock))
                .addSubcommand(new DiffCommand(terminal, clock, Compiler::create))
                .addSubcommand(new InitCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new ExplainCommand(terminal, new ResourceStory(terminal, clock, Compiler::create)))
                .addSubcommand(new HelpCommand(terminal))
                .addSubcommand(new CompletionCommand(terminal));
    }

    private static CommandLine kubectl(Terminal terminal, Clock clock) {
        return new CommandLine(new KubectlCommand())
                .addSubcommand(new KubectlStatusCommand(terminal))
                .addSubcommand(new KubectlExplainCommand(terminal))
                .addSubcommand(new KubectlLintCommand(terminal, clock, Compiler::create))
                .addSubcommand(new KubectlDiffCommand(terminal, clock, Compiler::create));
    }
}
