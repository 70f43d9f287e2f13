package io.narthex.rollout;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was seen of one Prometheus.
 *
 * @param run how far it is
 * @param epoch identifies the process, such as by pid and start time; empty while stopped or unreachable
 * @param restartKey the {@link Release#restartKey()} that it was started with; empty where unknown
 * @param arrived the files that it sees, by path; empty also where that is unknown
 * @param marker the generation marker in its loaded configuration; empty where unknown or absent
 * @param lastReload what its metrics say of its last reload; empty where unknown
 * @param reload the answer to the last reload that this driver asked for; empty while there is none
 * @param exit how its last process ended; empty where none did or it is unknown
 */
public record Instance(
        Run run,
        String epoch,
        Optional<String> restartKey,
        SortedMap<String, Arrived> arrived,
        Optional<String> marker,
        Optional<LastReload> lastReload,
        Optional<ReloadAnswer> reload,
        Optional<Exit> exit) {

    public Instance {
        arrived = Collections.unmodifiableSortedMap(new TreeMap<>(arrived));
    }

    /** How far a Prometheus is. */
    public enum Run {
        /** There is no process. */
        STOPPED,
        /** There is one, which isn't ready yet. */
        STARTING,
        /** It reads its write-ahead log, which takes as long as it takes. */
        REPLAYING_WAL,
        /** It answers {@code /-/ready}. */
        READY,
        /** Nothing can be said. */
        UNREACHABLE
    }

    /**
     * A file as an instance sees it.
     *
     * @param digest the content's digest
     * @param stamp another one each time that the file is written where it wasn't, even with the same content
     */
    public record Arrived(String digest, String stamp) {}

    /**
     * What metrics say of the last reload, at start or later.
     *
     * @param successful {@code prometheus_config_last_reload_successful}
     * @param succeededAt {@code prometheus_config_last_reload_success_timestamp_seconds}, in whatever form tells one time
     *     from another; empty where none succeeded
     */
    public record LastReload(boolean successful, String succeededAt) {}

    /**
     * The answer to a reload.
     *
     * @param token the {@link Action.Reload#token()} that it answers
     * @param outcome the answer
     */
    public record ReloadAnswer(long token, ReloadOutcome outcome) {}

    /** What came of a reload. */
    public sealed interface ReloadOutcome {
        /** Prometheus said that it loaded everything. */
        record Accepted() implements ReloadOutcome {}

        /**
         * Prometheus said that it refuses the configuration or a part of it.
         *
         * @param message what it said
         */
        record Refused(String message) implements ReloadOutcome {}

        /**
         * There is no answer to rely on.
         *
         * @param message why
         */
        record Unknown(String message) implements ReloadOutcome {}
    }

    /**
     * The end of a process.
     *
     * @param epoch the process
     * @param configRefused whether it ended because it refused its configuration or flags
     * @param message its last words
     */
    public record Exit(String epoch, boolean configRefused, String message) {}

    boolean sees(SortedMap<String, String> files) {
        return files.entrySet().stream().allMatch(file -> {
            Arrived there = arrived.get(file.getKey());
            return there != null && there.digest().equals(file.getValue());
        });
    }

    boolean sees(Release release) {
        return sees(release.files());
    }

    /** Returns what changes when any file of the release was written, though with the same content. */
    String stamps(Release release) {
        StringBuilder all = new StringBuilder();
        release.parts().keySet().forEach(path -> appendStamp(all, path));
        release.withIndex().keySet().forEach(path -> appendStamp(all, path));
        return all.toString();
    }

    private void appendStamp(StringBuilder all, String path) {
        Arrived there = arrived.get(path);
        all.append(there == null ? "-" : there.stamp()).append(' ');
    }
}
