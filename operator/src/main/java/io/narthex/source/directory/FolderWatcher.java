package io.narthex.source.directory;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a folder declares, at once and then after every change: files made, changed, renamed, removed, saved by
 * way of a second file, the folder itself gone and back.
 *
 * <p>The operating system's notices only say when to look; what changed is found by reading. So a lost notice, or a
 * file system that gives none, costs time and nothing else: the folder is looked at every {@link #RESCAN} in any case.
 */
public final class FolderWatcher implements AutoCloseable {

    /** How long a change may go unnoticed where the file system gives no notice of it. */
    public static final Duration RESCAN = Duration.ofSeconds(2);

    /** An editor's save is several changes; the folder is read once it was quiet for this long. */
    private static final Duration QUIET = Duration.ofMillis(15);
    /** It is read even if it is never quiet. */
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** A file that doesn't parse may be half-written: it gets this long to become whole before anybody is told. */
    private static final Duration HALF_WRITTEN = Duration.ofMillis(120);

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatcher.class);

    private final FolderSource source;
    private final Consumer<FolderSnapshot> listener;
    private final @Nullable WatchService notices;
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable FolderSnapshot told;

    private FolderWatcher(FolderSource source, Consumer<FolderSnapshot> listener, @Nullable WatchService notices) {
        this.source = source;
        this.listener = listener;
        this.notices = notices;
        this.thread = Thread.ofPlatform().name("folder-watcher").daemon().unstarted(this::loop);
    }

    /**
     * Starts watching.
     *
     * @param source reads the folder; from now on used by the watcher's thread alone
     * @param listener is told the first snapshot and each that differs from the one before, on the watcher's thread
     */
    public static FolderWatcher start(FolderSource source, Consumer<FolderSnapshot> listener) {
        FolderWatcher watcher = new FolderWatcher(source, listener, openNotices(source.root()));
        watcher.thread.start();
        return watcher;
    }

    private static @Nullable WatchService openNotices(Path root) {
        try {
            return root.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn(
                    "no notices of changes from the file system ({}): looking at {} every {} s instead",
                    e.getMessage(),
                    root,
                    RESCAN.toSeconds());
            return null;
        }
    }

    /** Stops watching; returns once the listener isn't called any more. */
    @Override
    public void close() {
        closed = true;
        if (notices != null) {
            try {
                notices.close();
            } catch (IOException e) {
                LOG.debug("closing the file system's notices failed", e);
            }
        }
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void loop() {
        boolean noticed = true;
        while (!closed) {
            try {
                look(noticed);
                noticed = awaitNotice(RESCAN);
                if (noticed) {
                    awaitQuiet();
                }
            } catch (InterruptedException | ClosedWatchServiceException e) {
                return;
            } catch (RuntimeException | StackOverflowError e) {
                // One bad moment must not end the watch; the next look is soon.
                LOG.error("looking at {} failed; trying again", source.root(), e);
                noticed = false;
            }
        }
    }

    private void look(boolean noticed) throws InterruptedException {
        FolderSnapshot now = source.read();
        // Watches are set after the look that found the folders, so what fell between is found by one more.
        if (watchFolders()) {
            now = source.read();
        }
        if (noticed && told != null && hasNewProblems(now)) {
            awaitNotice(HALF_WRITTEN);
            now = source.read();
        }
        tell(now);
    }

    private boolean hasNewProblems(FolderSnapshot now) {
        FolderSnapshot before = told;
        return before != null && !before.diagnostics().containsAll(now.diagnostics());
    }

    // The source returns the same instance for the same content.
    @SuppressWarnings("ReferenceEquality")
    private void tell(FolderSnapshot now) {
        if (now != told && !closed) {
            told = now;
            listener.accept(now);
        }
    }

    /** Watches the folders that there are now, and the one that holds the root. Returns whether there are new ones. */
    private boolean watchFolders() {
        if (notices == null) {
            return false;
        }
        Set<Path> wanted = new LinkedHashSet<>(source.folders());
        Optional.ofNullable(source.root().toAbsolutePath().getParent()).ifPresent(wanted::add);
        watched.entrySet().removeIf(entry -> {
            boolean stale =
                    !wanted.contains(entry.getKey()) || !entry.getValue().isValid();
            if (stale) {
                entry.getValue().cancel();
            }
            return stale;
        });
        boolean added = false;
        for (Path folder : wanted) {
            if (!watched.containsKey(folder)) {
                added |= watch(folder, notices);
            }
        }
        return added;
    }

    private boolean watch(Path folder, WatchService service) {
        try {
            watched.put(
                    folder,
                    folder.register(
                            service,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE));
            return true;
        } catch (IOException e) {
            // Gone again, or too many watches for this machine: the regular look finds its changes.
            LOG.debug("no notices of changes in {}: {}", folder, e.getMessage());
            return false;
        }
    }

    /** Waits for a change that could matter, at most {@code limit}. Returns whether there was one. */
    private boolean awaitNotice(Duration limit) throws InterruptedException {
        if (notices == null) {
            TimeUnit.NANOSECONDS.sleep(limit.toNanos());
            return false;
        }
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            WatchKey key = notices.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (key == null) {
                return false;
            }
            if (concernsUs(key)) {
                return true;
            }
        }
    }

    private void awaitQuiet() throws InterruptedException {
        if (notices == null) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        WatchKey key;
        do {
            key = notices.poll(QUIET.toNanos(), TimeUnit.NANOSECONDS);
            if (key != null) {
                concernsUs(key);
            }
        } while (key != null && System.nanoTime() < deadline);
    }

    /** Takes the key's events; returns whether one speaks of what we read. Prometheus's own files never do. */
    private boolean concernsUs(WatchKey key) {
        boolean concerns = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            concerns |= !(event.context() instanceof Path name
                    && key.watchable() instanceof Path folder
                    && isForeign(folder, name));
        }
        if (!key.reset()) {
            // The folder is gone.
            concerns = true;
        }
        return concerns;
    }

    /** Beside the root, only the root itself matters; in it, no dot folder but the credentials'. */
    private boolean isForeign(Path folder, Path name) {
        if (!source.folders().contains(folder)) {
            return !folder.resolve(name).equals(source.root().toAbsolutePath());
        }
        String text = name.toString();
        return text.startsWith(".") && !text.equals(FolderScan.SECRETS) && !text.equals("..data");
    }
}
