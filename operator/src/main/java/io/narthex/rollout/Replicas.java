package io.narthex.rollout;

import io.narthex.rollout.Instance.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** The instances as they are seen now, and since when each hasn't served. */
final class Replicas {

    private final SortedMap<String, Instance> instances;
    private final Map<String, Instant> awaySince = new HashMap<>();
    private final Duration absence;
    private final Instant now;

    Replicas(SortedMap<String, Instance> instances, Map<String, Instant> awayBefore, Duration absence, Instant now) {
        this.instances = instances;
        this.absence = absence;
        this.now = now;
        instances.forEach((name, instance) -> {
            if (instance.run() != Run.READY) {
                awaySince.put(name, awayBefore.getOrDefault(name, now));
            }
        });
    }

    SortedMap<String, Instance> all() {
        return instances;
    }

    Optional<Instance> find(String name) {
        return Optional.ofNullable(instances.get(name));
    }

    Map<String, Instant> awaySince() {
        return awaySince;
    }

    Run runOf(String name) {
        return find(name).map(Instance::run).orElse(Run.UNREACHABLE);
    }

    boolean isReady(String name) {
        return runOf(name) == Run.READY;
    }

    /** Returns whether it hasn't served for so long that nobody is to wait for it. */
    boolean isAway(String name) {
        Instant since = awaySince.get(name);
        return since != null && !now.isBefore(since.plus(absence));
    }

    boolean areAway(Set<String> names) {
        return !names.isEmpty() && names.stream().allMatch(this::isAway);
    }

    Optional<Instance.Exit> exit(String name) {
        return find(name).flatMap(Instance::exit);
    }

    String stamps(String name, Release release) {
        return find(name).map(instance -> instance.stamps(release)).orElse("");
    }

    /** Returns those that serve and don't see all of these files. */
    SortedSet<String> blindTo(SortedMap<String, String> files) {
        SortedSet<String> blind = new TreeSet<>();
        instances.forEach((name, instance) -> {
            if (instance.run() == Run.READY && !instance.sees(files)) {
                blind.add(name);
            }
        });
        return blind;
    }
}
