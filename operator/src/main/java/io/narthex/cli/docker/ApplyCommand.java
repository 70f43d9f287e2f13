package io.narthex.cli.docker;

import io.narthex.cli.input.Input;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.FileLines;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.reconcile.swarm.AppliedConfigs;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex apply}. */
@Command(
        name = "apply",
        description = {
            "Put the resources of a folder into a Docker Swarm, as configs that its operator reads.",
            "A config never changes, so a changed file becomes another, and the one before is removed."
                    + " Nothing is done where a file is wrong."
        })
public final class ApplyCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;

    @Parameters(paramLabel = "DIR", description = "The folder, or a single file.")
    private String folder;

    @Option(names = "--prune", description = "Remove what an earlier apply made and DIR no longer holds.")
    private boolean prune;

    @Mixin
    private SwarmTarget swarm;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public ApplyCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        Path root = Input.path(folder);
        FolderSource source = new FolderSource(root, new ResourceReader(), clock);
        FolderSnapshot snapshot = source.read();
        long errors = snapshot.diagnostics().stream()
                .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                .count();
        for (Diagnostic diagnostic : snapshot.diagnostics()) {
            output.note(output.diagnostics(new FileLines(Optional.empty()))
                    .block(diagnostic)
                    .stripTrailing());
        }
        if (errors > 0) {
            throw Failure.no(
                    "nothing is applied: " + Count.of(errors, "error"),
                    "mend them, and look again with narthex lint " + folder);
        }
        SortedMap<String, byte[]> files = files(root, source);
        return swarm.change(
                terminal,
                output,
                "apply",
                (docker, instance, changes) ->
                        new AppliedConfigs(docker, instance).apply(files, prune).forEach(changes));
    }

    /** Returns what was checked, as it was checked. */
    private SortedMap<String, byte[]> files(Path root, FolderSource source) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try {
            source.contents()
                    .forEach((path, content) -> files.put(
                            String.valueOf(path.equals(root) ? path.getFileName() : root.relativize(path)), content));
        } catch (IOException e) {
            throw Failure.environment(folder + " can't be read: " + e.getMessage(), "check its path and permissions");
        }
        return files;
    }
}
