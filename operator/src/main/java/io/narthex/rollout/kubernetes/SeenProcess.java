package io.narthex.rollout.kubernetes;

import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.Unanswered;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Asks one process of Prometheus, and remembers what was seen of it, which another process doesn't inherit. */
final class SeenProcess {

    /**
     * So long, what a Prometheus shows of its configuration stays as it is unless it is asked to reload. It takes half a second
     * to tell that beside some thousand jobs, for which a change would wait: it is asked for at each heartbeat, and not when
     * something changes between two.
     */
    private static final Duration SHOWN = Pace.REMOTE.heartbeat().minusSeconds(1);

    /** The same where its last answer to a reload isn't known to be what it then did. */
    private static final Duration SHOWN_IN_DOUBT = Duration.ofSeconds(5);

    /** So long, one that was ready, or took a reload, is taken for ready. */
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    /** Stands for the digest of a file that was replaced; no digest is empty. */
    private static final String OUTDATED = "";

    private final String epoch;
    private final InstantSource clock;
    private final Unanswered unanswered = new Unanswered();
    private final Map<String, Arrival> arrivals = new HashMap<>();

    private volatile boolean wasReady;
    private SortedMap<String, Arrived> arrived = new TreeMap<>();
    private Instant readyAt = Instant.MIN;
    private Instant shownAt = Instant.MIN;
    private Optional<String> marker = Optional.empty();
    private Optional<LastReload> lastReload = Optional.empty();
    private Optional<ReloadAnswer> answer = Optional.empty();

    /**
     * Begins with one of which nothing was seen yet.
     *
     * @param epoch tells the process from others
     * @param clock tells how time passes
     */
    SeenProcess(String epoch, InstantSource clock) {
        this.epoch = epoch;
        this.clock = clock;
    }

    String epoch() {
        return epoch;
    }

    /** Returns whether it was ready and answered all that it was asked at the last look. */
    boolean isAnswering() {
        return wasReady && unanswered.reason().isEmpty();
    }

    /** Returns why it didn't answer at the last look; empty where it did. */
    Optional<String> silence() {
        return unanswered.reason();
    }

    /** Returns what the pod shows of the Secrets that arrived, by the listings' names. */
    Map<String, Arrival> arrivals() {
        return Collections.unmodifiableMap(arrivals);
    }

    /** Returns whether the newest version of all these arrived. */
    boolean hasAll(SortedMap<String, Listing> newest) {
        return newest.entrySet().stream()
                .allMatch(
                        listing -> isThere(listing.getKey(), listing.getValue().version()));
    }

    /** Begins another look: asks how it runs, unless it was ready a moment ago. */
    Run look(PrometheusClient prometheus) {
        Instant now = clock.instant();
        unanswered.clear();
        if (now.isBefore(readyAt.plus(TRUSTED))) {
            wasReady = true;
            return Run.READY;
        }
        Run run = run(prometheus);
        if (run == Run.READY) {
            wasReady = true;
            readyAt = now;
        }
        return run;
    }

