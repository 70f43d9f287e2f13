package io.narthex.rollout;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.SecretValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@link Bundle} as the engine sees it: names and digests, no content.
 *
 * @param generation identifies the configuration files
 * @param marker the glob that a Prometheus shows which loaded this generation
 * @param index the digest of {@value #INDEX}
 * @param parts the digests of the files whose paths name their content, by path; published before the index
 * @param replaced the digests of the files that keep their paths when their content changes, by path; published with
 *     the index
 * @param credentials the digests of the credentials, by path; Prometheus reads them anew by itself
 * @param restartKey changes exactly when a restart is needed
 * @param startKey of what the files take for granted: which Prometheus, started with which flags. Where two releases have
 *     it in common a process that was started for the one can load the files of the other, though the restart key differs
 * @param retention what is kept
 */
public record Release(
        String generation,
        String marker,
        String index,
        SortedMap<String, String> parts,
        SortedMap<String, String> replaced,
        SortedMap<String, String> credentials,
        String restartKey,
        String startKey,
        Retention retention) {

    /** The path of the file that names all others. */
    public static final String INDEX = "prometheus.yml";

    public Release {
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
        replaced = Collections.unmodifiableSortedMap(new TreeMap<>(replaced));
        credentials = Collections.unmodifiableSortedMap(new TreeMap<>(credentials));
    }

    /** Returns the release that brings {@code bundle}. */
    public static Release of(Bundle bundle) {
        TreeMap<String, String> parts = new TreeMap<>();
        TreeMap<String, String> replaced = new TreeMap<>();
        for (BundleFile file : bundle.files().values()) {
            (file.isAddressedByContent() ? parts : replaced).put(file.path(), file.digest());
        }
        TreeMap<String, String> credentials = new TreeMap<>();
        bundle.credentials().forEach((path, value) -> credentials.put(path, digest(value)));
        return new Release(
                bundle.generation(),
                bundle.marker(),
                bundle.index().digest(),
                parts,
                replaced,
                credentials,
                bundle.restartKey(),
                bundle.restartKey() + " " + bundle.version(),
                bundle.retention());
    }

    /** Returns the digest by which the engine tells a credential's content from another's: SHA-256 in hexadecimal. */
    public static String digest(SecretValue value) {
        return HexFormat.of().formatHex(sha256().digest(value.reveal()));
    }

    /** Returns what identifies the configuration and the flags: what must be loaded and verified. */
    public String configuration() {
        return generation + "+" + restartKey;
    }

    /** Returns what identifies everything, credentials too: what was refused once isn't tried again. */
    public String id() {
        MessageDigest all = sha256();
        credentials.forEach(
                (path, digest) -> all.update((path + '\n' + digest + '\n').getBytes(StandardCharsets.UTF_8)));
        return configuration() + "+" + HexFormat.of().formatHex(all.digest(), 0, 8);
    }

    /** Returns the digests of the files to publish before the index, by path. */
    public SortedMap<String, String> beforeIndex() {
        TreeMap<String, String> files = new TreeMap<>(credentials);
        files.putAll(parts);
        return files;
    }

    /** Returns the digests of those files to publish before the index that {@code files}, by path, hold already. */
    SortedMap<String, String> publishedIn(Map<String, String> files) {
        SortedMap<String, String> published = beforeIndex();
        published.entrySet().removeIf(file -> !file.getValue().equals(files.get(file.getKey())));
        return published;
    }

    /** Returns the digests of the files to publish with the index, by path, the index last. */
    public SequencedMap<String, String> withIndex() {
        LinkedHashMap<String, String> files = new LinkedHashMap<>(replaced);
        files.put(INDEX, index);
        return files;
    }

    /** Returns the digest of every file, by path. */
    public SortedMap<String, String> files() {
        SortedMap<String, String> files = beforeIndex();
        files.putAll(withIndex());
        return files;
    }

    /**
     * Returns this release with newer credentials where both have one at the same path: a rollback of the
     * configuration must not bring back a password that was changed meanwhile.
     */
    public Release withCredentialsOf(Release newer) {
        TreeMap<String, String> merged = new TreeMap<>(credentials);
        merged.replaceAll((path, digest) -> newer.credentials.getOrDefault(path, digest));
        return new Release(generation, marker, index, parts, replaced, merged, restartKey, startKey, retention);
    }

    /** Returns this release with another restart key: that of what the driver makes of it. */
    public Release withRestartKey(String key) {
        return new Release(generation, marker, index, parts, replaced, credentials, key, startKey, retention);
    }

    /** Returns whether the files, by path, hold every part and credential of this release. */
    boolean partsIn(Map<String, String> files) {
        return holds(files, parts) && holds(files, credentials);
    }

    /** Returns whether the files, by path, hold the index of this release and what is published with it. */
    boolean indexIn(Map<String, String> files) {
        return index.equals(files.get(INDEX)) && holds(files, replaced);
    }

    /** Returns whether the files, by path, hold all of this release. */
    boolean completeIn(Map<String, String> files) {
        return indexIn(files) && partsIn(files);
    }

    private static boolean holds(Map<String, String> files, SortedMap<String, String> wanted) {
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            if (!file.getValue().equals(files.get(file.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Release[" + configuration() + "]";
    }
}
