package io.narthex.cli.input;

import io.narthex.cli.terminal.Terminal;
import java.time.InstantSource;
import picocli.CommandLine.Parameters;

/** What a command reads. */
public final class InputArgument {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE|-",
            defaultValue = ".",
            description = "The folder or file, or standard input (-). Default: the working directory.")
    private String where;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    InputArgument() {}

    /** Returns it as the user named it. */
    public String where() {
        return where;
    }

    /** Reads it, for the namespace {@code default}. */
    public Input read(Terminal terminal, InstantSource clock) {
        return Input.read(terminal, clock, where);
    }

    /** Reads it; what names no namespace is for {@code namespace}. */
    public Input read(Terminal terminal, InstantSource clock, String namespace) {
        return Input.read(terminal, clock, where, namespace);
    }
}
