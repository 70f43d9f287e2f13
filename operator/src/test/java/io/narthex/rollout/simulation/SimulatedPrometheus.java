package io.narthex.rollout.simulation;

import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Exit;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One Prometheus: a process, the files that it sees, what it loaded from them, its samples. Its {@code truth} methods
 * tell what an observer can't know.
 */
final class SimulatedPrometheus {

    private static final Instant NEVER = Instant.MAX;
    /** What a process may delete without anybody noticing: it grew while something longer ran for a moment. */
    private static final Duration NEGLIGIBLE = Duration.ofHours(1);

    /** What a process took from the files that it saw. A part that wasn't there is missing without a word. */
    private record Loaded(Release release, SortedMap<String, String> files) {
        boolean isAllOf(Release wanted) {
            return release.index().equals(wanted.index())
                    && wanted.parts().entrySet().stream().allMatch(this::holds)
                    && wanted.replaced().entrySet().stream().allMatch(this::holds);
        }

        private boolean holds(Map.Entry<String, String> file) {
            return file.getValue().equals(files.get(file.getKey()));
        }
    }

    private final Wishes wishes;
    private final SplittableRandom random;
    private final boolean restartsByItself;

    private SortedMap<String, Arrived> view = new TreeMap<>();
    private Run run = Run.STOPPED;
    private int epoch;
    private String flags = "";
    private @Nullable Loaded loaded;
    private boolean lastReload = true;
    private int loads;
    private @Nullable Exit exit;
    private @Nullable ReloadAnswer answer;
    private Instant next = NEVER;
    private Instant oldestSample;
    private Instant reloadEnds = NEVER;
    private long reloadToken;
    private boolean reloadAnswered;
    private Instant syncs = NEVER;
    private int crashes;

    SimulatedPrometheus(Wishes wishes, SplittableRandom random, boolean restartsByItself, Instant oldestSample) {
        this.wishes = wishes;
        this.random = random;
        this.restartsByItself = restartsByItself;
        this.oldestSample = oldestSample;
    }

    // What happens to it.

    /** Makes it see these files. */
    void see(SortedMap<String, Arrived> files) {
        view = new TreeMap<>(files);
    }

    void syncAt(Instant when) {
        if (when.isBefore(syncs)) {
            syncs = when;
        }
    }

    /** Starts it where it is stopped, with what it sees. */
    void start(String withFlags, Instant now) {
        if (run == Run.STOPPED) {
            flags = withFlags;
            begin(now);
        }
    }

    void restart(String withFlags, Instant now) {
        end(false, "stopped", now);
        flags = withFlags;
        crashes = 0;
        begin(now);
    }

    void crash(Instant now) {
        if (run != Run.STOPPED) {
            end(false, "killed", now);
        }
    }

    private void begin(Instant now) {
        epoch++;
        loaded = null;
        lastReload = true;
        answer = null;
        reloadEnds = NEVER;
        if (Wishes.hangs(flags)) {
            run = Run.STARTING;
            next = NEVER;
            return;
        }
        run = random.nextInt(3) == 0 ? Run.REPLAYING_WAL : Run.STARTING;
        next = now.plusMillis(run == Run.STARTING ? 50L + random.nextInt(2000) : 1000L + random.nextInt(120_000));
    }

    private void end(boolean configRefused, String message, Instant now) {
        if (run != Run.STOPPED) {
            exit = new Exit(Integer.toString(epoch), configRefused, message);
        }
        run = Run.STOPPED;
        loaded = null;
        answer = null;
        reloadEnds = NEVER;
        crashes++;
        next = restartsByItself ? now.plusSeconds(Math.min(300, 10L << Math.min(crashes, 5))) : NEVER;
    }

    /** Asks it to load what it sees. */
    void reload(long token, boolean answered, Duration takes, Instant now) {
        if (run == Run.READY) {
            reloadEnds = now.plus(takes);
            reloadToken = token;
            reloadAnswered = answered;
        }
    }

    void answer(long token, ReloadOutcome outcome) {
        answer = new ReloadAnswer(token, outcome);
    }

    /** The operator that had asked is gone: its answers are too. */
    void forgetAnswer() {
        answer = null;
        reloadAnswered = false;
    }

    /** Returns when something happens by itself. */
    Instant nextEvent() {
        Instant first = next.isBefore(reloadEnds) ? next : reloadEnds;
        return first.isBefore(syncs) ? first : syncs;
    }

    /** Lets happen what is due. */
    void happen(Instant now, SortedMap<String, Arrived> published) {
        if (!syncs.isAfter(now)) {
            see(published);
            syncs = now.plusSeconds(60 + random.nextInt(7));
        }
        if (!reloadEnds.isAfter(now)) {
            reloadEnds = NEVER;
            Optional<String> refusal = load(now);
            if (reloadAnswered) {
                answer(
                        reloadToken,
                        refusal.<ReloadOutcome>map(ReloadOutcome.Refused::new).orElseGet(ReloadOutcome.Accepted::new));
            }
        }
        if (!next.isAfter(now)) {
            next = NEVER;
            if (run == Run.STOPPED) {
                begin(now);
            } else {
                finishStart(now);
            }
        }
    }

