package io.narthex.cli;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Terminal;
import io.narthex.cli.terminal.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said when Narthex itself is at fault: one line, and a file with the trace to send to the maintainers. */
final class Bugs {

    private final Terminal terminal;
    private final List<String> arguments;

    Bugs(Terminal terminal, String... arguments) {
        this.terminal = terminal;
        this.arguments = List.of(arguments);
    }

    /** Prints what happened and returns the exit code. */
    int report(Throwable bug) {
        terminal.out().flush();
        String trace = trace(bug);
        terminal.err().println("narthex: a bug in narthex: " + bug.getClass().getSimpleName());
        if (arguments.contains("-v") || arguments.contains("--verbose")) {
            terminal.err().print(trace);
        } else {
            terminal.err()
                    .println(write(trace)
                            .map(file -> "  = help: please report it with " + file + ", which holds the details")
                            .orElse("  = help: run it again with -v and report what that prints"));
        }
        return ExitCode.INTERNAL.number();
    }

    private static Optional<Path> write(String trace) {
        try {
            Path file = Files.createTempFile("narthex-bug-", ".txt");
            Files.writeString(file, trace, StandardCharsets.UTF_8);
            return Optional.of(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns an argument without what of a URL may be a password or a token: its user and its query. */
    private static String withoutSecrets(String argument) {
        int scheme = argument.indexOf("://");
        if (scheme < 0) {
            return argument;
        }
        int host = scheme + "://".length();
        // A password that isn't escaped may itself hold what ends it.
        int user = argument.lastIndexOf('@');
        String rest = argument.substring(Math.max(host, user));
        int query = rest.indexOf('?');
        return argument.substring(0, host)
                + (user < host ? "" : "***")
                + (query < 0 ? rest : rest.substring(0, query) + "?***");
    }

    private String trace(Throwable bug) {
        StringWriter text = new StringWriter();
        PrintWriter writer = new PrintWriter(text);
        writer.println("narthex " + Version.text() + ", java " + Runtime.version() + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        writer.println("narthex " + arguments.stream().map(Bugs::withoutSecrets).collect(Collectors.joining(" ")));
        bug.printStackTrace(writer);
        writer.flush();
        return text.toString();
    }
}
