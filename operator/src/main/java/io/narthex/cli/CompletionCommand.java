package io.narthex.cli;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code narthex completion}. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes narthex's commands and options.",
            "For this shell: source <(narthex completion bash)",
            "For every shell: put that line into ~/.bashrc or ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells that are known. */
    @SuppressWarnings("MemberName") // picocli shows and completes the constants' names
    enum Shell {
        bash,
        zsh
    }

    private final Terminal terminal;

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        // One script serves both: under zsh it turns on bashcompinit, which needs compinit.
        if (shell == Shell.zsh) {
            terminal.out().print("autoload -U +X compinit && compinit\n");
        }
        terminal.out().print(AutoComplete.bash("narthex", spec.parent().commandLine()));
        return ExitCode.OK.number();
    }
}
