package io.narthex.rollout;

import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.RolloutState.Asked;
import io.narthex.rollout.RolloutState.Attempts;
import io.narthex.rollout.RolloutState.Loaded;
import io.narthex.rollout.RolloutState.Started;
import io.narthex.rollout.Status.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** One decision: a working copy of the state, and the steps in their order. Used once. */
final class Turn {

    /** What goes wrong so often won't go right soon. */
    private static final int SEVERAL = 4;

    private final Pace pace;
    private final Delivery delivery;
    private final RolloutState before;
    private final Observed observed;
    private final Instant now;
    private final SortedMap<String, Instance> instances;

    private final Map<String, Loaded> verified;
    private final Map<String, Asked> asked;
    private final Map<String, Started> started;
    private final Map<String, Attempts> attempts;
    private final Map<String, Instant> awaySince = new HashMap<>();
    private Optional<Refusal> refusal;
    private Optional<String> lastGoodRefused = Optional.empty();
    private Optional<Doubt> doubt = Optional.empty();
    private Optional<String> target;
    private Optional<String> checked;
    private Optional<String> searched;
    private Optional<String> doubted;
    private Optional<Instant> calmSince;
    private long token;

    /** What is said where those that serve run the goal and others are away or can't be replaced; empty where all run it. */
    private Optional<Status> partial = Optional.empty();

    /** That one refuses what is desired which may lack what it is to be started with. */
    private record Doubt(String instance, String message) {}

    Turn(Pace pace, Delivery delivery, RolloutState before, Observed observed, Instant now) {
        this.pace = pace;
        this.delivery = delivery;
        this.before = before;
        this.observed = observed;
        this.now = now;
        instances = observed.instances();
        verified = new HashMap<>(before.verified());
        asked = new HashMap<>(before.asked());
        started = new HashMap<>(before.started());
        attempts = new HashMap<>(before.attempts());
        instances.forEach((name, instance) -> {
            if (instance.run() != Run.READY) {
                awaySince.put(name, before.awaySince().getOrDefault(name, now));
            }
        });
        refusal = before.refusal();
        target = before.target();
        checked = before.checked();
        searched = before.searched();
        doubted = before.doubted();
        calmSince = before.calmSince();
        token = before.token();
    }

    Decision decide(Optional<Release> wanted) {
        if (observed.kept().isEmpty()) {
            return poll(
                    Phase.WAITING, Reason.STORE_UNREADABLE, observed.failure().orElse(""));
        }
        Observed.Kept kept = observed.kept().get();
        if (wanted.isEmpty()) {
            return poll(Phase.WAITING, Reason.NOTHING_DESIRED, "");
        }
        Release desired = wanted.get();
        forgetRefusalOfAnother(desired, kept);
        takeReloadAnswers(desired, kept);
        takeExits(desired, kept);
        refuseDataLoss(desired, kept);
        if (refusal.isEmpty()) {
            aim(desired);
            Optional<Decision> check = checkFirst(desired, kept);
            if (check.isPresent()) {
                return check.get();
            }
        }
        if (refusal.isPresent()) {
            return goBack(desired, kept, refusal.get());
        }
        if (doubt.isPresent() && doubted.isEmpty()) {
            return searchInDoubt(desired, doubt.get());
        }
        return drive(desired, kept, Phase.PROGRESSING).orElseGet(() -> settle(desired, kept));
    }

    // What was learned since the last decision.

    private void forgetRefusalOfAnother(Release desired, Observed.Kept kept) {
        String id = desired.id();
        refusal = refusal.filter(r -> r.release().equals(id) && r.reason() != Reason.RETENTION_SHRINKS);
        if (refusal.isEmpty()) {
            refusal = kept.refusal().filter(r -> r.release().equals(id));
        }
    }

    private void takeReloadAnswers(Release desired, Observed.Kept kept) {
        new TreeMap<>(before.asked()).forEach((name, question) -> {
            Instance instance = instances.get(name);
            if (instance == null || !instance.epoch().equals(question.epoch())) {
                asked.remove(name);
                return;
            }
            Optional<ReloadOutcome> outcome = instance.reload()
                    .filter(answer -> answer.token() == question.token())
                    .map(ReloadAnswer::outcome);
            if (outcome.isPresent()) {
                asked.remove(name);
                judge(name, instance, question, outcome.get(), desired, kept);
            } else if (now.isAfter(question.at().plus(pace.reloadPatience()))) {
                asked.remove(name);
            }
        });
    }

