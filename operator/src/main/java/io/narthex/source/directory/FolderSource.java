package io.narthex.source.directory;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a folder (or a single file) declares, again and again: a file is read and parsed anew only when it
 * changed. For one thread at a time.
 */
public final class FolderSource {

    /** A larger file isn't read: nobody wrote it by hand. In bytes. */
    public static final int LARGEST_FILE = ResourceReader.MOST_BYTES;

    /** A larger credential isn't read; the same limit as for a Secret of Kubernetes. In bytes. */
    private static final int LARGEST_SECRET = 1 << 20;

    /**
     * A file may change twice within one tick of its time stamp: one this young is read again, whatever its stamp says.
     */
    private static final Duration YOUNG = Duration.ofSeconds(2);

    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final Path root;
    private final ResourceReader reader;
    private final InstantSource clock;

    private Map<Path, CachedFile> cache = Map.of();
    private Map<Path, CachedSecret> secretCache = Map.of();
    private List<Path> folders = List.of();
    private @Nullable FolderSnapshot last;

    /**
     * Makes a source.
     *
     * @param root the folder or file to read; need not be there yet
     * @param reader turns a file's bytes into resources
     * @param clock the time that files' time stamps are compared with
     */
    public FolderSource(Path root, ResourceReader reader, InstantSource clock) {
        this.root = root;
        this.reader = reader;
        this.clock = clock;
    }

    /** Reads standard input as a single file, named {@code -}; its credentials are those of the working directory. */
    public static FolderSnapshot readStandardInput(InputStream input, ResourceReader reader) throws IOException {
        byte[] content = input.readNBytes(LARGEST_FILE + 1);
        List<Diagnostic> problems = new ArrayList<>();
        List<Declared<?>> resources = List.of();
        if (content.length > LARGEST_FILE) {
            problems.add(tooLarge(Path.of("-"), "more than " + LARGEST_FILE));
        } else {
            ReadResult result = reader.read("-", content);
            problems.addAll(result.diagnostics());
            resources = result.resources();
        }
        FolderSource here = new FolderSource(Path.of(""), reader, InstantSource.system());
        Path secrets = Path.of(FolderScan.SECRETS);
        SortedMap<String, SecretValue> credentials = Files.isDirectory(secrets)
                ? here.readSecrets(FolderScan.ofSecrets(Path.of("")).secrets(), problems)
                : Collections.emptySortedMap();
        resources = withoutDuplicates(resources, problems);
        problems.sort(Diagnostic.ORDER);
        return new FolderSnapshot(resources, credentials, List.copyOf(problems), 1);
    }

    /**
     * Reads what changed. Returns the very same snapshot as the time before where nothing did. A file that can't be
     * read, or isn't valid, is a diagnostic, never an exception.
     */
    public FolderSnapshot read() {
        FolderScan.Result scan = FolderScan.of(root);
        folders = scan.folders();
        List<Diagnostic> problems = new ArrayList<>(scan.problems());
        Map<Path, CachedFile> files = new HashMap<>();
        List<Declared<?>> resources = new ArrayList<>();
        scan.files().forEach((file, attributes) -> {
            CachedFile cached = readFile(file, attributes);
            files.put(file, cached);
            resources.addAll(cached.result().resources());
            problems.addAll(cached.result().diagnostics());
        });
        cache = files;
        SortedMap<String, SecretValue> credentials = readSecrets(scan.secrets(), problems);
        List<Declared<?>> distinct = withoutDuplicates(resources, problems);
        problems.sort(Diagnostic.ORDER);
        FolderSnapshot now = new FolderSnapshot(distinct, credentials, List.copyOf(problems), files.size());
        FolderSnapshot before = last;
        if (before != null && sameContent(before, now)) {
            return before;
        }
        last = now;
        return now;
    }

    /**
     * Returns the content of the files that declare what {@link #read} returned last, by path.
     *
     * @throws IOException where one can't be read any more, or says something else by now
     */
    public SortedMap<Path, byte[]> contents() throws IOException {
        SortedMap<Path, byte[]> contents = new TreeMap<>();
        for (Map.Entry<Path, CachedFile> file : cache.entrySet()) {
            if (!file.getValue().result().resources().isEmpty()) {
                byte[] content = readAtMost(file.getKey(), LARGEST_FILE);
                if (!digestOf(content).equals(file.getValue().digest())) {
                    throw new IOException(FolderScan.shown(file.getKey()) + " changes just now");
                }
                contents.put(file.getKey(), content);
            }
        }
        return contents;
    }

    /** Returns the folders that hold what was read last, those to watch. */
    List<Path> folders() {
        return folders;
    }

    /** Returns the folder, or the one file, that is read. */
    public Path root() {
        return root;
    }

    private static boolean sameContent(FolderSnapshot a, FolderSnapshot b) {
        if (a.files() != b.files() || a.resources().size() != b.resources().size()) {
            return false;
        }
        for (int i = 0; i < a.resources().size(); i++) {
            if (!sameInstance(a.resources().get(i), b.resources().get(i))) {
                return false;
            }
        }
        return a.credentials().equals(b.credentials()) && a.diagnostics().equals(b.diagnostics());
    }

