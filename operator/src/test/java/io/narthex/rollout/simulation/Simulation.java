package io.narthex.rollout.simulation;

import io.narthex.rollout.Action;
import io.narthex.rollout.Decision;
import io.narthex.rollout.Delivery;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.Retentions;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutState;
import io.narthex.rollout.Status;
import io.narthex.rollout.Status.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One schedule: a world, its faults, a user's wishes, chosen by a seed; the engine in it; its promises held. */
final class Simulation {

    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FAULTY_STEPS = 120;
    private static final int MOST_STEPS_TO_CONVERGE = 3000;
    private static final Duration LONGEST_TO_CONVERGE = Duration.ofHours(2);
    private static final int QUIET_STEPS = 8;
    private static final int STEPS_TOLD = 60;

    private final RolloutEngine engine;
    private final Delivery delivery;
    private final SplittableRandom random;
    private final Wishes wishes;
    private final SimulatedWorld world;
    private final ArrayDeque<String> told = new ArrayDeque<>();

    private RolloutState state = RolloutState.initial();
    private Release desired;
    private Optional<Action> late = Optional.empty();
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private final Set<Class<? extends Action>> actions = new HashSet<>();
    /** When each was last seen serving. */
    private final Map<String, Instant> served = new HashMap<>();

    private int steps;

    /**
     * What happened in a schedule.
     *
     * @param decisions how many decisions were taken
     * @param reasons every reason that was told
     * @param actions every kind of action that was decided on
     */
    record Course(int decisions, Set<Reason> reasons, Set<Class<? extends Action>> actions) {}

    private Simulation(long seed, RolloutEngine engine, Delivery delivery) {
        this.engine = engine;
        this.delivery = delivery;
        random = new SplittableRandom(seed);
        wishes = new Wishes(random);
        Faults faults = Faults.of(random);
        world = new SimulatedWorld(random, wishes, faults, BEGIN, delivery);
        rates = faults;
        crashes = faults.serverCrash();
        desired = wish();
    }

    private final double crashes;
    private Faults rates;

    /**
     * Runs one schedule.
     *
     * @return what happened
     * @throws Violation where the engine breaks a promise
     */
    static Course run(long seed, RolloutEngine engine, Delivery delivery) {
        Simulation simulation = new Simulation(seed, engine, delivery);
        try {
            simulation.run();
        } catch (Violation violation) {
            throw violation.after(seed, List.copyOf(simulation.told));
        }
        return new Course(simulation.steps, simulation.reasons, simulation.actions);
    }

    private Release wish() {
        Release next = wishes.any();
        wishes.wanted(next);
        tell("the user wants " + next.id() + " " + next.files() + " " + next.retention());
        return next;
    }

    private void run() {
        for (int i = 0; i < FAULTY_STEPS; i++) {
            if (world.chance(rates.newWish())) {
                desired = wish();
            }
            world.misbehave();
            if (late.isPresent() && random.nextInt(4) == 0) {
                Action action = late.get();
                late = Optional.empty();
                tell("late " + action);
                world.execute(action);
            }
            Decision decision = step();
            if (world.chance(rates.operatorCrash())) {
                tell("the operator crashes");
                crash();
                continue;
            }
            // What a search by somebody else finds reaches nobody else.
            if (!(decision.action() instanceof Action.FindCulprit) && world.chance(rates.lateAction())) {
                late = Optional.of(decision.action());
            }
            world.execute(decision.action());
        }
        rates = Faults.NONE;
        world.faults(rates);
        tell("no faults from here");
        converge();
    }

    private void crash() {
        state = RolloutState.initial();
        world.forgetDriver();
    }

    private Decision step() {
        steps++;
        Observed observed = world.observe(Optional.of(desired));
        RolloutState before = state;
        Decision decision = engine.decide(before, Optional.of(desired), observed, world.now());
        state = decision.state();
        reasons.add(decision.status().reason());
        actions.add(decision.action().getClass());
        tell(Duration.between(BEGIN, world.now()) + " " + decision.status().phase() + " "
                + decision.status().reason() + " -> " + decision.action());
        promises(observed, before, decision);
        return decision;
    }

    // What holds after every decision.

