package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which watches fail, and why. A failure is logged once, until something is heard again. */
public final class WatchHealth {

    private static final Logger LOG = LoggerFactory.getLogger(WatchHealth.class);

    /** A watch is begun anew every few minutes; that it is away for so long is no wonder. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<String, String> problems = new ConcurrentHashMap<>();
    private final Map<Object, Watch> watches = new ConcurrentHashMap<>();
    private final Map<Object, Instant> brokenSince = new ConcurrentHashMap<>();

    private record Watch(String kind, BooleanSupplier isOpen) {}

    /**
     * Makes one that knows of no watch.
     *
     * @param clock tells the time
     */
    public WatchHealth(InstantSource clock) {
        this.clock = clock;
    }

    /** Asks from now on whether a watch of a kind is open, once it was begun: a client begins it anew without a word. */
    void follow(Object watch, String kind, BooleanSupplier isOpen) {
        watches.put(watch, new Watch(kind, isOpen));
    }

    /** No longer asks that: the watch is given up. */
    void forget(Object watch) {
        watches.remove(watch);
        brokenSince.remove(watch);
    }

    /** Says that a kind can't be watched, and why. */
    public void failed(String kind, Throwable problem) {
        String words = words(kind, problem);
        if (!words.equals(problems.put(kind, words))) {
            LOG.warn("{} can't be watched, trying again: {}", kind, words);
        }
    }

    /** Says that something was heard of a kind. */
    public void heard(String kind) {
        if (problems.remove(kind) != null) {
            LOG.info("{} is watched again", kind);
        }
    }

    /** What the client throws says in half a page what stands in the API server's answer. */
    static String words(String kind, int code, String message) {
        return switch (code) {
            case 401 -> "the API server doesn't know who asks; is the operator's service account there?";
            case 403 ->
                "the operator may not list and watch " + kind
                        + " here; its role must allow that, or --namespaces must name where it does";
            case 404 -> "the API server doesn't know it; are the custom resource definitions installed?";
            case 429 -> "the API server has too much to do";
            default -> message.lines().findFirst().orElse("");
        };
    }

    private static String words(String kind, Throwable thrown) {
        Throwable problem = thrown;
        // An informer wraps what it met in what its futures throw.
        while (problem instanceof CompletionException && problem.getCause() != null) {
            problem = problem.getCause();
        }
        if (problem instanceof Refused refused) {
            return words(kind, refused.code(), String.valueOf(refused.getMessage()));
        }
        if (problem instanceof KubernetesClientException api) {
            String said = api.getStatus() != null && api.getStatus().getMessage() != null
                    ? api.getStatus().getMessage()
                    : String.valueOf(
                            api.getCause() == null
                                    ? api.getMessage()
                                    : api.getCause().getMessage());
            return words(kind, api.getCode(), said);
        }
        return words(kind, 0, String.valueOf(problem.getMessage()));
    }

    /** The API server's refusal of a request that is none of the client's. */
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final int code;

        Refused(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /** Returns what is wrong, by kind; empty where all is well. */
    public Map<String, String> problems() {
        Map<String, String> all = new TreeMap<>(problems);
        Instant now = clock.instant();
        watches.forEach((key, watch) -> {
            if (watch.isOpen().getAsBoolean()) {
                brokenSince.remove(key);
            } else if (now.isAfter(brokenSince.computeIfAbsent(key, k -> now).plus(PAUSE))) {
                all.putIfAbsent(
                        watch.kind(),
                        "its watch broke off and isn't open again: the API server is away, or doesn't know the kind any"
                                + " more; are the custom resource definitions installed?");
            }
        });
        return all;
    }
}
