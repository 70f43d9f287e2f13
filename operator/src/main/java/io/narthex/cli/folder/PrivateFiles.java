package io.narthex.cli.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files that only their owner can read, from the first moment on. */
final class PrivateFiles {

    private final Path folder;
    private final FileAttribute<?>[] forFolders;
    private final FileAttribute<?>[] forFiles;

    PrivateFiles(Path folder) {
        this.folder = folder;
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        this.forFolders = attributes(posix, "rwx------");
        this.forFiles = attributes(posix, "rw-------");
    }

    private static FileAttribute<?>[] attributes(boolean posix, String mode) {
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[] {};
    }

    void write(String path, byte[] content) throws IOException {
        Path file = folder.resolve(path);
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent, forFolders);
        }
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), forFiles)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
