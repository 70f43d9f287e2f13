package io.narthex.cli.folder;

import io.narthex.access.Identity;
import io.narthex.cli.check.Compiled;
import io.narthex.cli.check.DiffReport;
import io.narthex.cli.check.Layouts;
import io.narthex.cli.check.ServerOptions;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.input.Visits;
import io.narthex.cli.print.Json;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.reconcile.ConfigView;
import io.narthex.reconcile.Intake;
import io.narthex.reconcile.local.RunningServer;
import io.narthex.reconcile.local.ServerChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex diff}. */
@Command(
        name = "diff",
        description = {
            "Say what a change would change: of two folders, or of a folder and what runs from it.",
            "Compares what the configurations mean. Ends with 1 where they differ."
        })
public final class DiffCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Parameters(
            arity = "1..2",
            paramLabel = "DIR",
            description = "The folder before and the one after; with --running the folder alone.")
    private List<String> folders;

    @Option(names = "--running", description = "Compare with what narthex run runs from the folder now.")
    private boolean running;

    @Option(names = "--state", paramLabel = "DIR", description = "The run's state folder. Default: .narthex in DIR.")
    private @Nullable String state;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public DiffCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    /** One side of the comparison; the retention is known where it was compiled here. */
    private record Side(ConfigView view, Optional<Bundle> bundle) {}

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        if (running == (folders.size() == 2)) {
            throw Failure.usage(
                    running
                            ? "--running compares one folder with what runs"
                            : "one folder alone has nothing to differ from",
                    running ? "leave one folder out" : "name a second folder, or add --running");
        }
        Path root = Input.path(folders.getFirst());
        Side before;
        Side after;
        if (running) {
            Path stateFolder = (state == null ? StateFolders.of(root) : Input.path(state))
                    .toAbsolutePath()
                    .normalize();
            RunningServer server = RunningServer.find(stateFolder)
                    .orElseThrow(() -> Failure.environment(
                            "no narthex run is found in " + stateFolder,
                            "start it with: narthex run " + folders.getFirst() + ", or name its folder by --state"));
            before = ofRunning(stateFolder, server);
            after = ofFolder(
                    folders.getFirst(),
                    Input.folderOf(root),
                    PrometheusVersion.parse(server.version()),
                    new Layout(
                            stateFolder.resolve("config").toString(),
                            stateFolder.resolve("data").toString()),
                    Visits.identity(stateFolder, clock, output).map(Identity::known));
        } else {
            // One folder for both sides: else every path of target files would differ.
            Path base = Input.folderOf(Input.path(folders.getLast()));
            before = ofFolder(folders.getFirst(), base, Optional.empty(), Layouts.USUAL, Optional.empty());
            after = ofFolder(folders.getLast(), base, Optional.empty(), Layouts.USUAL, Optional.empty());
        }
        DiffReport report = DiffReport.of(before.view(), after.view(), before.bundle(), after.bundle());
        if (output.isText()) {
            report.print(output);
        } else {
            output.json(report.into(Json.document("diff")));
        }
        return (report.isEmpty() ? ExitCode.OK : ExitCode.NO).number();
    }

    private Side ofFolder(
            String where,
            Path base,
            Optional<PrometheusVersion> runs,
            Layout layout,
            Optional<OperatorIdentity> operator) {
        Input input = Input.read(terminal, clock, where);
        ServerChoice.Chosen chosen = server.choice()
                .choose(Intake.inventoryOf(input.snapshot()), input.snapshot().diagnostics());
        PrometheusVersion version = server.version()
                .or(() -> runs)
                .or(() -> Compiled.versionOf(chosen.inventory(), chosen.server()))
                .orElse(PrometheusVersion.NEWEST_KNOWN);
        CompileOptions plain = CompileOptions.local(version, layout).withResourceFolder(Input.resourceFolder(base));
        Compilation compilation = compiler.get()
                .compile(
                        chosen.inventory(),
                        chosen.server(),
                        operator.map(plain::withOperator).orElse(plain));
        Bundle bundle = compilation
                .bundle()
                .orElseThrow(() -> Failure.no(
                        where + " can't be compiled: its " + chosen.server() + " has errors", "narthex lint " + where));
        return new Side(ConfigView.of(bundle), Optional.of(bundle));
    }

    private static Side ofRunning(Path stateFolder, RunningServer server) {
        Path config = stateFolder.resolve("config");
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(config)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = config.relativize(path).toString().replace('\\', '/');
                // Credentials have no place in a comparison that is printed; jobs of a secret are among them.
                if (name.endsWith(".yml") && !name.startsWith("credentials/") && !name.startsWith("additional-")) {
                    files.put(name, Files.readAllBytes(path));
                }
            }
            return new Side(ConfigView.of(files, "prometheus.yml", server.flags()), Optional.empty());
        } catch (IOException | ConfigView.NotAConfigException e) {
            throw Failure.environment("what runs can't be read: " + e.getMessage(), "");
        }
    }
}