    private Run run(PrometheusClient prometheus) {
        Answer<Readiness> readiness = prometheus.readiness();
        return switch (readiness) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> Run.READY;
            case Answer.Ok<Readiness>(Readiness.Starting starting) ->
                starting.isReplaying() ? Run.REPLAYING_WAL : Run.STARTING;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> Run.STARTING;
            case Answer.Unreachable<Readiness>(var obstacle, String reason)
            when obstacle == Answer.Obstacle.CONNECTION_REFUSED && !wasReady -> Run.STARTING;
            case Answer.Failure<Readiness> failed -> {
                unanswered.heard(readiness);
                yield Run.UNREACHABLE;
            }
        };
    }

    /**
     * Asks only for what isn't known to be there in its newest version, one by one: all lies in one volume, which the
     * kubelet replaces as a whole, so that of many one that is missing tells enough.
     *
     * @param newest the newest listings, by their names
     */
    void askForArrivals(PrometheusClient prometheus, SortedMap<String, Listing> newest) {
        boolean complete = true;
        boolean changed = false;
        for (var all = newest.entrySet().iterator(); complete && all.hasNext(); ) {
            Map.Entry<String, Listing> listing = all.next();
            String name = listing.getKey();
            String version = listing.getValue().version();
            if (!isThere(name, version)) {
                arrivals.remove(name);
                unanswered
                        .heard(prometheus.userAsset(name))
                        .flatMap(asset -> asset)
                        .ifPresent(bytes -> {
                            try {
                                arrivals.put(name, Arrival.parse(bytes));
                            } catch (IllegalArgumentException e) {
                                // What is something else isn't ours, and tells of no file.
                            }
                        });
                changed = true;
                complete = isThere(name, version);
            }
        }
        if (changed) {
            understandArrivals(newest);
        }
    }

    private boolean isThere(String name, String version) {
        Arrival there = arrivals.get(name);
        return there != null && there.version().equals(version);
    }

    /**
     * Says anew which files those are that arrived. What a pod shows is a stamp; which content that is, only the Secret's
     * listing tells, of its newest version.
     *
     * @param newest the newest listings, by their names
     */
    void understandArrivals(SortedMap<String, Listing> newest) {
        TreeMap<String, Arrived> files = new TreeMap<>();
        arrivals.forEach((name, arrival) -> arrival.stamps().forEach((path, stamp) -> {
            Listing.Entry entry =
                    newest.getOrDefault(name, Listing.EMPTY).files().get(path);
            if (entry != null && entry.stamp().equals(stamp)) {
                files.put(path, new Arrived(entry.digest(), stamp));
            } else {
                files.putIfAbsent(path, new Arrived(OUTDATED, stamp));
            }
        }));
        arrived = files;
    }

    /**
     * Asks which configuration it shows, unless that is known.
     *
     * @param markers those that may stand there; which other one stands there is of no use
     */
    void askForConfiguration(PrometheusClient prometheus, Set<String> markers) {
        Instant now = clock.instant();
        if (now.isBefore(shownAt.plus(isSettled() ? SHOWN : SHOWN_IN_DOUBT))) {
            return;
        }
        Optional<Optional<String>> holds = unanswered.heard(prometheus.loadedConfigHolds(markers));
        marker = holds.flatMap(found -> found);
        // Its metrics would tell the time of a reload more exactly than to the second, but are megabytes at some
        // thousand jobs. A reload that finishes in the very second of the one before is asked for once more.
        lastReload = unanswered
                .heard(prometheus.runtimeInfo())
                .map(info -> new LastReload(
                        info.reloadSuccessful(),
                        info.lastConfig().map(Instant::toString).orElse("")));
        shownAt = holds.isPresent() && lastReload.isPresent() ? now : Instant.MIN;
    }

    /** Whether it shows a configuration of ours and took its last reload. */
    private boolean isSettled() {
        return marker.isPresent()
                && answer.map(ReloadAnswer::outcome)
                        .filter(outcome -> !(outcome instanceof ReloadOutcome.Accepted))
                        .isEmpty();
    }

    /** Asks it to load what it sees; remembers its answer with the token. */
    void reload(PrometheusClient prometheus, long token) {
        ReloadOutcome outcome = outcome(prometheus.reload());
        answer = Optional.of(new ReloadAnswer(token, outcome));
        shownAt = Instant.MIN;
        if (outcome instanceof ReloadOutcome.Accepted) {
            readyAt = clock.instant();
        }
    }

    private static ReloadOutcome outcome(Answer<Boolean> said) {
        return switch (said) {
            case Answer.Ok<Boolean> loaded -> new ReloadOutcome.Accepted();
            case Answer.Refused<Boolean>(int status, String message)
            when status == 500 -> new ReloadOutcome.Refused(shortened(message));
            case Answer.Failure<Boolean> failed -> new ReloadOutcome.Unknown(failed.reason());
        };
    }

    private static String shortened(String message) {
        return message.replaceFirst(
                        "(?i)^failed to reload config: (?:couldn't load configuration )?(?:\\(--config\\.file=[^)]*\\): )?",
                        "")
                .replaceFirst(" \\(--config\\.file=\"[^\"]*\"\\)$", "")
                .replace(DeploymentFactory.LAYOUT.configDirectory() + "/", "")
                .strip();
    }

    /** Returns it as it was last seen: running so, in a pod of this key for restarts, where another process ended so before. */
    Instance instance(Run run, Optional<String> restartKey, Optional<Instance.Exit> exit) {
        return new Instance(
                run,
                epoch,
                restartKey,
                arrived,
                run == Run.READY ? marker : Optional.empty(),
                run == Run.READY ? lastReload : Optional.empty(),
                answer,
                exit);
    }
}
