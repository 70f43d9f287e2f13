package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Has kubelets bring what was written: a kubelet looks at a pod's volumes at once when the pod's object changes, else once a
 * minute or so. For one thread.
 */
final class PodNudges {

    /** A nudge that follows another sooner wouldn't find the kubelet idle. */
    private static final Duration BETWEEN = Duration.ofMillis(300);

    /** No kubelet has files arrive sooner after a nudge. */
    private static final Duration EARLIEST = Duration.ofMillis(80);

    private final ObjectNames names;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final QuietWrites quiet;
    private final Map<String, Instant> nudgedAt = new HashMap<>();
    private final Map<String, String> refused = new HashMap<>();
    private Instant arriveFrom = Instant.MIN;

    PodNudges(KubernetesClient client, ObjectNames names, InstantSource clock, RandomGenerator random) {
        this.names = names;
        this.clock = clock;
        this.random = random;
        this.quiet = new QuietWrites(client);
    }

    /** Nudges all that run, whenever they were nudged before: something was just written. */
    void nudgeAll(Collection<String> pods) throws InterruptedException {
        nudgedAt.clear();
        arriveFrom = clock.instant().plus(EARLIEST);
        for (String pod : pods) {
            nudge(pod);
        }
    }

    /** Returns whether what was just written may have arrived in a pod. */
    boolean mayHaveArrived() {
        return !clock.instant().isBefore(arriveFrom);
    }

    /** Forgets all about other pods than these. */
    void retain(Set<String> pods) {
        nudgedAt.keySet().retainAll(pods);
        refused.keySet().retainAll(pods);
    }

    /** Returns why a pod can't be nudged, by pod; what is written arrives all the same, later. */
    Map<String, String> refused() {
        return refused;
    }

    /** Has the kubelet look at a pod, unless it was made to a moment ago. */
    void nudge(String pod) throws InterruptedException {
        Instant now = clock.instant();
        Instant last = nudgedAt.get(pod);
        if (last != null && now.isBefore(last.plus(BETWEEN))) {
            return;
        }
        nudgedAt.put(pod, now);
        try {
            quiet.merge(
                    names.namespace(),
                    "pods/" + pod + "/status",
                    Json.annotate(ObjectNames.NUDGE, HexFormat.of().toHexDigits(random.nextLong())));
            refused.remove(pod);
        } catch (KubernetesClientException e) {
            refused.put(pod, ApiServerWords.of(e));
        }
    }
}
