package io.narthex.source.directory;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at which files lie in a folder. Links are followed, a cycle of them is reported; files and folders whose
 * names begin with a dot are left alone, but for {@code .secrets} at the top.
 */
final class FolderScan implements FileVisitor<Path> {

    /** The folder of credentials, {@code .secrets/NAME/KEY}. */
    static final String SECRETS = ".secrets";
    /** More YAML files than this are not read: somebody named the wrong folder. */
    static final int MOST_FILES = 20_000;

    private static final int MOST_LEVELS = 32;

    /**
     * What there is.
     *
     * @param files the YAML files, by path
     * @param secrets the credentials' files, by path
     * @param folders every folder entered: those to watch
     * @param problems what couldn't be looked at
     */
    record Result(
            SortedMap<Path, BasicFileAttributes> files,
            SortedMap<Path, BasicFileAttributes> secrets,
            List<Path> folders,
            List<Diagnostic> problems) {}

    private final Path root;
    private final SortedMap<Path, BasicFileAttributes> files = new TreeMap<>();
    private final SortedMap<Path, BasicFileAttributes> secrets = new TreeMap<>();
    private final List<Path> folders = new ArrayList<>();
    private final List<Diagnostic> problems = new ArrayList<>();

    private FolderScan(Path root) {
        this.root = root;
    }

    /** Looks at {@code root}: a folder, or a single file whatever its name. */
    static Result of(Path root) {
        FolderScan scan = new FolderScan(root);
        if (Files.isRegularFile(root)) {
            scan.lookAtFile();
        } else {
            scan.walk(root);
        }
        return new Result(scan.files, scan.secrets, scan.folders, scan.problems);
    }

    /** Looks at the credentials beside a file in {@code folder} only. */
    static Result ofSecrets(Path folder) {
        FolderScan scan = new FolderScan(folder);
        scan.folders.add(folder);
        scan.walk(folder.resolve(SECRETS));
        return new Result(scan.files, scan.secrets, scan.folders, scan.problems);
    }

    private void lookAtFile() {
        Path folder = Optional.ofNullable(root.getParent()).orElse(Path.of(""));
        folders.add(folder);
        try {
            files.put(root, Files.readAttributes(root, BasicFileAttributes.class));
        } catch (IOException e) {
            unreadable(root, e);
        }
        Path credentials = folder.resolve(SECRETS);
        if (Files.isDirectory(credentials)) {
            walk(credentials);
        }
    }

    private void walk(Path from) {
        try {
            Files.walkFileTree(from, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MOST_LEVELS, this);
        } catch (IOException e) {
            unreadable(from, e);
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (!folder.equals(root) && isHidden(folder) && !isSecrets(folder)) {
            return FileVisitResult.SKIP_SUBTREE;
        }
        folders.add(folder);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isDirectory()) {
            problem(
                    DiagnosticCode.FOLDER_TOO_DEEP,
                    file,
                    "this folder lies more than " + MOST_LEVELS + " levels down and isn't read",
                    "at most " + MOST_LEVELS + " levels",
                    "move its files further up, or check for a link that leads in circles");
        } else if (isSecret(file)) {
            secrets.put(file, attributes);
        } else if (!isHidden(file) && hasYamlName(file) && !isInSecrets(file)) {
            if (attributes.isSymbolicLink()) {
                // Only a link that can't be followed is seen as one.
                explain(file);
            } else if (!attributes.isRegularFile()) {
                problem(
                        DiagnosticCode.FILE_UNREADABLE,
                        file,
                        "this is no regular file (a pipe, socket or device) and isn't read",
                        "a file",
                        "remove it from the folder, or rename it so that it ends neither in .yaml nor .yml");
            } else if (files.size() >= MOST_FILES) {
                problem(
                        DiagnosticCode.FOLDER_TOO_LARGE,
                        root,
                        "the folder holds more than " + MOST_FILES + " YAML files; the rest isn't read",
                        "at most " + MOST_FILES + " files",
                        "name the folder that holds Narthex's resources, or put several resources into a file");
                return FileVisitResult.TERMINATE;
            } else {
                files.put(file, attributes);
            }
        }
        return FileVisitResult.CONTINUE;
    }