    /**
     * A proof holds only if the files are the ones that were there when the reload was asked for, and Prometheus loaded
     * them since: another answer than its own, or one to somebody else's reload, proves nothing.
     */
    private void judge(
            String name,
            Instance instance,
            Asked question,
            ReloadOutcome outcome,
            Release desired,
            Observed.Kept kept) {
        Release release = question.release();
        boolean untouched = instance.sees(release) && instance.stamps(release).equals(question.stamps());
        boolean shown = instance.marker().equals(Optional.of(release.marker()));
        boolean loaded = instance.lastReload()
                .filter(last -> last.successful()
                        && !question.before().map(LastReload::succeededAt).equals(Optional.of(last.succeededAt())))
                .isPresent();
        // Shown for the first time, or failed for the first time: not left over from another reload.
        boolean isNews = !question.shown()
                || question.before().filter(LastReload::successful).isPresent();
        boolean inPart = shown
                && isNews
                && instance.lastReload().filter(last -> !last.successful()).isPresent();
        if (!untouched) {
            return;
        }
        switch (outcome) {
            case ReloadOutcome.Accepted()
            when shown && loaded ->
                verified.put(name, new Loaded(release.generation(), question.epoch(), question.stamps()));
            case ReloadOutcome.Refused(String message) -> takeRefusal(name, instance, release, desired, kept, message);
            case ReloadOutcome.Accepted()
            when inPart -> takeRefusal(name, instance, release, desired, kept, "Prometheus loaded only a part of it");
            case ReloadOutcome.Unknown(String message)
            when inPart ->
                takeRefusal(
                        name,
                        instance,
                        release,
                        desired,
                        kept,
                        "Prometheus loaded only a part of it (" + message + ")");
            default -> {
                // Neither proved nor refused: it will be asked again.
            }
        }
    }

    /** One that was started for another release may refuse this one only for the want of what it is to be started with. */
    private void takeRefusal(
            String name, Instance instance, Release release, Release desired, Observed.Kept kept, String message) {
        if (instance.restartKey().equals(Optional.of(release.restartKey()))) {
            refuse(release, desired, kept, Reason.CONFIG_REFUSED, message);
        } else if (release.id().equals(desired.id())) {
            doubt = Optional.of(new Doubt(name, message));
        }
    }

    private void takeExits(Release desired, Observed.Kept kept) {
        new TreeMap<>(before.started()).forEach((name, start) -> {
            Instance instance = instances.get(name);
            if (instance == null || instance.run() == Run.READY) {
                started.remove(name);
                return;
            }
            Optional<Instance.Exit> exit = instance.exit()
                    .filter(e -> instance.run() == Run.STOPPED && !e.epoch().equals(start.exitBefore()));
            if (exit.isEmpty() || !start.release().equals(desired.id())) {
                return;
            }
            if (exit.get().configRefused() && isJudgementOf(desired, start, name, instance, kept)) {
                refuse(desired, desired, kept, Reason.CONFIG_REFUSED, exit.get().message());
            } else if (tried(startOf(name)) >= pace.startAttempts()
                    && kept.lastGood()
                            .filter(good -> !good.restartKey().equals(desired.restartKey()))
                            .isPresent()) {
                refuse(desired, desired, kept, Reason.START_FAILED, exit.get().message());
            }
        });
    }

    /** What a process refused is known only if nobody wrote since it was started, or if that couldn't reach it. */
    private boolean isJudgementOf(Release desired, Started start, String name, Instance instance, Observed.Kept kept) {
        if (delivery == Delivery.AT_START) {
            return instance.sees(desired);
        }
        return start.version().equals(kept.version())
                && desired.completeIn(kept.files())
                && start.stamps().equals(stamps(name, desired))
                && (instance.arrived().isEmpty() || instance.sees(desired));
    }

