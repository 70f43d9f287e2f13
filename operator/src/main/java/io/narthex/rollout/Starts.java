package io.narthex.rollout;

import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.RolloutState.Started;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The starts that were asked for, and which of them came to nothing. */
final class Starts {

    private final Map<String, Started> started;
    private final Replicas replicas;

    /** A start after which the process ended. */
    record Failure(String name, Started start, Instance instance, Instance.Exit exit) {

        /** What a process refused is known only if nobody wrote since it was started, or if that couldn't reach it. */
        boolean isJudgementOf(Release release, Observed.Kept kept, Delivery delivery) {
            if (!exit.configRefused()) {
                return false;
            }
            if (delivery == Delivery.AT_START) {
                return instance.sees(release);
            }
            return start.version().equals(kept.version())
                    && release.completeIn(kept.files())
                    && start.stamps().equals(instance.stamps(release))
                    && (instance.arrived().isEmpty() || instance.sees(release));
        }
    }

    Starts(Map<String, Started> before, Replicas replicas) {
        started = new HashMap<>(before);
        this.replicas = replicas;
    }

    Map<String, Started> all() {
        return started;
    }

    /** Notes that one is started for a release, while what is kept has this version. */
    void remember(String name, Release release, String version) {
        String exitBefore = replicas.exit(name).map(Instance.Exit::epoch).orElse("");
        started.put(name, new Started(release.id(), exitBefore, version, replicas.stamps(name, release)));
    }

    /** Forgets what serves or is gone; returns the starts for this release after which the process ended. */
    List<Failure> takeFailures(Release release) {
        List<Failure> failures = new ArrayList<>();
        new TreeMap<>(started).forEach((name, start) -> {
            Instance instance = replicas.find(name).orElse(null);
            if (instance == null || instance.run() == Run.READY) {
                started.remove(name);
                return;
            }
            Optional<Instance.Exit> exit = instance.exit()
                    .filter(e -> instance.run() == Run.STOPPED && !e.epoch().equals(start.exitBefore()));
            if (exit.isPresent() && start.release().equals(release.id())) {
                failures.add(new Failure(name, start, instance, exit.get()));
            }
        });
        return failures;
    }
}
