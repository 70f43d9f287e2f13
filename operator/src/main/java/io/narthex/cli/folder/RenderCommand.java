package io.narthex.cli.folder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.check.Compiled;
import io.narthex.cli.check.Layouts;
import io.narthex.cli.check.ServerOptions;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.InputArgument;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.DiagnosticText;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code narthex render}. */
@Command(
        name = "render",
        description = {
            "Print or write the configuration that Prometheus would get.",
            "What is wrong with the input goes to standard error, and ends with 1; the rest is rendered all the same.",
            "Credentials are never printed; --output writes them, readable for you alone."
        })
public final class RenderCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Write the files into this folder, which must be empty or not there yet.")
    private @Nullable String target;

    @Mixin
    private InputArgument argument;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public RenderCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        Input input = argument.read(terminal, clock);
        Layout layout = target == null ? Layouts.USUAL : Layouts.in(Input.path(target));
        Compiled compiled = Compiled.one(compiler.get(), input, server, layout);
        Compilation compilation = compiled.compilations().getFirst();
        if (output.isText()) {
            DiagnosticText text = output.diagnostics(input.lines());
            compiled.diagnostics().forEach(diagnostic -> terminal.err().print(text.block(diagnostic)));
        }
        if (compilation.bundle().isPresent()) {
            Bundle bundle = compilation.bundle().get();
            if (target != null) {
                write(bundle, Input.path(target));
            }
            print(output, bundle, compiled);
        } else if (!output.isText()) {
            ObjectNode document = Json.document("render");
            Json.putDiagnostics(document, compiled.diagnostics());
            output.json(document);
        }
        return (compiled.count(Severity.ERROR) == 0 ? ExitCode.OK : ExitCode.NO).number();
    }

    private void print(Output output, Bundle bundle, Compiled compiled) {
        List<BundleFile> files = files(bundle);
        if (!output.isText()) {
            ObjectNode document = Json.document("render")
                    .put("prometheusVersion", bundle.version().toString())
                    .put("generation", bundle.generation());
            document.set("server", Json.of(bundle.server()));
            bundle.flags().forEach(document.withArray("flags")::add);
            ObjectNode contents = document.putObject("files");
            files.forEach(file -> contents.put(file.path(), text(file)));
            bundle.credentials().keySet().forEach(document.putArray("credentials")::add);
            Json.putDiagnostics(document, compiled.diagnostics());
            output.json(document);
        } else if (target != null) {
            files.forEach(
                    file -> output.line(Visible.of(Path.of(target, file.path()).toString())));
            bundle.credentials()
                    .keySet()
                    .forEach(
                            path -> output.line(Visible.of(Path.of(target, path).toString())));
            output.aside(Count.of(bundle.jobs().size(), "job") + " for Prometheus " + bundle.version() + ": prometheus "
                    + String.join(" ", bundle.flags()));
        } else {
            output.line("# prometheus " + bundle.version() + ", "
                    + Count.of(bundle.jobs().size(), "job"));
            bundle.flags().forEach(flag -> output.line("#   " + Visible.of(flag)));
            for (BundleFile file : files) {
                output.line("");
                output.line("# ==> " + file.path() + " <==");
                text(file).lines().forEach(line -> output.line(Visible.of(line)));
            }
            for (String path : bundle.credentials().keySet()) {
                output.line("");
                output.line("# ==> " + Visible.of(path) + " <== (a credential, not shown)");
            }
        }
    }

    private static String text(BundleFile file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    private static List<BundleFile> files(Bundle bundle) {
        List<BundleFile> files = new ArrayList<>();
        files.add(bundle.index());
        files.addAll(bundle.files().values());
        return files;
    }

    private static void write(Bundle bundle, Path folder) {
        try {
            if (Files.exists(folder)) {
                requireEmpty(folder);
            }
            Files.createDirectories(folder);
            for (BundleFile file : files(bundle)) {
                Path path = folder.resolve(file.path());
                Files.createDirectories(path.getParent());
                Files.write(path, file.content());
            }
            PrivateFiles files = new PrivateFiles(folder);
            for (var credential : bundle.credentials().entrySet()) {
                files.write(credential.getKey(), credential.getValue().reveal());
            }
        } catch (IOException e) {
            throw Failure.environment(
                    "can't write into " + folder + ": " + e.getMessage(), "name a folder that you may write to");
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw Failure.environment(folder + " is a file", "name a new folder");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.findAny().isPresent()) {
                throw Failure.environment(
                        folder + " isn't empty; nothing was written", "empty it or name a new folder");
            }
        }
    }
}