    private void refuse(Release release, Release desired, Observed.Kept kept, Reason reason, String message) {
        if (kept.lastGood()
                .filter(good -> good.configuration().equals(release.configuration()))
                .isPresent()) {
            lastGoodRefused = Optional.of(message);
        } else if (release.id().equals(desired.id())) {
            refusal = Optional.of(new Refusal(desired.id(), reason, message));
        }
    }

    private void refuseDataLoss(Release desired, Observed.Kept kept) {
        if (refusal.isPresent()
                || desired.retention().allowDataLoss()
                || kept.lastGood().isEmpty()) {
            return;
        }
        refusal = Retentions.shrinks(kept.lastGood().get().retention(), desired.retention())
                .map(how -> new Refusal(desired.id(), Reason.RETENTION_SHRINKS, how));
    }

    private Optional<Decision> checkFirst(Release desired, Observed.Kept kept) {
        String id = desired.id();
        if (checked.equals(Optional.of(id))
                || kept.lastGood().filter(good -> good.id().equals(id)).isPresent()) {
            return Optional.empty();
        }
        Optional<Observed.Checked> answer =
                observed.check().filter(c -> c.release().equals(id));
        if (answer.isEmpty()) {
            return Optional.of(
                    attempt("check", Phase.PROGRESSING, Reason.CHECKING, "", () -> new Action.Check(desired)));
        }
        refusal = answer.get().refusal().map(message -> new Refusal(id, Reason.CHECK_REFUSED, message));
        if (refusal.isEmpty()) {
            checked = Optional.of(id);
        }
        return Optional.empty();
    }

    // Towards one release.

    /** Pauses belong to a goal: another one starts without. */
    private void aim(Release goal) {
        String id = goal.id();
        if (!target.equals(Optional.of(id))) {
            target = Optional.of(id);
            attempts.clear();
            calmSince = Optional.empty();
            doubted = Optional.empty();
        }
    }

    /**
     * Returns the next step towards the goal; empty where every instance is proved to run it, or every one that serves while
     * the others can't be waited for: {@link #partial} then.
     */
    private Optional<Decision> drive(Release goal, Observed.Kept kept, Phase phase) {
        return publish(goal, kept, phase).or(() -> load(goal, kept, phase));
    }

    private Optional<Decision> publish(Release goal, Observed.Kept kept, Phase phase) {
        Reason reason = observed.failure().isPresent() ? Reason.PUBLISH_FAILED : Reason.PUBLISHING;
        String detail = observed.failure().orElse("");
        if (!goal.partsIn(kept.files())) {
            boolean mayBringIndex = blindTo(goal.publishedIn(kept.files())).isEmpty();
            return Optional.of(attempt(
                    "parts",
                    phase,
                    reason,
                    detail,
                    () -> new Action.PublishParts(goal, kept.version(), obsolete(goal, kept), mayBringIndex)));
        }
        if (goal.indexIn(kept.files())) {
            return Optional.empty();
        }
        SortedSet<String> blind = blindTo(goal.beforeIndex());
        if (!blind.isEmpty()) {
            return Optional.of(nudge(blind, phase));
        }
        return Optional.of(
                attempt("index", phase, reason, detail, () -> new Action.PublishIndex(goal, kept.version())));
    }

    /**
     * Returns the published files that neither the goal nor the last good release names; none, unless the last good one's
     * index is the one published and every instance is proved to run it, since others may yet load another index. One that
     * is away will see what is published by then.
     */
    private Set<String> obsolete(Release goal, Observed.Kept kept) {
        Optional<Release> good = kept.lastGood().filter(release -> release.completeIn(kept.files()));
        if (good.isEmpty()
                || areAway(instances.keySet())
                || !instances.keySet().stream().allMatch(name -> isAway(name) || isProved(name, good.get()))) {
            return Set.of();
        }
        Set<String> files = new HashSet<>(kept.files().keySet());
        files.removeAll(goal.files().keySet());
        files.removeAll(good.get().files().keySet());
        return files;
    }