    private void promises(Observed observed, RolloutState before, Decision decision) {
        Status status = decision.status();
        if (status.phase() == Phase.READY) {
            everyInstanceRuns(desired, "READY");
        }
        observed.instances().forEach((name, instance) -> {
            if (instance.run() == Run.READY) {
                served.put(name, world.now());
            }
        });
        if (status.phase() == Phase.PARTIAL) {
            Violation.unless(
                    observed.instances().values().stream().anyMatch(instance -> instance.run() == Run.READY),
                    "PARTIAL, and nobody serves");
            if (status.verified().isPresent()) {
                everyInstanceRuns(desired, observed, "PARTIAL");
            }
            servers(observed)
                    .forEach(server ->
                            Violation.unless(server.truthLoaded(desired), "PARTIAL, but one loaded something else"));
        }
        if (status.phase() == Phase.ROLLED_BACK) {
            Violation.unless(world.lastGood().isPresent() || observed.kept().isPresent(), "ROLLED_BACK to nothing");
            observed.kept()
                    .flatMap(Observed.Kept::lastGood)
                    .ifPresent(good -> everyInstanceRuns(good, observed, "ROLLED_BACK"));
        }
        switch (decision.action()) {
            case Action.PublishParts(Release release, var version, var obsolete, boolean mayBringIndex) -> {
                notRefused(release, observed, status);
                nobodyNeeds(obsolete, release, observed);
                if (mayBringIndex) {
                    TreeMap<String, String> others = new TreeMap<>(release.beforeIndex());
                    observed.kept()
                            .ifPresent(kept ->
                                    others.entrySet().retainAll(kept.files().entrySet()));
                    haveArrived(others, observed);
                }
            }
            case Action.PublishIndex(Release release, var version) -> {
                notRefused(release, observed, status);
                haveArrived(release.beforeIndex(), observed);
            }
            case Action.KeepLastGood(Release release, var version) -> {
                Violation.unless(!Wishes.isRefused(release), "a release was kept as good that Prometheus refuses");
                everyInstanceRuns(release, observed, "kept as good");
            }
            case Action.Prune(Release release, var spared, var version) ->
                Violation.unless(
                        observed.kept().stream()
                                .map(Observed.Kept::files)
                                .allMatch(files -> files.entrySet()
                                        .containsAll(release.files().entrySet())),
                        "pruned for a release that isn't published");
            case Action.Restart(String name, Release release) -> othersServe(name, observed);
            case Action.FindCulprit(Release release, var why, var byOutdated) ->
                Violation.unless(
                        Wishes.isRefused(release), "somebody is searched to be blamed for what Prometheus takes");
            default -> {}
        }
        refusalIsHeeded(observed, before, decision);
    }

    private void everyInstanceRuns(Release release, String claim) {
        for (Map.Entry<String, SimulatedPrometheus> server : world.servers().entrySet()) {
            Violation.unless(
                    server.getValue().truthRuns(release),
                    claim + ", but " + server.getKey() + " runs "
                            + server.getValue().truth() + ", not " + release.index() + release.files());
        }
    }

    /** As {@link #everyInstanceRuns(Release, String)}, but for those that haven't served for a while: one serves. */
    private void everyInstanceRuns(Release release, Observed observed, String claim) {
        Violation.unless(!servers(observed).isEmpty(), claim + ", and nobody serves");
        world.servers().forEach((name, server) -> {
            Instant last = served.getOrDefault(name, BEGIN);
            boolean isAway = !serves(observed, name) && !world.now().isBefore(last.plus(Pace.REMOTE.absence()));
            Violation.unless(
                    isAway || server.truthRuns(release),
                    claim + ", but " + name + " runs " + server.truth() + ", not " + release.index());
        });
    }

    private static boolean serves(Observed observed, String name) {
        return Optional.ofNullable(observed.instances().get(name))
                .filter(instance -> instance.run() == Run.READY)
                .isPresent();
    }

