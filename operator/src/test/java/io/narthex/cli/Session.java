package io.narthex.cli;

import io.narthex.cli.terminal.Terminal;
import io.narthex.cli.terminal.WindowSize;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs the command line inside the test, with everything it prints captured. */
public final class Session {

    /** What a command did. */
    public record Result(int code, String out, String err) {}

    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = {};
    private boolean interactive;
    private Terminal.Size size = Terminal.Size.USUAL;

    public Session input(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public Session input(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    public Session interactive() {
        interactive = true;
        return this;
    }

    public Session size(int columns, int rows) {
        size = () -> Optional.of(new WindowSize(columns, rows));
        return this;
    }

    public Session with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public Result run(String... arguments) {
        return run(Clock.systemUTC(), arguments);
    }

    public Result run(Clock clock, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(input),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                interactive,
                size,
                environment);
        int code = Main.run(terminal, clock, arguments);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