    /** Returns those that serve and would load an index without all that it names. */
    private SortedSet<String> blindTo(SortedMap<String, String> files) {
        SortedSet<String> blind = new TreeSet<>();
        instances.forEach((name, instance) -> {
            if (delivery == Delivery.WHILE_RUNNING && instance.run() == Run.READY && !instance.sees(files)) {
                blind.add(name);
            }
        });
        return blind;
    }

    private Decision nudge(SortedSet<String> blind, Phase phase) {
        return attempt(
                "nudge",
                phase,
                Reason.ARRIVING,
                "files have not yet arrived at " + String.join(", ", blind),
                () -> new Action.Nudge(blind));
    }

    private Optional<Decision> load(Release goal, Observed.Kept kept, Phase phase) {
        Needs needs = needs(goal);
        Optional<Needs> serving = isStuck(needs) ? serving(needs, goal, kept) : Optional.empty();
        Needs loads = serving.orElse(needs);
        if (!loads.blind.isEmpty() && isDue("nudge")) {
            return Optional.of(nudge(loads.blind, phase));
        }
        SortedSet<String> reloads = new TreeSet<>(loads.reload);
        reloads.removeIf(name -> !isDue(reloadOf(name)));
        if (!reloads.isEmpty()) {
            return Optional.of(reload(reloads, goal, phase));
        }
        partial = serving.filter(Needs::isNone).map(none -> partial(needs, goal, phase));
        for (String name : needs.stopped) {
            if (isDue(startOf(name))) {
                return Optional.of(start(name, goal, phase));
            }
        }
        if (needs.onlyOutdated() && !needs.outdated.isEmpty()) {
            Optional<String> next = nextToRestart(needs.outdated);
            if (next.isPresent()) {
                return Optional.of(restart(next.get(), goal, phase));
            }
        }
        return needs.isNone() || partial.isPresent() ? Optional.empty() : Optional.of(waitFor(needs, loads, phase));
    }

    private boolean isReady(String name) {
        return runOf(name) == Run.READY;
    }

    private boolean isAway(String name) {
        Instant since = awaySince.get(name);
        return since != null && !now.isBefore(since.plus(pace.absence()));
    }

    private boolean areAway(Set<String> names) {
        return !names.isEmpty() && names.stream().allMatch(this::isAway);
    }

    /** Whether what is waited for isn't likely to come about soon. */
    private boolean isStuck(Needs needs) {
        Set<String> absent = new HashSet<>(instances.keySet());
        absent.removeIf(name -> isReady(name) && !needs.unclear.contains(name));
        return absent.isEmpty()
                ? !needs.outdated.isEmpty() && observed.failure().isPresent()
                : areAway(absent);
    }

    /**
     * Returns what keeps those that serve from being proved to run the goal's files, those included that are to be replaced;
     * empty where none serves, or one can't load the files before it is replaced.
     */
    private Optional<Needs> serving(Needs needs, Release goal, Observed.Kept kept) {
        Needs serving = new Needs();
        serving.blind.addAll(needs.blind);
        serving.pending.addAll(needs.pending);
        serving.reload.addAll(needs.reload);
        boolean serves = false;
        for (Map.Entry<String, Instance> entry : instances.entrySet()) {
            Instance instance = entry.getValue();
            if (instance.run() != Run.READY) {
                continue;
            }
            serves = true;
            if (needs.outdated.contains(entry.getKey())) {
                if (!mayLoad(instance, goal, kept)) {
                    return Optional.empty();
                }
                if (instance.sees(goal)) {
                    proof(entry.getKey(), instance, goal, serving);
                } else {
                    serving.blind.add(entry.getKey());
                }
            }
        }
        return serves ? Optional.of(serving) : Optional.empty();
    }

    /** What is said where all that serve run the goal's files. As a whole it is verified only where none is to be replaced. */
    private Status partial(Needs needs, Release goal, Phase phase) {
        Status obstacle = obstacle(needs, phase);
        return new Status(
                Phase.PARTIAL,
                obstacle.reason(),
                obstacle.detail(),
                needs.outdated.stream().anyMatch(this::isReady) ? Optional.empty() : Optional.of(goal.generation()),
                Optional.empty(),
                List.of());
    }

