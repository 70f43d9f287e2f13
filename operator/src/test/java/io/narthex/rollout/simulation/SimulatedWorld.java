package io.narthex.rollout.simulation;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Action;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Delivery;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Observed.Kept;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The durable store, the instances, the clock, and the driver that observes them and carries out actions: what a real
 * driver does, with faults.
 */
final class SimulatedWorld {

    /** So long after another index was written every instance that sees anything new sees it. */
    private static final Duration INDEX_ARRIVES = Duration.ofMinutes(3);

    private final SplittableRandom random;
    private final Wishes wishes;
    /** Whether files arrive late and all at once, as in a Kubernetes volume, or at once and one by one, as in a folder. */
    private final boolean remote;
    /** Whether files arrive at a start alone, those of the release that is started, as those of a Swarm's service. */
    private final boolean atStart;

    private final SortedMap<String, SimulatedPrometheus> servers = new TreeMap<>();
    private Faults faults;
    private Instant now;

    private final TreeMap<String, Arrived> files = new TreeMap<>();
    private long version;
    private long stamp;
    private Instant indexSince;
    private Optional<Release> lastGood = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();
    private Kept stale;

    // What the driver knows until the operator crashes.
    private Optional<String> failure = Optional.empty();
    private Optional<Observed.Checked> checked = Optional.empty();
    private Optional<Observed.Found> found = Optional.empty();

    SimulatedWorld(SplittableRandom random, Wishes wishes, Faults faults, Instant begin, Delivery delivery) {
        this.random = random;
        this.atStart = delivery == Delivery.AT_START;
        this.wishes = wishes;
        this.faults = faults;
        now = begin;
        indexSince = begin;
        remote = atStart || random.nextBoolean();
        int replicas = remote ? 1 + random.nextInt(3) : 1;
        boolean established = random.nextInt(4) > 0;
        Release first = wishes.good();
        Instant oldest = established ? begin.minus(first.retention().time().orElseThrow()) : begin;
        for (int i = 0; i < replicas; i++) {
            servers.put("p" + i, new SimulatedPrometheus(wishes, random, remote, oldest));
        }
        if (established) {
            lastGood = Optional.of(first);
            first.files().forEach(this::put);
            servers.values().forEach(server -> {
                server.see(files);
                server.restart(first.restartKey(), now);
            });
        }
        if (remote && !atStart) {
            servers.values().forEach(server -> server.syncAt(now.plusSeconds(random.nextInt(60))));
        }
        stale = kept();
    }

    boolean remote() {
        return remote;
    }

    Instant now() {
        return now;
    }

    void faults(Faults changed) {
        faults = changed;
    }

