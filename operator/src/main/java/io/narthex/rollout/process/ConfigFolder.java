package io.narthex.rollout.process;

import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder that Prometheus reads. Knows what it wrote itself; whatever else lies there, or was changed by another,
 * counts as unknown content and is written again or deleted. For one thread.
 */
final class ConfigFolder {

    private static final String UNKNOWN = "unknown";

    private final Path folder;
    private final Map<String, Written> written = new HashMap<>();
    private long writes;

    private record Written(String digest, String stamp) {}

    ConfigFolder(Path folder) {
        this.folder = folder;
    }

    /** Returns all files, by path below the folder. */
    SortedMap<String, Arrived> look() throws IOException {
        TreeMap<String, Arrived> files = new TreeMap<>();
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.toList();
        }
        for (Path file : all) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!attributes.isDirectory()) {
                    String path = folder.relativize(file).toString();
                    String stamp = stamp(attributes);
                    Written mine = written.get(path);
                    String digest = mine != null && mine.stamp().equals(stamp) ? mine.digest() : UNKNOWN;
                    files.put(path, new Arrived(digest, stamp));
                }
            } catch (NoSuchFileException e) {
                // Deleted by another since the walk: it isn't there.
            }
        }
        return files;
    }

    /** Returns a name for the number of writes so far. */
    String version() {
        return Long.toString(writes);
    }

    /** Writes those of the files that aren't there with this content, in their order; each at once or not at all. */
    void publish(SequencedMap<String, String> wanted, Content content) throws IOException {
        SortedMap<String, Arrived> there = look();
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            String path = file.getKey();
            String digest = file.getValue();
            Arrived found = there.get(path);
            if (found != null && found.digest().equals(digest)) {
                continue;
            }
            Path target = folder.resolve(path);
            Path fresh = target.resolveSibling("." + target.getFileName() + ".new");
            if (!content.write(path, digest, fresh)) {
                throw new IOException("the content of " + path + " isn't at hand");
            }
            writes++;
            written.remove(path);
            PrivateFiles.replace(fresh, target);
            written.put(
                    path,
                    new Written(
                            digest,
                            stamp(Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS))));
        }
    }

    /** Deletes every file that the release doesn't name. */
    void prune(Release release, Set<String> spared) throws IOException {
        SortedMap<String, String> named = release.files();
        for (String path : look().keySet()) {
            if (!named.containsKey(path) && !spared.contains(path)) {
                writes++;
                written.remove(path);
                Files.deleteIfExists(folder.resolve(path));
            }
        }
    }

    private static String stamp(BasicFileAttributes attributes) {
        return attributes.fileKey() + "/" + attributes.lastModifiedTime().toInstant() + "/" + attributes.size();
    }
}