    private void finishStart(Instant now) {
        if (!Wishes.starts(flags)) {
            end(false, "unknown flag", now);
            return;
        }
        Optional<String> refusal = load(now);
        if (refusal.isPresent()) {
            end(true, refusal.get(), now);
        } else {
            run = Run.READY;
            crashes = 0;
        }
    }

    private Optional<String> load(Instant now) {
        lastReload = false;
        Arrived index = view.get(Release.INDEX);
        Optional<Release> named = index == null ? Optional.empty() : wishes.byIndex(index.digest());
        if (named.isEmpty()) {
            return Optional.of("no configuration");
        }
        TreeMap<String, String> found = new TreeMap<>();
        for (Set<String> paths : java.util.List.of(
                named.get().parts().keySet(), named.get().replaced().keySet())) {
            for (String path : paths) {
                Arrived file = view.get(path);
                if (file != null) {
                    found.put(path, file.digest());
                }
            }
        }
        if (found.values().stream().anyMatch(Wishes::isRefusedWhole)) {
            return Optional.of("refused");
        }
        loaded = new Loaded(named.get(), found);
        deleteSamples(named.get(), now);
        if (found.values().stream().anyMatch(Wishes::isRefusedHalf)) {
            return Optional.of("refused in part");
        }
        lastReload = true;
        loads++;
        return Optional.empty();
    }

    private void deleteSamples(Release release, Instant now) {
        Instant keptFrom = now.minus(wishes.retention(flags, release.index()));
        if (keptFrom.isAfter(oldestSample)) {
            Violation.unless(
                    wishes.mayDelete(flags, release.index())
                            || Duration.between(oldestSample, keptFrom).compareTo(NEGLIGIBLE) < 0,
                    "samples were deleted that the user hadn't given up, by " + flags + " and " + release.index());
            oldestSample = keptFrom;
        }
    }

    // What can be known of it.

    Instance observe(Optional<Release> desired, Optional<Release> lastGood, boolean knowsMarker, boolean knowsReload) {
        Optional<Exit> ended = Optional.ofNullable(exit);
        if (run == Run.STOPPED) {
            return new Instance(
                    run, "", Optional.empty(), view, Optional.empty(), Optional.empty(), Optional.empty(), ended);
        }
        boolean ready = run == Run.READY;
        Optional<String> marker = Optional.ofNullable(loaded)
                .map(l -> l.release().marker())
                .filter(m -> desired.map(Release::marker).equals(Optional.of(m))
                        || lastGood.map(Release::marker).equals(Optional.of(m)));
        return new Instance(
                run,
                Integer.toString(epoch),
                Optional.of(flags),
                view,
                ready && knowsMarker ? marker : Optional.empty(),
                ready && knowsReload
                        ? Optional.of(new LastReload(lastReload, Integer.toString(loads)))
                        : Optional.empty(),
                Optional.ofNullable(answer),
                ended);
    }

    Instance unreachable() {
        return new Instance(
                Run.UNREACHABLE,
                "",
                Optional.of(flags),
                view,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.ofNullable(exit));
    }

    boolean truthSees(SortedMap<String, Arrived> files) {
        return view.equals(files);
    }

    boolean truthSeesContentOf(SortedMap<String, Arrived> files) {
        return digests(view).equals(digests(files));
    }

    boolean truthSeesAllOf(SortedMap<String, Arrived> files) {
        return digests(view).entrySet().containsAll(digests(files).entrySet());
    }

    /** Whether the index that it sees names this part. */
    boolean truthMayLoad(String part) {
        return Optional.ofNullable(view.get(Release.INDEX))
                .flatMap(index -> wishes.byIndex(index.digest()))
                .filter(named -> named.parts().containsKey(part))
                .isPresent();
    }

    private static Map<String, String> digests(SortedMap<String, Arrived> files) {
        TreeMap<String, String> digests = new TreeMap<>();
        files.forEach((path, file) -> digests.put(path, file.digest()));
        return digests;
    }

    boolean hasFlags(String others) {
        return flags.equals(others);
    }

    boolean truthIsReady() {
        return run == Run.READY;
    }

    boolean truthRuns(Release release) {
        return run == Run.READY
                && flags.equals(release.restartKey())
                && lastReload
                && loaded != null
                && loaded.isAllOf(release);
    }

    /** Whether it serves with the release's files, however it was started. */
    boolean truthLoaded(Release release) {
        return run == Run.READY && lastReload && loaded != null && loaded.isAllOf(release);
    }

    String truth() {
        return run + "#" + epoch + " " + flags + " "
                + Objects.toString(loaded == null ? null : loaded.release().index() + loaded.files())
                + (lastReload ? "" : " reload failed");
    }
}