    boolean chance(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    // Time.

    void passTo(Instant until) {
        while (true) {
            Instant first = servers.values().stream()
                    .map(SimulatedPrometheus::nextEvent)
                    .min(Instant::compareTo)
                    .orElse(Instant.MAX);
            if (first.isAfter(until)) {
                break;
            }
            now = first.isAfter(now) ? first : now;
            servers.values().forEach(server -> server.happen(now, files));
        }
        now = until.isAfter(now) ? until : now;
    }

    void pass(Duration duration) {
        passTo(now.plus(duration));
    }

    /** Lets the world do what nobody asked for. */
    void misbehave() {
        if (chance(faults.foreignWrite()) && !files.isEmpty()) {
            List<String> paths = List.copyOf(files.keySet());
            String path = paths.get(random.nextInt(paths.size()));
            switch (random.nextInt(4)) {
                case 0 -> delete(path);
                case 1 -> put(path, Wishes.NONSENSE);
                default -> put(Wishes.RULES, wishes.any().replaced().getOrDefault(Wishes.RULES, Wishes.NONSENSE));
            }
        }
        for (SimulatedPrometheus server : servers.values()) {
            if (chance(faults.serverCrash())) {
                server.crash(now);
            }
        }
        if (chance(0.1)) {
            stale = kept();
        }
    }

    /** The operator is gone, and another begins that knows nothing. */
    void forgetDriver() {
        failure = Optional.empty();
        checked = Optional.empty();
        found = Optional.empty();
        servers.values().forEach(SimulatedPrometheus::forgetAnswer);
    }

    // The store.

    private void put(String path, String content) {
        stamp++;
        version++;
        files.put(path, new Arrived(content, Long.toString(stamp)));
        noteIndex(path);
        arriveLocally();
    }

    private void delete(String path) {
        version++;
        files.remove(path);
        noteIndex(path);
        arriveLocally();
    }

    private void noteIndex(String path) {
        if (path.equals(Release.INDEX)) {
            indexSince = now;
        }
    }

    private void arriveLocally() {
        if (!remote) {
            servers.values().forEach(server -> server.see(files));
        }
    }

    private Kept kept() {
        TreeMap<String, String> digests = new TreeMap<>();
        files.forEach((path, file) -> digests.put(path, file.digest()));
        return new Kept(Long.toString(version), digests, lastGood, refusal);
    }

    Optional<Release> lastGood() {
        return lastGood;
    }

    SortedMap<String, SimulatedPrometheus> servers() {
        return servers;
    }

    Optional<Refusal> refusal() {
        return refusal;
    }

    boolean everythingArrived() {
        if (atStart) {
            // One that sees a credential more than it needs isn't restarted for that.
            return servers.values().stream().allMatch(server -> server.truthSeesAllOf(files));
        }
        return servers.values().stream().allMatch(server -> server.truthSees(files));
    }

    SortedMap<String, String> published() {
        return kept().files();
    }

    // The driver.

    Observed observe(Optional<Release> desired) {
        TreeMap<String, Instance> instances = new TreeMap<>();
        servers.forEach((name, server) -> instances.put(
                name,
                chance(faults.unreachable())
                        ? server.unreachable()
                        : server.observe(desired, lastGood, !chance(faults.unknown()), !chance(faults.unknown()))));
        if (chance(faults.unreadable())) {
            return new Observed(Optional.empty(), instances, Optional.of("unreadable"), checked, found);
        }
        Kept seen = chance(faults.staleRead()) ? stale : kept();
        return new Observed(Optional.of(seen), instances, failure, checked, found);
    }

    void execute(Action action) {
        failure = Optional.empty();
        pass(Duration.ofMillis(1 + random.nextInt(chance(faults.stall()) ? 20_000 : 40)));
        switch (action) {
            case Action.Check(Release release) -> {
                if (!chance(faults.failedWrite())) {
                    checked = Optional.of(new Observed.Checked(
                            release.id(), Wishes.failsCheck(release) ? Optional.of("unchecked") : Optional.empty()));
                }
            }
            case Action.PublishParts(Release release, String expected, var obsolete, boolean mayBringIndex) ->
                publish(expected, release, obsolete, mayBringIndex);
            case Action.PublishIndex(Release release, String expected) -> write(expected, release.withIndex());
            case Action.Prune(Release release, var spared, String expected) -> prune(expected, release, spared);
            case Action.KeepLastGood(Release release, String expected) -> keep(expected, release);
            case Action.NoteRefusal(Refusal why) -> {
                if (isCarriedOut()) {
                    refusal = Optional.of(why);
                    version++;
                }
            }
            case Action.Nudge(var names) -> {
                for (String name : names) {
                    if (remote && !atStart && !chance(faults.lostNudge())) {
                        server(name).syncAt(now.plusMillis(100 + random.nextInt(700)));
                    }
                }
            }
            case Action.Reload(long token, var names) -> names.forEach(name -> reload(server(name), token));
            case Action.Start(String name, Release release) -> start(server(name), release, false);
            case Action.Restart(String name, Release release) -> start(server(name), release, true);
            case Action.FindCulprit(Release release, Refusal why, boolean byOutdated) ->
                found = Optional.of(new Observed.Found(
                        release.id(),
                        List.of(new Culprit(new ResourceKey("Monitor", "default", "bad"), why.message()))));
            case Action.Wait(Instant until) ->
                passTo(chance(0.3) ? now.plus(Duration.between(now, until).dividedBy(1 + random.nextInt(5))) : until);
        }
    }

    private SimulatedPrometheus server(String name) {
        SimulatedPrometheus server = servers.get(name);
        if (server == null) {
            throw new Violation("there is no instance " + name);
        }
        return server;
    }

    private boolean isCurrent(String expected) {
        if (expected.equals(Long.toString(version))) {
            return true;
        }
        failure = Optional.of("it was changed meanwhile");
        return false;
    }

    /** Says whether one write is done; whether it is said to be done is another matter. */
    private boolean isCarriedOut() {
        if (chance(faults.lostWrite())) {
            return false;
        }
        if (chance(faults.failedWrite())) {
            failure = Optional.of("the disk is full");
            return random.nextBoolean();
        }
        return true;
    }

    /** A driver may delete some of what is obsolete, before or after it writes. */
    private void publish(String expected, Release release, Set<String> obsolete, boolean mayBringIndex) {
        if (!isCurrent(expected)) {
            return;
        }
        // In one order: a schedule is the same in each Java machine.
        for (String path : new TreeSet<>(obsolete)) {
            if (random.nextBoolean() && isCarriedOut()) {
                delete(path);
            }
        }
        if (remote && !atStart && random.nextInt(4) == 0) {
            makeRoom(release);
        }
        if (mayBringIndex && remote && random.nextBoolean()) {
            // All in one write: done wholly, or not at all.
            if (isCarriedOut()) {
                release.files().forEach(this::putIfOther);
            }
            return;
        }
        write(Long.toString(version), new LinkedHashMap<>(release.beforeIndex()));
    }

    /** A driver without room deletes the parts that neither what it publishes, nor what it could go back to, nor the index names. */
    private void makeRoom(Release next) {
        if (now.isBefore(indexSince.plus(INDEX_ARRIVES))) {
            return;
        }
        Set<String> needed = new HashSet<>(next.files().keySet());
        lastGood.ifPresent(good -> needed.addAll(good.files().keySet()));
        Optional.ofNullable(files.get(Release.INDEX))
                .flatMap(index -> wishes.byIndex(index.digest()))
                .ifPresent(named -> needed.addAll(named.parts().keySet()));
        for (String path : List.copyOf(files.keySet())) {
            if (Wishes.isPart(path) && !needed.contains(path) && isCarriedOut()) {
                servers.forEach((name, server) -> Violation.unless(
                        !server.truthMayLoad(path), path + " was deleted, and " + name + " may load it"));
                delete(path);
            }
        }
    }

    private void putIfOther(String path, String content) {
        Arrived there = files.get(path);
        if (there == null || !there.digest().equals(content)) {
            put(path, content);
        }
    }

    private void write(String expected, SequencedMap<String, String> wanted) {
        if (!isCurrent(expected)) {
            return;
        }
        for (Map.Entry<String, String> file : wanted.entrySet()) {
            Arrived there = files.get(file.getKey());
            if (there != null && there.digest().equals(file.getValue())) {
                continue;
            }
            if (!isCarriedOut()) {
                // Nothing after a write that failed; a real driver ends with the first exception.
                return;
            }
            put(file.getKey(), file.getValue());
            if (!remote) {
                // A process that starts on its own sees the files between two writes.
                pass(Duration.ofMillis(random.nextInt(3)));
            }
        }
    }

    private void prune(String expected, Release release, Set<String> spared) {
        if (!isCurrent(expected)) {
            return;
        }
        for (String path : List.copyOf(files.keySet())) {
            if (!release.files().containsKey(path) && !spared.contains(path) && isCarriedOut()) {
                delete(path);
            }
        }
    }

    private void keep(String expected, Release release) {
        if (isCurrent(expected) && isCarriedOut()) {
            lastGood = Optional.of(release);
            version++;
        }
    }

    private void start(SimulatedPrometheus server, Release release, boolean evenIfRunning) {
        if (!isCarriedOut()) {
            return;
        }
        if (atStart) {
            startWith(server, release, evenIfRunning);
            return;
        }
        if (remote && (evenIfRunning || !server.truthIsReady())) {
            // A new pod mounts what is there now.
            server.see(files);
        }
        if (evenIfRunning) {
            server.restart(release.restartKey(), now);
        } else {
            server.start(release.restartKey(), now);
        }
    }

    /** A service is given its files with its flags; where they are the same already, nothing happens to what runs. */
    private void startWith(SimulatedPrometheus server, Release release, boolean evenIfRunning) {
        TreeMap<String, Arrived> own = new TreeMap<>();
        release.files().forEach((path, digest) -> {
            Arrived there = files.get(path);
            if (there != null && there.digest().equals(digest)) {
                own.put(path, there);
            }
        });
        if (own.size() < release.files().size()) {
            failure = Optional.of("a file isn't published");
            return;
        }
        boolean same = server.truthSeesContentOf(own) && server.hasFlags(release.restartKey());
        server.see(own);
        if (evenIfRunning || !same) {
            server.restart(release.restartKey(), now);
        }
    }

    private void reload(SimulatedPrometheus server, long token) {
        if (chance(faults.lostReload())) {
            server.answer(token, new ReloadOutcome.Unknown("connection refused"));
        } else if (chance(faults.lie())) {
            server.answer(token, new ReloadOutcome.Accepted());
        } else if (chance(faults.lostAnswer())) {
            server.reload(token, false, Duration.ofMillis(random.nextInt(50)), now);
            if (random.nextBoolean()) {
                server.answer(token, new ReloadOutcome.Unknown("connection reset"));
            }
        } else {
            boolean slow = chance(faults.slowReload());
            server.reload(token, true, Duration.ofMillis(slow ? random.nextInt(150_000) : random.nextInt(200)), now);
        }
    }
}
