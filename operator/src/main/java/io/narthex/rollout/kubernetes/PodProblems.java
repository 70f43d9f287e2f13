package io.narthex.rollout.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Says in words what keeps a server's pods from running, and what is written from arriving in them. */
final class PodProblems {

    /** A StatefulSet that makes no pod for so long can't. */
    private static final Duration MAKES_PODS = Duration.ofSeconds(10);

    private final ObjectNames names;
    private final ManagedObjects objects;
    private final InstantSource clock;
    private final Desired desired;
    private final ServerPods pods;

    /** Since when a pod was found not to be there that the StatefulSet is to make. */
    private final Map<String, Instant> missing = new ConcurrentHashMap<>();

    /** Why what is written arrives late, by pod, as of the last look. */
    private volatile Map<String, String> late = Map.of();

    PodProblems(ObjectNames names, ManagedObjects objects, InstantSource clock, Desired desired, ServerPods pods) {
        this.names = names;
        this.objects = objects;
        this.clock = clock;
        this.desired = desired;
        this.pods = pods;
    }

    /**
     * Notes where what is written arrives late, after a look at the pods.
     *
     * @param newest the newest listings of what is written, by their names
     * @param notNudged why pods can't be nudged, by pod
     */
    void noteLate(SortedMap<String, Listing> newest, Map<String, String> notNudged) {
        Map<String, String> reasons = new HashMap<>();
        notNudged.forEach((pod, reason) -> {
            if (pods.seen(pod).filter(known -> !known.hasAll(newest)).isPresent()) {
                reasons.put(
                        pod,
                        "the kubelet brings what was written only when it looks at the pod again, within some minutes,"
                                + " since the operator can't tell it to (patch of pods/status): " + reason);
            }
        });
        late = Map.copyOf(reasons);
    }

    /** Returns what there is to say, by pod. From any thread. */
    SortedMap<String, String> all() {
        TreeMap<String, String> problems = new TreeMap<>();
        boolean isSet = objects.statefulSet(names).isPresent();
        int replicas = desired.replicas();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            Optional<PodView> there = pods.view(name);
            if (there.isPresent()) {
                missing.remove(name);
            } else if (isSet && isLate(missing.computeIfAbsent(name, n -> clock.instant()))) {
                problems.put(
                        name,
                        "the StatefulSet makes no pod; kubectl describe statefulset " + names.statefulSet() + " -n "
                                + names.namespace() + " says why, such as a quota or Pod Security");
                continue;
            }
            there.flatMap(pod -> pod.problem(clock.instant()))
                    .or(() -> pods.seen(name).flatMap(SeenProcess::silence))
                    .or(() -> Optional.ofNullable(late.get(name)))
                    .ifPresent(problem -> problems.put(name, problem));
        }
        return problems;
    }

    private boolean isLate(Instant since) {
        return clock.instant().isAfter(since.plus(MAKES_PODS));
    }
}
