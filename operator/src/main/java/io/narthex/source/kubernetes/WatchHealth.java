package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which watches fail, and why: of a kind in one namespace, or in all. A failure is logged once, until something is heard
 * of the kind there again.
 */
public final class WatchHealth {

    private static final Logger LOG = LoggerFactory.getLogger(WatchHealth.class);

    /** A watch is begun anew every few minutes; that it is away for so long is no wonder. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private static final int FORBIDDEN = 403;

    private final InstantSource clock;
    private final Map<Subject, String> problems = new ConcurrentHashMap<>();
    private final Map<Object, Watch> watches = new ConcurrentHashMap<>();
    private final Map<Object, Instant> brokenSince = new ConcurrentHashMap<>();
    private final Map<Optional<String>, CompletableFuture<Void>> refused = new ConcurrentHashMap<>();

    /** What is watched: a kind in one namespace, or in all. */
    private record Subject(String kind, Optional<String> namespace) implements Comparable<Subject> {

        @Override
        public int compareTo(Subject other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return kind + namespace.map(name -> " of namespace " + name).orElse("");
        }
    }

    private record Watch(Subject subject, BooleanSupplier isOpen) {}

    /**
     * Makes one that knows of no watch.
     *
     * @param clock tells the time
     */
    public WatchHealth(InstantSource clock) {
        this.clock = clock;
    }

    /** Asks from now on whether a watch of a kind is open, once it was begun: a client begins it anew without a word. */
    void follow(Object watch, String kind, Optional<String> namespace, BooleanSupplier isOpen) {
        watches.put(watch, new Watch(new Subject(kind, namespace), isOpen));
    }

    /** No longer asks that: the watch is given up. */
    void forget(Object watch) {
        watches.remove(watch);
        brokenSince.remove(watch);
    }

    /** Says that a kind can't be watched in a namespace, or in all, and why. */
    public void failed(String kind, Optional<String> namespace, Throwable thrown) {
        Problem problem = Problem.of(thrown);
        Subject subject = new Subject(kind, namespace);
        String words = words(subject, problem);
        if (!words.equals(problems.put(subject, words))) {
            LOG.warn("{} can't be watched, trying again: {}", subject, words);
        }
        if (problem.code() == FORBIDDEN) {
            refused(namespace).complete(null);
        }
    }

    /** Says that something was heard of a kind in a namespace, or in all. */
    public void heard(String kind, Optional<String> namespace) {
        Subject subject = new Subject(kind, namespace);
        if (problems.remove(subject) != null) {
            LOG.info("{} is watched again", subject);
        }
    }

    /** Returns what is complete once the API server has said that something in a namespace may not be watched. */
    public CompletableFuture<Void> refused(Optional<String> namespace) {
        return refused.computeIfAbsent(namespace, n -> new CompletableFuture<>());
    }

    private static String words(Subject subject, Problem problem) {
        return switch (problem.code()) {
            case 401 -> "the API server doesn't know who asks; is the operator's service account there?";
            case FORBIDDEN ->
                "the operator may not list and watch " + subject.kind()
                        + subject.namespace()
                                .map(name -> " in namespace " + name
                                        + ", or there is no such namespace any more; a role there must allow that, or"
                                        + " --namespaces must leave it out")
                                .orElse(" here; its role must allow that, or --namespaces must name where it does");
            case 404 -> "the API server doesn't know it; are the custom resource definitions installed?";
            case 429 -> "the API server has too much to do";
            default -> problem.message().lines().findFirst().orElse("");
        };
    }

    /** What the API server answered, or 0 and why it didn't. */
    record Problem(int code, String message) {

        static Problem of(Throwable thrown) {
            Throwable problem = thrown;
            // An informer wraps what it met in what its futures throw.
            while (problem instanceof CompletionException && problem.getCause() != null) {
                problem = problem.getCause();
            }
            if (problem instanceof Refused refused) {
                return new Problem(refused.code(), String.valueOf(refused.getMessage()));
            }
            if (problem instanceof KubernetesClientException api) {
                return new Problem(api.getCode(), ApiServerWords.said(api));
            }
            return new Problem(0, String.valueOf(problem.getMessage()));
        }
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

    /** Returns what is wrong, by kind, of each namespace where it is; empty where all is well. */
    public Map<String, String> problems() {
        Map<Subject, String> all = new TreeMap<>(problems);
        Instant now = clock.instant();
        watches.forEach((key, watch) -> {
            if (watch.isOpen().getAsBoolean()) {
                brokenSince.remove(key);
            } else if (now.isAfter(brokenSince.computeIfAbsent(key, k -> now).plus(PAUSE))) {
                all.putIfAbsent(
                        watch.subject(),
                        "its watch broke off and isn't open again: the API server is away, or doesn't know the kind any"
                                + " more; are the custom resource definitions installed?");
            }
        });
        Map<String, String> byKind = new TreeMap<>();
        all.forEach((subject, words) -> byKind.merge(
                subject.kind(),
                subject.namespace().map(name -> name + ": ").orElse("") + words,
                (one, other) -> one + "; " + other));
        return byKind;
    }
}
