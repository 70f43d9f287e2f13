package io.narthex.process;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The folder in which a run keeps everything: {@code config/} (what Prometheus reads), {@code data/} (its database),
 * {@code last-good/} (the configuration that it took last), {@code prometheus.log}, {@code run.json}, {@code lock}, and
 * {@code operator.json} (as whom Narthex comes to Prometheus). Only its user can read what Narthex makes in it. One run
 * uses it at a time; the lock ends with the process, however it ends.
 */
public final class StateFolder implements AutoCloseable {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;
    private final RunFile runFile;

    private StateFolder(Path root, FileChannel channel, FileLock lock, RunFile runFile) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
        this.runFile = runFile;
    }

    /** Makes the folder where it isn't there, and takes its lock. Fails where another run holds it. */
    public static Outcome<StateFolder> open(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            return failed(
                    DiagnosticCode.PLATFORM_UNSUPPORTED,
                    "Prometheus can't be run from Narthex on " + System.getProperty("os.name"),
                    "use Linux or macOS for run; lint, render and diff work here");
        }
        try {
            if (Files.exists(root) && !Files.isDirectory(root)) {
                return failed(
                        DiagnosticCode.STATE_FOLDER_UNUSABLE,
                        "the state folder " + root + " is a file",
                        "move it away, or choose another folder by --state");
            }
            if (!Files.exists(root)) {
                Path parent = root.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(root, PosixFilePermissions.asFileAttribute(PRIVATE));
            }
            root = root.toRealPath();
            RunFile runFile = new RunFile(root.resolve("run.json"));
            RunRecord.Owner self = self();
            RunRecord record = runFile.read();
            // Asked before the lock's file is opened: closing it would give up the lock that this very process holds.
            if (record.owner().filter(self::equals).isPresent()) {
                return inUse(root, record);
            }
            return locked(root, runFile, self);
        } catch (AccessDeniedException e) {
            return failed(
                    DiagnosticCode.STATE_FOLDER_UNUSABLE,
                    "no right to write the state folder: " + e.getFile(),
                    "give your user the right, or choose another folder by --state");
        } catch (IOException e) {
            return failed(
                    DiagnosticCode.STATE_FOLDER_UNUSABLE,
                    "the state folder " + root + " can't be used: " + e.getMessage(),
                    "choose another folder by --state");
        }
    }

    // The channel stays open as long as the folder is in use; StateFolder closes it.
    @SuppressWarnings("StreamResourceLeak")
    private static Outcome<StateFolder> locked(Path root, RunFile runFile, RunRecord.Owner self) throws IOException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            Optional<FileLock> lock;
            try {
                lock = Optional.ofNullable(channel.tryLock());
            } catch (OverlappingFileLockException e) {
                lock = Optional.empty();
            }
            if (lock.isEmpty()) {
                return inUse(root, runFile.read());
            }
            for (String part : new String[] {"config", "data", "last-good"}) {
                Path path = root.resolve(part);
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, PRIVATE);
            }
            runFile.write(runFile.read().withOwner(Optional.of(self)));
            kept = true;
            return new Outcome.Done<>(new StateFolder(root, channel, lock.get(), runFile));
        } finally {
            if (!kept) {
                channel.close();
            }
        }
    }

    private static RunRecord.Owner self() {
        ProcessHandle self = ProcessHandle.current();
        return new RunRecord.Owner(
                self.pid(),
                self.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    private static Outcome<StateFolder> inUse(Path root, RunRecord record) {
        String who = record.owner()
                .map(owner -> "narthex with process ID " + owner.pid())
                .orElse("another narthex");
        return failed(
                DiagnosticCode.STATE_FOLDER_IN_USE,
                "the state folder " + root + " is used by " + who,
                "stop that one first, or choose another folder by --state");
    }

    private static Outcome<StateFolder> failed(DiagnosticCode code, String message, String remedy) {
        Diagnostic problem = Problems.of(code, message, remedy);
        return new Outcome.Failed<>(problem);
    }

    /** Returns the folder itself: absolute, without symbolic links. */
    public Path root() {
        return root;
    }

    /** Returns where Prometheus's configuration lies. */
    public Path config() {
        return root.resolve("config");
    }

    /** Returns where Prometheus's database lies. */
    public Path data() {
        return root.resolve("data");
    }

    /** Returns where the configuration lies that Prometheus took last. */
    public Path lastGood() {
        return root.resolve("last-good");
    }

    /** Returns the file that Prometheus writes its log to. */
    public Path log() {
        return root.resolve("prometheus.log");
    }

    RunRecord record() {
        return runFile.read();
    }

    void remember(Optional<RunRecord.Child> prometheus) throws IOException {
        runFile.write(runFile.read().withPrometheus(prometheus));
    }

    /** Gives the folder free. */
    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) {
            runFile.write(runFile.read().withOwner(Optional.empty()));
            lock.release();
        }
    }
}
