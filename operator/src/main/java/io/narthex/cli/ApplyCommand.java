package io.narthex.cli;

import io.narthex.cli.print.Count;
import io.narthex.cli.print.FileLines;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.reconcile.swarm.AppliedConfigs;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
final class ApplyCommand implements Callable<Integer> {

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
    ApplyCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        Path root = Input.path(folder);
        FolderSnapshot snapshot = new FolderSource(root, new ResourceReader(), clock).read();
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
        SortedMap<String, byte[]> files = files(root);
        return swarm.change(
                terminal,
                output,
                "apply",
                (docker, instance, changes) ->
                        new AppliedConfigs(docker, instance).apply(files, prune).forEach(changes));
    }

    private SortedMap<String, byte[]> files(Path root) {
        try {
            return read(root);
        } catch (IOException e) {
            throw Failure.environment(folder + " can't be read: " + e.getMessage(), "check its path and permissions");
        }
    }

    private static SortedMap<String, byte[]> read(Path root) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        List<Path> paths = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                walk.filter(Files::isRegularFile)
                        .filter(ApplyCommand::isYaml)
                        .filter(path -> !isHidden(root.relativize(path)))
                        .forEach(paths::add);
            }
        } else {
            paths.add(root);
        }
        for (Path path : paths) {
            Path shown = path.equals(root) ? path.getFileName() : root.relativize(path);
            files.put(String.valueOf(shown), Files.readAllBytes(path));
        }
        return files;
    }

    private static boolean isYaml(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static boolean isHidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }
}
