package io.narthex.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The file that the process writes its output to by itself, so that it never waits for Narthex, nor dies with it of a
 * broken pipe. Since the process holds the file open for appending, a full one is copied away and cut.
 */
final class LogFile {

    /** What a start's first lines and an end's last lines fit in. */
    private static final int TAIL_BYTES = 64 * 1024;

    private static final int TAIL_LINES = 40;
    private static final int KEPT = 3;

    private final Path file;
    private final long mostBytes;

    LogFile(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
    }

    /** Makes the file where it isn't there; returns its length. */
    long prepare() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.size(file);
    }

    /** Moves the content away when there is too much; returns whether it did. */
    boolean rotate() throws IOException {
        if (!Files.exists(file) || Files.size(file) < mostBytes) {
            return false;
        }
        for (int number = KEPT; number > 1; number--) {
            Path older = numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.copy(file, numbered(1), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        return true;
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    /** Returns the last lines written after the place {@code from}, in bytes. */
    List<String> tail(long from) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long size = open.length();
            long start = Math.max(from > size ? 0 : from, size - TAIL_BYTES);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, size - start));
            open.getChannel().read(bytes, start);
            List<String> lines = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return List.copyOf(lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        }
    }
}
