package io.narthex.cli.print;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Lines of files as they are now, each file read once; bytes that are no UTF-8 become replacement characters. */
public final class FileLines implements SourceLines {

    /** A file larger than this is not shown; the reader refuses it anyway. */
    private static final long LARGEST = 16L << 20;

    private final Map<String, List<String>> files = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param standardInput what was read from standard input, which positions name {@code -}
     */
    public FileLines(Optional<byte[]> standardInput) {
        standardInput.ifPresent(bytes -> files.put("-", split(bytes)));
    }

    @Override
    public Optional<String> line(String file, int line) {
        List<String> lines = files.computeIfAbsent(file, FileLines::read);
        return line <= lines.size() ? Optional.of(lines.get(line - 1)) : Optional.empty();
    }

    private static List<String> read(String file) {
        try {
            Path path = Path.of(file);
            return !holdsCredential(path) && Files.isRegularFile(path) && Files.size(path) <= LARGEST
                    ? split(Files.readAllBytes(path))
                    : List.of();
        } catch (IOException | UncheckedIOException | InvalidPathException | SecurityException e) {
            // The diagnostic says what is wrong; it is printed without the line.
            return List.of();
        }
    }

    /** What lies below {@code .secrets} is never quoted. */
    private static boolean holdsCredential(Path path) {
        for (Path name : path) {
            if (name.toString().equals(".secrets")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> split(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return List.of((text.startsWith("\ufeff") ? text.substring(1) : text).split("\r\n|\r|\n", -1));
    }
}