    private void explain(Path link) {
        try {
            visitFile(link, Files.readAttributes(link, BasicFileAttributes.class));
        } catch (IOException e) {
            unreadable(link, e);
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        // What vanished while we looked is as if it had never been there.
        if (!(e instanceof NoSuchFileException) || file.equals(root) || Files.isSymbolicLink(file)) {
            if (!isHidden(file)) {
                unreadable(file, e);
            }
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) {
        if (e != null) {
            unreadable(folder, e);
        }
        return FileVisitResult.CONTINUE;
    }

    private void unreadable(Path path, IOException e) {
        problems.add(unreadable(root, path, e));
    }

    /** Returns the diagnostic for a path below {@code root} that can't be read. */
    static Diagnostic unreadable(Path root, Path path, IOException e) {
        return switch (e) {
            case FileSystemLoopException loop ->
                problemOf(
                        DiagnosticCode.LINK_CYCLE,
                        path,
                        "this link leads back to a folder that holds it, and isn't followed",
                        "links that end somewhere",
                        "remove the link");
            case NoSuchFileException missing
            when path.equals(root) ->
                problemOf(
                        DiagnosticCode.INPUT_MISSING,
                        path,
                        "there is no such file or folder",
                        "a folder, a file, or - for standard input",
                        "check the path");
            case NoSuchFileException missing ->
                problemOf(
                        DiagnosticCode.FILE_UNREADABLE,
                        path,
                        "this link leads nowhere",
                        "a link to a file",
                        "remove the link or restore what it names");
            case AccessDeniedException denied ->
                problemOf(
                        DiagnosticCode.FILE_UNREADABLE,
                        path,
                        "this can't be read: permission denied",
                        "what the user who runs narthex may read",
                        "chmod u+r " + shown(path) + ", or run as its owner");
            default ->
                problemOf(
                        DiagnosticCode.FILE_UNREADABLE,
                        path,
                        "this can't be read: " + reason(e),
                        "a readable file",
                        "check the disk and the path");
        };
    }

    private void problem(DiagnosticCode code, Path path, String message, String allowed, String remedy) {
        problems.add(problemOf(code, path, message, allowed, remedy));
    }

    /** Returns a diagnostic about the whole of a file or folder. */
    static Diagnostic problemOf(DiagnosticCode code, Path path, String message, String allowed, String remedy) {
        return new Diagnostic(
                code,
                code.severity(),
                Optional.empty(),
                FieldPath.ROOT,
                Optional.of(new Position(shown(path), 1, 1, 1)),
                message,
                allowed,
                remedy);
    }

    /** Returns the path as users read it: with forward slashes, without a leading {@code ./}. */
    static String shown(Path path) {
        String text = path.normalize().toString().replace('\\', '/');
        return text.isEmpty() ? "." : text;
    }

    private static String reason(IOException e) {
        // The message of such an exception begins with the path, which the diagnostic names anyway.
        String message = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private boolean isSecrets(Path folder) {
        return folder.equals(base().resolve(SECRETS));
    }

    private boolean isInSecrets(Path file) {
        return file.startsWith(base().resolve(SECRETS));
    }

    /** Exactly {@code .secrets/NAME/KEY}. */
    private boolean isSecret(Path file) {
        Path folder = base().resolve(SECRETS);
        return file.startsWith(folder) && file.getNameCount() == folder.getNameCount() + 2 && !isHidden(file);
    }

    private Path base() {
        return folders.isEmpty() ? root : folders.getFirst();
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null
                && name.toString().startsWith(".")
                && !name.toString().equals(".");
    }

    private static boolean hasYamlName(Path file) {
        Path name = file.getFileName();
        if (name == null) {
            return false;
        }
        String lower = name.toString().toLowerCase(Locale.ROOT);
        return lower.endsWith(".yaml") || lower.endsWith(".yml");
    }
}