    /** Whether one that is to be replaced was started with all that the goal's files take for granted. */
    private boolean mayLoad(Instance instance, Release goal, Observed.Kept kept) {
        return delivery == Delivery.WHILE_RUNNING
                && kept.lastGood()
                        .filter(good -> instance.restartKey().equals(Optional.of(good.restartKey()))
                                && good.startKey().equals(goal.startKey()))
                        .isPresent();
    }

    /** What keeps each instance from being proved to run the goal. */
    private static final class Needs {
        final SortedSet<String> stopped = new TreeSet<>();
        final SortedSet<String> coming = new TreeSet<>();
        final SortedSet<String> outdated = new TreeSet<>();
        final SortedSet<String> blind = new TreeSet<>();
        final SortedSet<String> pending = new TreeSet<>();
        final SortedSet<String> reload = new TreeSet<>();
        final SortedSet<String> unclear = new TreeSet<>();

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
    }

    private Needs needs(Release goal) {
        Needs needs = new Needs();
        instances.forEach((name, instance) -> {
            Run run = instance.run();
            if (run == Run.STOPPED) {
                needs.stopped.add(name);
            } else if (run == Run.UNREACHABLE || instance.restartKey().isEmpty()) {
                needs.unclear.add(name);
            } else if (!instance.restartKey().get().equals(goal.restartKey())
                    || (delivery == Delivery.AT_START && !instance.sees(goal))) {
                needs.outdated.add(name);
            } else if (run != Run.READY) {
                needs.coming.add(name);
            } else if (!instance.sees(goal)) {
                needs.blind.add(name);
            } else if (delivery == Delivery.AT_START) {
                sight(name, instance, goal, needs);
            } else {
                proof(name, instance, goal, needs);
            }
        });
        return needs;
    }

    /** Of one that can't see other files than those that it was started with, the marker is proof. */
    private static void sight(String name, Instance instance, Release goal, Needs needs) {
        if (instance.lastReload().isEmpty() || instance.marker().isEmpty()) {
            needs.unclear.add(name);
        } else if (!instance.marker().get().equals(goal.marker())
                || !instance.lastReload().get().successful()) {
            needs.outdated.add(name);
        }
    }

    /** Whether this one serves, and is known to have loaded the release from the files that it sees. */
    private boolean isProved(String name, Release release) {
        Instance instance = instances.get(name);
        return instance != null
                && instance.run() == Run.READY
                && instance.restartKey().equals(Optional.of(release.restartKey()))
                && instance.sees(release)
                && proof(instance, release).equals(verified.get(name))
                && instance.marker().equals(Optional.of(release.marker()))
                && instance.lastReload().filter(LastReload::successful).isPresent();
    }

    private static Loaded proof(Instance instance, Release release) {
        return new Loaded(release.generation(), instance.epoch(), instance.stamps(release));
    }

    private void proof(String name, Instance instance, Release goal, Needs needs) {
        Loaded proof = proof(instance, goal);
        Asked question = asked.get(name);
        if (instance.lastReload().isEmpty()) {
            needs.unclear.add(name);
            return;
        }
        if (proof.equals(verified.get(name))) {
            if (instance.marker().isEmpty()) {
                needs.unclear.add(name);
                return;
            }
            if (instance.marker().get().equals(goal.marker())
                    && instance.lastReload().get().successful()) {
                return;
            }
        }
        verified.remove(name);
        if (question != null && question.release().configuration().equals(goal.configuration())) {
            needs.pending.add(name);
        } else {
            needs.reload.add(name);
        }
    }

    private Decision reload(SortedSet<String> names, Release goal, Phase phase) {
        token++;
        boolean again = false;
        for (String name : names) {
            Instance instance = instances.get(name);
            if (instance != null) {
                boolean shown = instance.marker().equals(Optional.of(goal.marker()));
                asked.put(
                        name,
                        new Asked(
                                token,
                                now,
                                goal,
                                instance.epoch(),
                                instance.stamps(goal),
                                instance.lastReload(),
                                shown));
            }
            again |= tried(reloadOf(name)) > 0;
            count(reloadOf(name));
        }
        return act(
                new Action.Reload(token, names),
                phase,
                loadReason(again ? Reason.RELOAD_UNCLEAR : Reason.RELOADING),
                lastGoodRefused.orElse(""));
    }

