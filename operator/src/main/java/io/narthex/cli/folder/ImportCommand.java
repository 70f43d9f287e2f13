package io.narthex.cli.folder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.input.Input;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.DiagnosticText;
import io.narthex.cli.print.FileLines;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.importing.ConfigImport;
import io.narthex.compiler.importing.ImportInput;
import io.narthex.compiler.importing.Imported;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex import}. */
@Command(
        name = "import",
        description = {
            "Make resources of a prometheus.yml, its rule files and the compose file that starts Prometheus.",
            "Says of each part whether it means the same, differs, or has no counterpart. Passwords go to .secrets/.",
            "Without --output the resources are printed. Ends with 1 where Prometheus would refuse the input."
        })
public final class ImportCommand implements Callable<Integer> {

    private static final Pattern VARIABLE =
            Pattern.compile("(?:export\\s++)?([A-Za-z_][A-Za-z0-9_]*+)\\s*+=\\s*+(.*+)");
    private static final int MOST_RULE_FILES = 1000;

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "The configuration of Prometheus.")
    private String config;

    @Option(
            names = "--compose",
            paramLabel = "FILE",
            description =
                    "The compose or stack file that starts Prometheus; variables come from the environment and from .env"
                            + " beside it.")
    private @Nullable String compose;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "The name of the stack, with which Docker's names of its volumes and networks begin.")
    private @Nullable String stack;

    @Option(names = "--output", paramLabel = "DIR", description = "Write the resources into this folder.")
    private @Nullable String target;

    @Option(names = "--fix", description = "Take fields whose names are nearly right as they are meant.")
    private boolean fix;

    @Option(names = "--force", description = "Replace files that are there already.")
    private boolean force;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public ImportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        Imported imported = ConfigImport.of(input(output));
        boolean good = imported.problems().stream().noneMatch(one -> one.severity() == Severity.ERROR);
        if (good && target != null) {
            write(imported, Input.path(target));
        }
        if (output.isText()) {
            text(output, imported, good);
        } else {
            output.json(document(imported));
        }
        return (good ? ExitCode.OK : ExitCode.NO).number();
    }

    private ImportInput input(Output output) {
        Path path = Input.path(config);
        ImportInput.Source source = read(path, config);
        Map<String, byte[]> rules = new TreeMap<>();
        for (String pattern : ConfigImport.ruleFiles(source)) {
            rules(path, pattern, rules, output);
        }
        Map<String, String> environment = new HashMap<>();
        Optional<ImportInput.Source> composed = Optional.empty();
        if (compose != null) {
            Path composePath = Input.path(compose);
            composed = Optional.of(read(composePath, compose));
            environment.putAll(variables(Input.folderOf(composePath).resolve(".env")));
        }
        environment.putAll(terminal.environment());
        return new ImportInput(source, rules, composed, environment, Optional.ofNullable(stack), fix);
    }

    private static ImportInput.Source read(Path path, String name) {
        try (InputStream in = Files.newInputStream(path)) {
            return new ImportInput.Source(name, in.readNBytes(ResourceReader.MOST_BYTES + 1));
        } catch (IOException e) {
            throw Failure.environment("can't read " + name + ": " + reason(e), "name a file that you may read");
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }

    /**
     * Reads the rule files of a pattern. An absolute path is one of the container that Prometheus ran in, so what lies
     * beside the configuration under the same name, or under the last folders of the path, is meant.
     */
    private static void rules(Path config, String pattern, Map<String, byte[]> rules, Output output) {
        Path folder = Input.folderOf(config);
        List<String> candidates = new ArrayList<>();
        if (!pattern.startsWith("/")) {
            candidates.add(pattern);
        } else {
            String rest = pattern.substring(1);
            while (true) {
                candidates.add(rest);
                int slash = rest.indexOf('/');
                if (slash < 0) {
                    break;
                }
                rest = rest.substring(slash + 1);
            }
        }
        for (String candidate : candidates) {
            if (matching(folder, candidate, rules)) {
                return;
            }
        }
        if (!isGlob(pattern)) {
            throw Failure.environment(
                    "there is no rule file " + Visible.of(pattern) + " beside the configuration",
                    "put it there, or remove it from rule_files");
        }
        output.note("no file beside the configuration matches " + Visible.of(pattern) + " of rule_files");
    }

    private static boolean isGlob(String pattern) {
        return pattern.chars().anyMatch(c -> "*?[".indexOf(c) >= 0);
    }

    private static boolean matching(Path folder, String pattern, Map<String, byte[]> rules) {
        try {
            List<Path> found = List.of(folder);
            for (String step : pattern.split("/", -1)) {
                List<Path> next = new ArrayList<>();
                for (Path from : found) {
                    next.addAll(step(from, step));
                }
                found = next;
            }
            found = found.stream()
                    .map(Path::normalize)
                    .filter(Files::isRegularFile)
                    .limit(MOST_RULE_FILES)
                    .toList();
            for (Path file : found) {
                rules.put(file.toString(), read(file, file.toString()).content());
            }
            return !found.isEmpty();
        } catch (IOException | InvalidPathException | PatternSyntaxException e) {
            return false;
        }
    }

    /** Each folder of a path may be a pattern (Go's {@code filepath.Glob}, by which Prometheus finds the files). */
    private static List<Path> step(Path from, String step) throws IOException {
        if (!isGlob(step)) {
            Path there = from.resolve(step);
            return Files.exists(there) ? List.of(there) : List.of();
        }
        if (!Files.isDirectory(from)) {
            return List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + step);
        try (Stream<Path> files = Files.list(from)) {
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the variables of a file {@code .env}, without quotes around their values; none where there is no file. */
    private static Map<String, String> variables(Path file) {
        Map<String, String> variables = new HashMap<>();
        if (!Files.isRegularFile(file)) {
            return variables;
        }
        String text = new String(read(file, file.toString()).content(), StandardCharsets.UTF_8);
        text.lines().filter(line -> !line.strip().startsWith("#")).forEach(line -> {
            Matcher matcher = VARIABLE.matcher(line.strip());
            if (matcher.matches()) {
                String value = matcher.group(2);
                boolean quoted = value.length() > 1
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                        && value.charAt(value.length() - 1) == value.charAt(0);
                variables.put(
                        matcher.group(1),
                        quoted ? value.substring(1, value.length() - 1) : value.replaceFirst("\\s+#.*$", ""));
            }
        });
        return variables;
    }

    private void write(Imported imported, Path folder) {
        Map<Path, byte[]> files = new TreeMap<>();
        imported.files()
                .forEach((name, yaml) -> files.put(folder.resolve(name), yaml.getBytes(StandardCharsets.UTF_8)));
        Map<String, byte[]> secrets = new TreeMap<>();
        imported.secrets().forEach((name, value) -> secrets.put(".secrets/" + name, value.reveal()));
        if (!force) {
            Stream.concat(files.keySet().stream(), secrets.keySet().stream().map(folder::resolve))
                    .filter(Files::exists)
                    .findFirst()
                    .ifPresent(path -> {
                        throw Failure.environment(
                                path + " is there already; nothing was written",
                                "name a new folder, or give --force to replace it");
                    });
        }
        try {
            Files.createDirectories(folder);
            PrivateFiles hidden = new PrivateFiles(folder);
            for (Map.Entry<String, byte[]> secret : secrets.entrySet()) {
                Files.deleteIfExists(folder.resolve(secret.getKey()));
                hidden.write(secret.getKey(), secret.getValue());
            }
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                Path part = file.getKey().resolveSibling("." + file.getKey().getFileName() + ".new");
                Files.write(part, file.getValue());
                Files.move(part, file.getKey(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw Failure.environment(
                    "can't write into " + folder + ": " + e.getMessage(), "name a folder that you may write to");
        }
    }

    private void text(Output output, Imported imported, boolean good) {
        DiagnosticText text = output.diagnostics(new FileLines(Optional.empty()));
        for (Diagnostic problem : imported.problems()) {
            terminal.err().println(text.headline(problem));
            String note = imported.notes().get(problem);
            if (note != null) {
                terminal.err().println("   = note: " + Visible.of(note));
            }
            if (!problem.remedy().isEmpty()) {
                terminal.err().println("   = help: " + Visible.of(problem.remedy()));
            }
        }
        if (!good) {
            terminal.err()
                    .println("Nothing written."
                            + (imported.fixable() == 0
                                    ? ""
                                    : " Use --fix to apply " + Count.of(imported.fixable(), "suggestion") + "."));
            return;
        }
        if (target == null) {
            imported.files().forEach((name, yaml) -> {
                output.line("# ==> " + name + " <==");
                yaml.lines().forEach(line -> output.line(Visible.of(line)));
            });
            imported.secrets().keySet().forEach(name -> output.line("# ==> .secrets/" + name + " <== (not shown)"));
        } else {
            Path folder = Input.path(target);
            imported.files()
                    .keySet()
                    .forEach(name -> output.line(
                            "wrote " + Visible.of(folder.resolve(name).toString())));
            imported.secrets()
                    .keySet()
                    .forEach(name -> output.line("wrote "
                            + Visible.of(
                                    folder.resolve(".secrets").resolve(name).toString())));
        }
        for (Imported.Line line : imported.report()) {
            output.note(String.format(
                    Locale.ROOT, "%-10s  %s: %s", line.kind(), Visible.of(line.what()), Visible.of(line.how())));
        }
        if (target != null) {
            output.note("next: narthex lint " + Visible.of(target));
        }
    }

    private static ObjectNode document(Imported imported) {
        ObjectNode document = Json.document("import");
        ObjectNode files = document.putObject("files");
        imported.files().forEach(files::put);
        ArrayNode secrets = document.putArray("secrets");
        imported.secrets().keySet().forEach(name -> secrets.add(".secrets/" + name));
        ArrayNode report = document.putArray("report");
        imported.report()
                .forEach(line -> report.addObject()
                        .put("kind", line.kind().toString())
                        .put("what", line.what())
                        .put("how", line.how()));
        document.put("fixable", imported.fixable());
        Json.putDiagnostics(document, imported.problems());
        return document;
    }
}
