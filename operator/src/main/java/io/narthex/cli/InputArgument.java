package io.narthex.cli;

import io.narthex.cli.terminal.Terminal;
import java.time.InstantSource;
import picocli.CommandLine.Parameters;

/** What a command reads. */
final class InputArgument {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE|-",
            defaultValue = ".",
            description = "The folder or file, or standard input (-). Default: the working directory.")
    private String where;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    InputArgument() {}

    /** Returns it as the user named it. */
    String where() {
        return where;
    }

    /** Reads it, for the namespace {@code default}. */
    Input read(Terminal terminal, InstantSource clock) {
        return Input.read(terminal, clock, where);
    }

    /** Reads it; what names no namespace is for {@code namespace}. */
    Input read(Terminal terminal, InstantSource clock, String namespace) {
        return Input.read(terminal, clock, where, namespace);
    }
}