    // Identity is what is meant: the same instance is the same version of the resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean sameInstance(Declared<?> a, Declared<?> b) {
        return a == b;
    }

    private record Stamp(
            long size, long modifiedNanos, @Nullable Object fileKey) {
        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(
                    attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.fileKey());
        }
    }

    private record CachedFile(Stamp stamp, boolean young, String digest, ReadResult result) {}

    private record CachedSecret(Stamp stamp, boolean young, SecretValue value) {}

    private boolean isYoung(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().toInstant().plus(YOUNG).isAfter(clock.instant());
    }

    private CachedFile readFile(Path file, BasicFileAttributes attributes) {
        Stamp stamp = Stamp.of(attributes);
        CachedFile before = cache.get(file);
        if (before != null && before.stamp().equals(stamp) && !before.young()) {
            return before;
        }
        byte[] content;
        try {
            content = readAtMost(file, LARGEST_FILE);
        } catch (IOException e) {
            return new CachedFile(stamp, true, "", only(unreadable(file, e)));
        }
        if (content.length > LARGEST_FILE) {
            return new CachedFile(
                    stamp, false, "", only(tooLarge(file, Long.toString(Math.max(attributes.size(), content.length)))));
        }
        boolean young = isYoung(attributes);
        String digest = digestOf(content);
        if (before != null && before.digest().equals(digest)) {
            return new CachedFile(stamp, young, digest, before.result());
        }
        return new CachedFile(stamp, young, digest, reader.read(FolderScan.shown(file), content));
    }

    private static String digestOf(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    private static byte[] readAtMost(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(limit + 1);
        }
    }

    private static ReadResult only(Diagnostic problem) {
        return new ReadResult(List.of(), List.of(problem));
    }

    private static Diagnostic tooLarge(Path file, String size) {
        return FolderScan.problemOf(
                DiagnosticCode.FILE_TOO_LARGE,
                file,
                "the file has " + size + " bytes and isn't read",
                "at most " + LARGEST_FILE + " bytes",
                "split it into smaller files");
    }

    private static Diagnostic unreadable(Path file, IOException e) {
        return FolderScan.unreadable(file, file, e);
    }

    /** Reads the credentials; what is wrong with them is added to {@code problems}. */
    private SortedMap<String, SecretValue> readSecrets(
            SortedMap<Path, BasicFileAttributes> found, List<Diagnostic> problems) {
        SortedMap<String, SecretValue> values = new TreeMap<>();
        Map<Path, CachedSecret> next = new HashMap<>();
        found.forEach((file, attributes) -> {
            Stamp stamp = Stamp.of(attributes);
            CachedSecret secret = secretCache.get(file);
            if (secret == null || secret.young() || !secret.stamp().equals(stamp)) {
                try {
                    byte[] content = readAtMost(file, LARGEST_SECRET);
                    if (content.length > LARGEST_SECRET) {
                        problems.add(FolderScan.problemOf(
                                DiagnosticCode.CREDENTIAL_FILE_UNREADABLE,
                                file,
                                "the credential's file has more than " + LARGEST_SECRET + " bytes and isn't read",
                                "at most " + LARGEST_SECRET + " bytes",
                                "put the credential alone into it"));
                        return;
                    }
                    secret = new CachedSecret(stamp, isYoung(attributes), SecretValue.of(content));
                } catch (NoSuchFileException gone) {
                    return;
                } catch (IOException e) {
                    problems.add(FolderScan.problemOf(
                            DiagnosticCode.CREDENTIAL_FILE_UNREADABLE,
                            file,
                            "the credential's file can't be read",
                            "a file that its owner may read",
                            "chmod 600 " + FolderScan.shown(file) + ", or run as its owner"));
                    return;
                }
            }
            if (isOpenToOthers(file)) {
                problems.add(FolderScan.problemOf(
                        DiagnosticCode.CREDENTIAL_FILE_OPEN,
                        file,
                        "other users may read or write the credential's file",
                        "mode 0600",
                        "chmod 600 " + FolderScan.shown(file)));
            }
            next.put(file, secret);
            values.put(nameOf(file), secret.value());
        });
        secretCache = next;
        return values;
    }

    private static boolean isOpenToOthers(Path file) {
        try {
            return !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS);
        } catch (IOException | UnsupportedOperationException e) {
            // Windows has no such modes; a file that is gone harms nobody.
            return false;
        }
    }

    private static String nameOf(Path secret) {
        int parts = secret.getNameCount();
        return secret.getName(parts - 2) + "/" + secret.getName(parts - 1);
    }

    /** Keeps the first of several with the same identity, and reports the others. */
    private static List<Declared<?>> withoutDuplicates(List<Declared<?>> resources, List<Diagnostic> problems) {
        SortedMap<ResourceKey, Declared<?>> byKey = new TreeMap<>();
        for (Declared<?> resource : resources) {
            Declared<?> first = byKey.putIfAbsent(resource.key(), resource);
            if (first != null) {
                String where = nameOf(first).map(Position::toString).orElse("elsewhere");
                problems.add(new Diagnostic(
                        DiagnosticCode.DUPLICATE_RESOURCE,
                        DiagnosticCode.DUPLICATE_RESOURCE.severity(),
                        Optional.of(resource.key()),
                        FieldPath.of("metadata", "name"),
                        nameOf(resource),
                        resource.key() + " is declared already at " + where + "; that one counts",
                        "one resource of a kind and name",
                        "rename or remove one of the two"));
            }
        }
        return List.copyOf(byKey.values());
    }

    private static Optional<Position> nameOf(Declared<?> resource) {
        return resource.source().locate(FieldPath.of("metadata", "name"));
    }
}
