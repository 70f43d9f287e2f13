package io.narthex.rollout.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Writes files and folders that only their user can read: mode 0600 and 0700 from the first moment on. */
final class PrivateFiles {

    private static final FileAttribute<?> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFiles() {}

    /** Writes a new file. */
    static void write(Path target, List<byte[]> chunks) throws IOException {
        folders(target.getParent());
        Files.deleteIfExists(target);
        try (SeekableByteChannel channel =
                Files.newByteChannel(target, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
            for (byte[] chunk : chunks) {
                ByteBuffer rest = ByteBuffer.wrap(chunk);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            }
        }
    }

    /** Makes a file the target's content at once. */
    static void replace(Path fresh, Path target) throws IOException {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the folder and those above it where they aren't there. */
    static void folders(@org.jspecify.annotations.Nullable Path folder) throws IOException {
        if (folder != null && !Files.isDirectory(folder)) {
            folders(folder.getParent());
            Files.createDirectory(folder, FOLDER);
        }
    }

    /** Returns once the file's content, or the folder's names, are on the disk. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a folder with all in it; following no symbolic link. */
    static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