    private Decision start(String name, Release goal, Phase phase) {
        Reason reason = tried(startOf(name)) > 1 ? Reason.CRASH_LOOPING : Reason.STARTING;
        count(startOf(name));
        remember(name, goal);
        return act(new Action.Start(name, goal), attempting(phase, status(phase, loadReason(reason), lastWords(name))));
    }

    private Decision restart(String name, Release goal, Phase phase) {
        count(restartOf(name));
        remember(name, goal);
        return act(new Action.Restart(name, goal), attempting(phase, status(phase, Reason.RESTARTING, name)));
    }

    /** That one more attempt is made isn't news where all was said of those before. */
    private Status attempting(Phase phase, Status usual) {
        return partial.filter(said -> phase == Phase.PROGRESSING).orElse(usual);
    }

    private void remember(String name, Release goal) {
        String exitBefore = exit(name).map(Instance.Exit::epoch).orElse("");
        String version = observed.kept().map(Observed.Kept::version).orElse("");
        started.put(name, new Started(goal.id(), exitBefore, version, stamps(name, goal)));
    }

    private String stamps(String name, Release release) {
        Instance instance = instances.get(name);
        return instance == null ? "" : instance.stamps(release);
    }

    /** One that serves is restarted only while all others serve; one that reads its write-ahead log may finish. */
    private Optional<String> nextToRestart(SortedSet<String> outdated) {
        Optional<String> idle = outdated.stream().filter(name -> !isReady(name)).findFirst();
        return idle.filter(name -> runOf(name) != Run.REPLAYING_WAL)
                .or(() -> idle.isPresent() ? Optional.empty() : Optional.of(outdated.first()))
                .filter(name -> isDue(restartOf(name)));
    }

    private Run runOf(String name) {
        Instance instance = instances.get(name);
        return instance == null ? Run.UNREACHABLE : instance.run();
    }

    private Decision waitFor(Needs needs, Needs loads, Phase phase) {
        if (needs != loads || needs.isOnlyLoads()) {
            if (!loads.blind.isEmpty()) {
                return nudge(loads.blind, phase);
            }
            if (!loads.pending.isEmpty()) {
                return poll(phase, loadReason(Reason.RELOADING), loads.pending.first());
            }
            if (!loads.reload.isEmpty()) {
                return poll(phase, loadReason(Reason.RELOAD_UNCLEAR), answerOf(loads.reload.first()));
            }
        }
        return poll(obstacle(needs, phase));
    }

    private String answerOf(String name) {
        return lastGoodRefused
                .or(() -> Optional.ofNullable(instances.get(name))
                        .flatMap(Instance::reload)
                        .map(ReloadAnswer::outcome)
                        .flatMap(outcome -> outcome instanceof ReloadOutcome.Refused(String message)
                                ? Optional.of(refuses(name, message))
                                : Optional.empty()))
                .orElse("");
    }

    private static String refuses(String name, String message) {
        return name + " refuses it: " + message;
    }

    /** Returns what keeps instances from serving, or from being replaced. */
    private Status obstacle(Needs needs, Phase phase) {
        if (!needs.stopped.isEmpty()) {
            String name = needs.stopped.first();
            return observed.failure().isPresent() && tried(startOf(name)) > 0
                    ? status(
                            Phase.WAITING, Reason.OBSTRUCTED, observed.failure().get())
                    : status(Phase.WAITING, loadReason(Reason.CRASH_LOOPING), lastWords(name));
        }
        NavigableSet<String> coming = new TreeSet<>(needs.coming);
        needs.outdated.stream().filter(name -> !isReady(name)).forEach(coming::add);
        Optional<String> replaying =
                coming.stream().filter(name -> runOf(name) == Run.REPLAYING_WAL).findFirst();
        if (replaying.isPresent()) {
            return status(Phase.WAITING, Reason.REPLAYING_WAL, replaying.get());
        }
        if (!coming.isEmpty()) {
            return status(phase, Reason.STARTING, coming.first());
        }
        if (!needs.outdated.isEmpty() && needs.unclear.isEmpty()) {
            int tries = needs.outdated.stream()
                    .mapToInt(name -> tried(restartOf(name)))
                    .sum();
            return observed.failure()
                    .map(why -> status(phase, tries < SEVERAL ? Reason.RESTARTING : Reason.OBSTRUCTED, why))
                    .orElseGet(() -> status(phase, Reason.RESTARTING, needs.outdated.first()));
        }
        return status(Phase.UNVERIFIED, Reason.UNREACHABLE, String.join(", ", needs.unclear));
    }

