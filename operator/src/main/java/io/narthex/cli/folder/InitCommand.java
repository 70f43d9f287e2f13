package io.narthex.cli.folder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code narthex init}. */
@Command(
        name = "init",
        description = {
            "Write a small, commented folder to start from: a server, a monitor, a rule.",
            "Overwrites nothing: a folder that holds YAML already is left as it is."
        })
public final class InitCommand implements Callable<Integer> {

    private static final List<String> FILES = List.of("server.yaml", "monitor.yaml", "rules.yaml");

    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The folder; it is made if it isn't there.")
    private Path folder;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public InitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        try {
            write();
        } catch (FileAlreadyExistsException e) {
            throw inTheWay(Path.of(e.getFile()));
        } catch (IOException e) {
            throw Failure.environment(
                    "can't write into " + folder + ": " + e.getMessage(), "name a folder that you may write to");
        }
        if (output.isText()) {
            FILES.forEach(file ->
                    output.line("wrote " + Visible.of(folder.resolve(file).toString())));
            output.aside("next: narthex lint " + Visible.of(folder.toString()) + ", then narthex run "
                    + Visible.of(folder.toString()));
        } else {
            ObjectNode document = Json.document("init");
            ArrayNode files = document.putArray("files");
            FILES.forEach(file -> files.add(folder.resolve(file).toString()));
            output.json(document);
        }
        return ExitCode.OK.number();
    }

    private void write() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw inTheWay(folder);
        }
        Files.createDirectories(folder);
        Optional<Path> there = yamlIn(folder);
        if (there.isPresent()) {
            throw inTheWay(there.get());
        }
        for (String file : FILES) {
            try (InputStream in = InitCommand.class.getResourceAsStream("init/" + file)) {
                if (in == null) {
                    throw new IllegalStateException("the class path lacks init/" + file);
                }
                Files.write(folder.resolve(file), in.readAllBytes(), StandardOpenOption.CREATE_NEW);
            }
        }
    }

    private static Optional<Path> yamlIn(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path ->
                            path.toString().endsWith(".yaml") || path.toString().endsWith(".yml"))
                    .sorted()
                    .findFirst();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Failure inTheWay(Path path) {
        return Failure.environment(path + " is there already; nothing was written", "name a new folder");
    }
}
