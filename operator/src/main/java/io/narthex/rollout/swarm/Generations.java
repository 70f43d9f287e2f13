package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.Release;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which configs a server's generations need. A config never changes, so each generation has configs of its own for the
 * files that differ, though their paths stay the same.
 */
final class Generations {

    private Generations() {}

    /** Returns the names of the configs that a release mounts. */
    static Set<String> configs(SwarmNames names, Release release) {
        TreeSet<String> configs = new TreeSet<>();
        ServiceFactory.files(release).forEach((path, digest) -> configs.add(names.config(path, digest)));
        return configs;
    }

    /**
     * Returns the server's configs that none of its generations needs.
     *
     * @param swarm what there is
     * @param names the names of the server's objects
     * @param desired what ought to run
     * @param lastGood the release that was verified last
     * @param previous the names of the configs of the one before
     */
    static List<JsonNode> spare(
            SwarmSnapshot swarm,
            SwarmNames names,
            Optional<Release> desired,
            Optional<Release> lastGood,
            Set<String> previous) {
        Set<String> needed = new HashSet<>(previous);
        desired.ifPresent(release -> needed.addAll(configs(names, release)));
        lastGood.ifPresent(release -> needed.addAll(configs(names, release)));
        return swarm.configs().stream()
                .filter(config -> names.isOurs(config, "file") && !needed.contains(SwarmSnapshot.name(config)))
                .toList();
    }
}