    /** That the last good release is refused stays said until it is loaded. */
    private Reason loadReason(Reason usual) {
        boolean refused = lastGoodRefused.isPresent() || before.status().reason() == Reason.LAST_GOOD_REFUSED;
        return refused ? Reason.LAST_GOOD_REFUSED : usual;
    }

    private Optional<Instance.Exit> exit(String name) {
        return Optional.ofNullable(instances.get(name)).flatMap(Instance::exit);
    }

    private String lastWords(String name) {
        return lastGoodRefused
                .or(() -> exit(name).map(Instance.Exit::message))
                .or(observed::failure)
                .orElse("");
    }

    // At the goal, or back at the last good one.

    private Decision settle(Release desired, Observed.Kept kept) {
        boolean isKept = kept.lastGood().map(Release::id).equals(Optional.of(desired.id()));
        // The one before stays the last good one for as long as this one can't be kept.
        Set<String> spared = isKept
                ? Set.of()
                : kept.lastGood().map(good -> good.files().keySet()).orElse(Set.of());
        boolean hasLeftovers = hasLeftovers(desired, spared, kept);
        Status ready = partial.orElseGet(
                () -> ready(desired, isKept && !hasLeftovers ? Optional.empty() : observed.failure()));
        // What no Prometheus ran is nothing to go back to.
        if (!isKept && ready.verified().isPresent() && isDue("keep")) {
            count("keep");
            return act(new Action.KeepLastGood(desired, kept.version()), ready);
        }
        if (hasLeftovers && isLeft() && isDue("prune")) {
            count("prune");
            return act(new Action.Prune(desired, spared, kept.version()), ready);
        }
        return rest(ready);
    }

    private Status ready(Release release, Optional<String> failure) {
        return new Status(
                Phase.READY,
                Reason.VERIFIED,
                failure.orElse(""),
                instances.isEmpty() ? Optional.empty() : Optional.of(release.generation()),
                Optional.empty(),
                List.of());
    }

    private Decision goBack(Release desired, Observed.Kept kept, Refusal why) {
        if (kept.lastGood().isEmpty()) {
            aim(desired);
            return afterwards(desired, kept, why, Phase.REFUSED, Optional.empty());
        }
        Release good = kept.lastGood().get().withCredentialsOf(desired);
        aim(good);
        Phase underway = why.afterPublishing() ? Phase.ROLLING_BACK : Phase.REFUSED;
        return drive(good, kept, underway).orElseGet(() -> {
            if (partial.filter(said -> said.verified().isEmpty()).isPresent()) {
                return poll(underway, partial.get().reason(), partial.get().detail());
            }
            if (hasLeftovers(good, Set.of(), kept) && isDue("prune")) {
                count("prune");
                return act(
                        new Action.Prune(good, Set.of(), kept.version()),
                        refused(underway, why, Optional.of(good.generation())));
            }
            Phase done = why.afterPublishing() ? Phase.ROLLED_BACK : Phase.REFUSED;
            return afterwards(desired, kept, why, done, Optional.of(good.generation()));
        });
    }

    /**
     * What stands because a roll does is nobody's refusal yet, but whoever can be blamed is held back, so that the rest goes
     * on. The roll goes on, too: its own instances have the last word.
     */
    private Decision searchInDoubt(Release desired, Doubt said) {
        doubted = Optional.of(desired.id());
        return act(
                new Action.FindCulprit(desired, new Refusal(desired.id(), Reason.CONFIG_REFUSED, said.message()), true),
                Phase.PROGRESSING,
                Reason.RELOAD_UNCLEAR,
                refuses(said.instance(), said.message()));
    }