    private List<SimulatedPrometheus> servers(Observed observed) {
        return world.servers().entrySet().stream()
                .filter(server -> serves(observed, server.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void nobodyNeeds(Set<String> obsolete, Release next, Observed observed) {
        if (obsolete.isEmpty()) {
            return;
        }
        Release good = observed.kept()
                .flatMap(Observed.Kept::lastGood)
                .orElseThrow(() -> new Violation("the only release there is lost files"));
        everyInstanceRuns(good, observed, "its predecessor's files are taken for obsolete");
        Violation.unless(
                Collections.disjoint(obsolete, good.files().keySet())
                        && Collections.disjoint(obsolete, next.files().keySet()),
                "files are taken for obsolete that are needed");
    }

    private static void notRefused(Release release, Observed observed, Status status) {
        Violation.unless(!Wishes.failsCheck(release), "a release was published that a static check refuses");
        Stream<Refusal> known =
                Stream.concat(status.refusal().stream(), observed.kept().flatMap(Observed.Kept::refusal).stream());
        Violation.unless(
                known.noneMatch(refusal -> refusal.release().equals(release.id())),
                "a refused release was published again");
    }

    private void haveArrived(SortedMap<String, String> files, Observed observed) {
        if (delivery == Delivery.AT_START) {
            return;
        }
        observed.instances().forEach((name, instance) -> {
            if (instance.run() == Run.READY) {
                files.forEach((path, digest) -> {
                    Instance.Arrived there = instance.arrived().get(path);
                    Violation.unless(
                            there != null && there.digest().equals(digest),
                            "the index was published before " + path + " had arrived at " + name);
                });
            }
        });
    }

    private static void othersServe(String name, Observed observed) {
        Instance instance = observed.instances().get(name);
        if (instance == null || instance.run() != Run.READY) {
            return;
        }
        observed.instances()
                .forEach((other, seen) -> Violation.unless(
                        seen.run() == Run.READY, name + " was restarted while " + other + " was " + seen.run()));
    }

    /** The decision that sees a refusal of what is published begins to put back what was good. */
    private void refusalIsHeeded(Observed observed, RolloutState before, Decision decision) {
        Optional<Refusal> refusal = decision.status().refusal();
        boolean isNew = refusal.isPresent()
                && before.status().refusal().isEmpty()
                && refusal.get().reason() == Reason.CONFIG_REFUSED;
        Optional<Observed.Kept> kept = observed.kept();
        if (isNew && kept.isPresent() && kept.get().lastGood().isPresent()) {
            Release good = kept.get().lastGood().get();
            if (desired.index().equals(kept.get().files().get(Release.INDEX))
                    && !desired.index().equals(good.index())) {
                boolean puts = switch (decision.action()) {
                    case Action.PublishParts(Release release, var version, var obsolete, var mayBringIndex) ->
                        release.index().equals(good.index());
                    case Action.PublishIndex(Release release, var version) ->
                        release.index().equals(good.index());
                    case Action.Nudge nudge -> true;
                    default -> false;
                };
                Violation.unless(puts, "a refusal was seen, and the answer was " + decision.action());
            }
        }
    }

    // What comes of it in the end.

    private void converge() {
        Instant end = world.now().plus(LONGEST_TO_CONVERGE);
        late.ifPresent(world::execute);
        List<String> missing = List.of("a decision to rest");
        if (world.lastGood().isEmpty() && !Wishes.starts(desired.restartKey())) {
            // There is nothing to go back to: it is tried for ever, and no promise is broken meanwhile.
            for (int i = 0; i < FAULTY_STEPS; i++) {
                world.execute(step().action());
            }
            return;
        }
        for (int i = 0; i < MOST_STEPS_TO_CONVERGE && world.now().isBefore(end); i++) {
            Decision decision = step();
            if (decision.action() instanceof Action.Wait) {
                if (hangs() && !decision.status().culprits().isEmpty()) {
                    desired = wishes.withoutRefused(desired);
                    tell("what is to blame is held back: " + desired.id() + " " + desired.files());
                    continue;
                }
                missing = hangs() ? missingWhileOneHangs(decision.status()) : missing(decision.status());
                if (missing.isEmpty()) {
                    staysQuiet(decision.status());
                    return;
                }
            }
            world.execute(decision.action());
        }
        throw new Violation("it doesn't converge: " + missing);
    }

    /** Whether what is desired can't run, and nobody finds out. */
    private boolean hangs() {
        return Wishes.hangs(desired.restartKey())
                && state.status().refusal().isEmpty()
                && expectedRefusal(world.lastGood(), state.status())
                        .filter(reason -> reason != Reason.CONFIG_REFUSED)
                        .isEmpty();
    }

    /**
     * The first that is to be replaced never comes; the others are to serve on, with the newest files if they can. What
     * Prometheus refuses of those is held back, as whoever is told the culprits does, and the rest goes on.
     */
    private List<String> missingWhileOneHangs(Status status) {
        List<String> missing = new ArrayList<>();
        List<SimulatedPrometheus> serving = world.servers().values().stream()
                .filter(SimulatedPrometheus::truthIsReady)
                .toList();
        boolean mayLoad = delivery == Delivery.WHILE_RUNNING
                && world.lastGood()
                        .filter(good -> good.startKey().equals(desired.startKey())
                                && serving.stream().allMatch(server -> server.hasFlags(good.restartKey())))
                        .isPresent();
        if (mayLoad && !serving.isEmpty() && Wishes.isRefused(desired)) {
            missing.add("who is to blame");
        } else if (mayLoad && !serving.isEmpty()) {
            if (status.phase() != Phase.PARTIAL) {
                missing.add("PARTIAL, there is " + status);
            }
            serving.stream()
                    .filter(server -> !server.truthLoaded(desired))
                    .forEach(server -> missing.add("one runs " + server.truth() + ", not " + desired.index()));
            TreeMap<String, String> needed =
                    new TreeMap<>(world.lastGood().map(Release::files).orElse(new TreeMap<>()));
            needed.putAll(desired.files());
            if (!needed.keySet().containsAll(world.published().keySet())) {
                missing.add("published are " + world.published());
            }
        }
        return missing;
    }

    /** Returns what keeps the world from being as it should be in the end. */
    private List<String> missing(Status status) {
        List<String> missing = new ArrayList<>();
        Optional<Release> good = world.lastGood();
        Optional<Reason> refused = expectedRefusal(good, status);
        Optional<Release> goal = refused.isEmpty() ? Optional.of(desired) : good;
        if (refused.isPresent()) {
            Optional<Refusal> said = status.refusal();
            if (!said.map(Refusal::reason).equals(refused)) {
                missing.add("a refusal for " + refused.get() + ", there is " + status);
            }
            if (refused.get() != Reason.RETENTION_SHRINKS && !world.refusal().equals(said)) {
                missing.add("a note of the refusal");
            }
        } else if (status.phase() != Phase.READY) {
            missing.add("READY, there is " + status);
        }
        if (goal.isEmpty()) {
            return status.phase() == Phase.READY ? List.of("nothing is good, and it says READY") : missing;
        }
        world.servers().forEach((name, server) -> {
            if (!server.truthRuns(goal.get())) {
                missing.add(
                        name + " runs " + server.truth() + ", not " + goal.get().index());
            }
        });
        if (!world.everythingArrived()) {
            missing.add("files on their way");
        }
        if (refused.isEmpty() && !good.map(Release::id).equals(Optional.of(desired.id()))) {
            missing.add("a copy of what is good");
        }
        if (!world.published().equals(goal.get().withCredentialsOf(desired).files())) {
            missing.add("published are " + world.published());
        }
        if (!status.verified().equals(Optional.of(goal.get().generation()))) {
            missing.add("a proof");
        }
        return missing;
    }

    /** Returns why the desired release can't run, one of the reasons and the one that is told if that is one. */
    private Optional<Reason> expectedRefusal(Optional<Release> good, Status status) {
        if (good.map(Release::id).equals(Optional.of(desired.id()))) {
            return Optional.empty();
        }
        Set<Reason> reasons = EnumSet.noneOf(Reason.class);
        if (good.isPresent()
                && !desired.retention().allowDataLoss()
                && Retentions.shrinks(good.get().retention(), desired.retention())
                        .isPresent()) {
            reasons.add(Reason.RETENTION_SHRINKS);
        }
        if (Wishes.failsCheck(desired)) {
            reasons.add(Reason.CHECK_REFUSED);
        }
        if (reasons.isEmpty() && Wishes.isRefused(desired)) {
            reasons.add(Reason.CONFIG_REFUSED);
        }
        Optional<Reason> told = status.refusal().map(Refusal::reason);
        boolean otherFlags = good.filter(release -> !release.restartKey().equals(desired.restartKey()))
                .isPresent();
        if (!Wishes.starts(desired.restartKey())) {
            reasons.remove(Reason.CONFIG_REFUSED);
            reasons.add(Reason.START_FAILED);
        } else if (otherFlags
                && (crashes > 0 || Wishes.isRefused(desired))
                && told.equals(Optional.of(Reason.START_FAILED))) {
            // It did end again and again, by whatever cause.
            reasons.add(Reason.START_FAILED);
        }
        return told.filter(reasons::contains).or(() -> reasons.stream().findFirst());
    }

    private void staysQuiet(Status status) {
        for (int i = 0; i < QUIET_STEPS; i++) {
            Decision decision = step();
            Violation.unless(
                    decision.action() instanceof Action.Wait || hangs(),
                    "all is well, and still it did " + decision.action());
            Violation.unless(
                    decision.status().phase() == status.phase() || hangs(),
                    "all is well, and it said " + decision.status());
            world.execute(decision.action());
        }
    }

    private void tell(String step) {
        if (told.size() == STEPS_TOLD) {
            told.removeFirst();
        }
        told.addLast(step);
    }
}
