package io.narthex.rollout;

import io.narthex.rollout.Instance.Run;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What keeps each instance from being proved to run a release. */
final class Needs {

    private final Release goal;
    private final Delivery delivery;
    private final Replicas replicas;
    private final Proofs proofs;

    final SortedSet<String> stopped = new TreeSet<>();
    final SortedSet<String> coming = new TreeSet<>();
    final SortedSet<String> outdated = new TreeSet<>();
    final SortedSet<String> blind = new TreeSet<>();
    final SortedSet<String> pending = new TreeSet<>();
    final SortedSet<String> reload = new TreeSet<>();
    final SortedSet<String> unclear = new TreeSet<>();

    private Needs(Release goal, Delivery delivery, Replicas replicas, Proofs proofs) {
        this.goal = goal;
        this.delivery = delivery;
        this.replicas = replicas;
        this.proofs = proofs;
    }

    static Needs of(Release goal, Delivery delivery, Replicas replicas, Proofs proofs) {
        Needs needs = new Needs(goal, delivery, replicas, proofs);
        replicas.all().forEach(needs::look);
        return needs;
    }

    private void look(String name, Instance instance) {
        Run run = instance.run();
        if (run == Run.STOPPED) {
            stopped.add(name);
        } else if (run == Run.UNREACHABLE || instance.restartKey().isEmpty()) {
            unclear.add(name);
        } else if (!instance.restartKey().get().equals(goal.restartKey())
                || (delivery == Delivery.AT_START && !instance.sees(goal))) {
            outdated.add(name);
        } else if (run != Run.READY) {
            coming.add(name);
        } else if (delivery == Delivery.AT_START) {
            sight(name, instance);
        } else {
            lookAtFiles(name, instance);
        }
    }

    /** Of one that can't see other files than those that it was started with, the marker is proof. */
    private void sight(String name, Instance instance) {
        if (instance.lastReload().isEmpty() || instance.marker().isEmpty()) {
            unclear.add(name);
        } else if (!instance.marker().get().equals(goal.marker())
                || !instance.lastReload().get().successful()) {
            outdated.add(name);
        }
    }

    private void lookAtFiles(String name, Instance instance) {
        if (!instance.sees(goal)) {
            blind.add(name);
            return;
        }
        switch (proofs.of(name, instance, goal)) {
            case THERE -> {}
            case PENDING -> pending.add(name);
            case MISSING -> reload.add(name);
            case UNCLEAR -> unclear.add(name);
        }
    }

    boolean onlyOutdated() {
        return stopped.isEmpty()
                && coming.isEmpty()
                && blind.isEmpty()
                && pending.isEmpty()
                && reload.isEmpty()
                && unclear.isEmpty();
    }

    boolean isOnlyLoads() {
        return stopped.isEmpty() && coming.isEmpty() && outdated.isEmpty();
    }

    boolean isNone() {
        return onlyOutdated() && outdated.isEmpty();
    }

    /**
     * Returns whether what is waited for isn't likely to come about soon.
     *
     * @param failed whether the last action failed
     */
    boolean isStuck(boolean failed) {
        Set<String> absent = new HashSet<>(replicas.all().keySet());
        absent.removeIf(name -> replicas.isReady(name) && !unclear.contains(name));
        return absent.isEmpty() ? !outdated.isEmpty() && failed : replicas.areAway(absent);
    }

    /**
     * Returns what keeps those that serve from being proved to run the goal's files, those included that are to be replaced;
     * empty where none serves, or one can't load the files before it is replaced.
     */
    Optional<Needs> ofServing(Optional<Release> lastGood) {
        Needs serving = new Needs(goal, delivery, replicas, proofs);
        serving.blind.addAll(blind);
        serving.pending.addAll(pending);
        serving.reload.addAll(reload);
        boolean serves = false;
        for (Map.Entry<String, Instance> entry : replicas.all().entrySet()) {
            Instance instance = entry.getValue();
            if (instance.run() != Run.READY) {
                continue;
            }
            serves = true;
            if (outdated.contains(entry.getKey())) {
                if (!mayLoad(instance, lastGood)) {
                    return Optional.empty();
                }
                serving.lookAtFiles(entry.getKey(), instance);
            }
        }
        return serves ? Optional.of(serving) : Optional.empty();
    }

    /** Whether one that is to be replaced was started with all that the goal's files take for granted. */
    private boolean mayLoad(Instance instance, Optional<Release> lastGood) {
        return delivery == Delivery.WHILE_RUNNING
                && lastGood.filter(good -> instance.restartKey().equals(Optional.of(good.restartKey()))
                                && good.startKey().equals(goal.startKey()))
                        .isPresent();
    }
}