    /** Notes the refusal only now: putting the last good release back came first. */
    private Decision afterwards(
            Release desired, Observed.Kept kept, Refusal why, Phase phase, Optional<String> running) {
        Status status = refused(phase, why, running);
        if (why.reason() != Reason.RETENTION_SHRINKS && !kept.refusal().equals(Optional.of(why)) && isDue("note")) {
            count("note");
            return act(new Action.NoteRefusal(why), status);
        }
        if (why.reason() == Reason.CONFIG_REFUSED && !searched.equals(Optional.of(desired.id()))) {
            searched = Optional.of(desired.id());
            return act(new Action.FindCulprit(desired, why, false), status);
        }
        return rest(status);
    }

    private Status refused(Phase phase, Refusal why, Optional<String> running) {
        return new Status(
                phase,
                why.reason(),
                why.message(),
                running,
                Optional.of(why),
                culprits(searched.filter(why.release()::equals)));
    }

    private List<Culprit> culprits(Optional<String> release) {
        return observed.search()
                .filter(found -> release.equals(Optional.of(found.release())))
                .map(Observed.Found::culprits)
                .orElse(List.of());
    }

    /** Whether leftovers stayed long enough for the next release to take their place. */
    private boolean isLeft() {
        Duration stay = delivery == Delivery.AT_START ? Duration.ZERO : pace.leftovers();
        return stay.isZero()
                || calmSince.filter(since -> !now.isBefore(since.plus(stay))).isPresent();
    }

    private static boolean hasLeftovers(Release release, Set<String> spared, Observed.Kept kept) {
        return kept.files().keySet().stream()
                .anyMatch(path -> !release.files().containsKey(path) && !spared.contains(path));
    }

    // Pauses, and the end of the turn.

    private static String startOf(String name) {
        return "start/" + name;
    }

    private static String restartOf(String name) {
        return "restart/" + name;
    }

    private static String reloadOf(String name) {
        return "reload/" + name;
    }

    private int tried(String what) {
        Attempts done = attempts.get(what);
        return done == null ? 0 : done.count();
    }

    private boolean isDue(String what) {
        Attempts done = attempts.get(what);
        return done == null || !now.isBefore(done.notBefore());
    }

    private void count(String what) {
        int count = tried(what) + 1;
        attempts.put(what, new Attempts(count, now.plus(pace.pause(count))));
    }

    private Decision attempt(String what, Phase phase, Reason reason, String detail, Supplier<Action> action) {
        if (!isDue(what)) {
            return poll(phase, reason, detail);
        }
        count(what);
        return act(action.get(), phase, reason, detail);
    }

    private Decision act(Action action, Phase phase, Reason reason, String detail) {
        return act(action, status(phase, reason, detail));
    }

    private Decision act(Action action, Status status) {
        calmSince = Optional.empty();
        return end(action, status);
    }

    private Decision poll(Phase phase, Reason reason, String detail) {
        return poll(status(phase, reason, detail));
    }

    /** Looks again soon, more rarely the longer it takes. */
    private Decision poll(Status status) {
        calmSince = Optional.empty();
        Duration elapsed = Duration.between(since(status), now);
        return end(new Action.Wait(now.plus(pace.poll(elapsed))), status);
    }

    private Decision rest(Status status) {
        Instant since = calmSince.orElse(now);
        calmSince = Optional.of(since);
        if (partial.isEmpty() && now.isAfter(since.plus(pace.calm()))) {
            attempts.clear();
        }
        return end(new Action.Wait(now.plus(pace.heartbeat())), status);
    }

    private Status status(Phase phase, Reason reason, String detail) {
        return new Status(phase, reason, detail, Optional.empty(), refusal, culprits(doubted));
    }

    private Instant since(Status status) {
        boolean same = status.phase() == before.status().phase()
                && status.reason() == before.status().reason();
        return same && before.since().isAfter(Instant.EPOCH) ? before.since() : now;
    }

    private Decision end(Action action, Status status) {
        return new Decision(
                new RolloutState(
                        token,
                        target,
                        since(status),
                        calmSince,
                        verified,
                        asked,
                        started,
                        attempts,
                        awaySince,
                        refusal,
                        checked,
                        searched,
                        doubted,
                        status),
                action);
    }
}
