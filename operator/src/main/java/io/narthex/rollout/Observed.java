package io.narthex.rollout;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a driver saw of the world at one time. Anything may be unknown; nothing may be guessed.
 *
 * @param kept what is kept durably; empty where it couldn't be read
 * @param instances all instances that ought to run, by name
 * @param failure why this driver's last action failed; empty where it didn't
 * @param check the static check's last answer; empty where none was asked
 * @param search the culprit search's last answer; empty where there is none yet
 */
public record Observed(
        Optional<Kept> kept,
        SortedMap<String, Instance> instances,
        Optional<String> failure,
        Optional<Checked> check,
        Optional<Found> search) {

    public Observed {
        instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
    }

    /**
     * What outlives the operator.
     *
     * @param version changes with every write; a write that expects another version is refused by the driver
     * @param files the digests of the published files, by path
     * @param lastGood the release that was verified last, of which a complete copy is kept; empty before the first
     * @param refusal the refusal noted last; empty where there is none
     */
    public record Kept(
            String version, SortedMap<String, String> files, Optional<Release> lastGood, Optional<Refusal> refusal) {

        public Kept {
            files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        }
    }

    /**
     * The static check's answer.
     *
     * @param release the {@link Release#id()} that was checked
     * @param refusal why it is refused; empty where it passed, or where no check is at hand
     */
    public record Checked(String release, Optional<String> refusal) {}

    /**
     * The culprit search's answer.
     *
     * @param release the {@link Release#id()} that was searched
     * @param culprits who is guilty; empty where it couldn't be told
     */
    public record Found(String release, List<Culprit> culprits) {
        public Found {
            culprits = List.copyOf(culprits);
        }
    }
}
