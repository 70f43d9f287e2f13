package io.narthex.rollout;

import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Status.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
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

    private final Replicas replicas;
    private final Proofs proofs;
    private final Starts starts;
    private final Tries tries;
    private final Verdicts verdicts;
    private Optional<String> target;
    private Optional<String> checked;
    private Optional<String> searched;
    private Optional<String> doubted;
    private Optional<Instant> calmSince;

    /** What is said where those that serve run the goal and others are away or can't be replaced; empty where all run it. */
    private Optional<Status> partial = Optional.empty();

    Turn(Pace pace, Delivery delivery, RolloutState before, Observed observed, Instant now) {
        this.pace = pace;
        this.delivery = delivery;
        this.before = before;
        this.observed = observed;
        this.now = now;
        replicas = new Replicas(observed.instances(), before.awaySince(), pace.absence(), now);
        proofs = new Proofs(before, replicas, now);
        starts = new Starts(before.started(), replicas);
        tries = new Tries(before.attempts(), pace, now);
        verdicts = new Verdicts(before.refusal());
        target = before.target();
        checked = before.checked();
        searched = before.searched();
        doubted = before.doubted();
        calmSince = before.calmSince();
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
        learn(desired, kept);
        if (verdicts.refusal().isEmpty()) {
            aim(desired);
            Optional<Decision> check = checkFirst(desired, kept);
            if (check.isPresent()) {
                return check.get();
            }
        }
        if (verdicts.refusal().isPresent()) {
            return goBack(desired, kept, verdicts.refusal().get());
        }
        if (verdicts.doubt().isPresent() && doubted.isEmpty()) {
            return searchInDoubt(desired, verdicts.doubt().get());
        }
        return drive(desired, kept, Phase.PROGRESSING).orElseGet(() -> settle(desired, kept));
    }

    /** Takes what became known since the last decision. */
    private void learn(Release desired, Observed.Kept kept) {
        verdicts.forgetRefusalOfAnother(desired, kept);
        verdicts.takeObjections(proofs.takeAnswers(pace.reloadPatience()), replicas, desired, kept);
        verdicts.takeFailures(starts.takeFailures(desired), tries, pace.startAttempts(), delivery, desired, kept);
        verdicts.refuseDataLoss(desired, kept);
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
        verdicts.takeCheck(answer.get());
        if (verdicts.refusal().isEmpty()) {
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
            tries.forget();
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
                || replicas.areAway(replicas.all().keySet())
                || !replicas.all().keySet().stream()
                        .allMatch(name -> replicas.isAway(name) || proofs.isProved(name, good.get()))) {
            return Set.of();
        }
        Set<String> files = new HashSet<>(kept.files().keySet());
        files.removeAll(goal.files().keySet());
        files.removeAll(good.get().files().keySet());
        return files;
    }

    /** Returns those that serve and would load an index without all that it names. */
    private SortedSet<String> blindTo(SortedMap<String, String> files) {
        return delivery == Delivery.WHILE_RUNNING ? replicas.blindTo(files) : new TreeSet<>();
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
        Needs needs = Needs.of(goal, delivery, replicas, proofs);
        Optional<Needs> serving =
                needs.isStuck(observed.failure().isPresent()) ? needs.ofServing(kept.lastGood()) : Optional.empty();
        Needs loads = serving.orElse(needs);
        if (!loads.blind.isEmpty() && tries.isDue("nudge")) {
            return Optional.of(nudge(loads.blind, phase));
        }
        SortedSet<String> reloads = new TreeSet<>(loads.reload);
        reloads.removeIf(name -> !tries.isDue(Tries.reloadOf(name)));
        if (!reloads.isEmpty()) {
            return Optional.of(reload(reloads, goal, phase));
        }
        partial = serving.filter(Needs::isNone).map(none -> partial(needs, goal, phase));
        for (String name : needs.stopped) {
            if (tries.isDue(Tries.startOf(name))) {
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

    /** What is said where all that serve run the goal's files. As a whole it is verified only where none is to be replaced. */
    private Status partial(Needs needs, Release goal, Phase phase) {
        Status obstacle = obstacle(needs, phase);
        return new Status(
                Phase.PARTIAL,
                obstacle.reason(),
                obstacle.detail(),
                needs.outdated.stream().anyMatch(replicas::isReady) ? Optional.empty() : Optional.of(goal.generation()),
                Optional.empty(),
                List.of());
    }

    private Decision reload(SortedSet<String> names, Release goal, Phase phase) {
        long token = proofs.ask(names, goal);
        boolean again = false;
        for (String name : names) {
            again |= tries.of(Tries.reloadOf(name)) > 0;
            tries.count(Tries.reloadOf(name));
        }
        return act(
                new Action.Reload(token, names),
                phase,
                loadReason(again ? Reason.RELOAD_UNCLEAR : Reason.RELOADING),
                verdicts.lastGoodRefused().orElse(""));
    }

    private Decision start(String name, Release goal, Phase phase) {
        Reason reason = tries.of(Tries.startOf(name)) > 1 ? Reason.CRASH_LOOPING : Reason.STARTING;
        tries.count(Tries.startOf(name));
        remember(name, goal);
        return act(new Action.Start(name, goal), attempting(phase, status(phase, loadReason(reason), lastWords(name))));
    }

    private Decision restart(String name, Release goal, Phase phase) {
        tries.count(Tries.restartOf(name));
        remember(name, goal);
        return act(new Action.Restart(name, goal), attempting(phase, status(phase, Reason.RESTARTING, name)));
    }

    /** That one more attempt is made isn't news where all was said of those before. */
    private Status attempting(Phase phase, Status usual) {
        return partial.filter(said -> phase == Phase.PROGRESSING).orElse(usual);
    }

    private void remember(String name, Release goal) {
        starts.remember(name, goal, observed.kept().map(Observed.Kept::version).orElse(""));
    }

    /** One that serves is restarted only while all others serve; one that reads its write-ahead log may finish. */
    private Optional<String> nextToRestart(SortedSet<String> outdated) {
        Optional<String> idle =
                outdated.stream().filter(name -> !replicas.isReady(name)).findFirst();
        return idle.filter(name -> replicas.runOf(name) != Run.REPLAYING_WAL)
                .or(() -> idle.isPresent() ? Optional.empty() : Optional.of(outdated.first()))
                .filter(name -> tries.isDue(Tries.restartOf(name)));
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
        return verdicts.lastGoodRefused()
                .or(() -> replicas.find(name)
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
            return observed.failure().isPresent() && tries.of(Tries.startOf(name)) > 0
                    ? status(
                            Phase.WAITING, Reason.OBSTRUCTED, observed.failure().get())
                    : status(Phase.WAITING, loadReason(Reason.CRASH_LOOPING), lastWords(name));
        }
        NavigableSet<String> coming = new TreeSet<>(needs.coming);
        needs.outdated.stream().filter(name -> !replicas.isReady(name)).forEach(coming::add);
        Optional<String> replaying = coming.stream()
                .filter(name -> replicas.runOf(name) == Run.REPLAYING_WAL)
                .findFirst();
        if (replaying.isPresent()) {
            return status(Phase.WAITING, Reason.REPLAYING_WAL, replaying.get());
        }
        if (!coming.isEmpty()) {
            return status(phase, Reason.STARTING, coming.first());
        }
        if (!needs.outdated.isEmpty() && needs.unclear.isEmpty()) {
            int inVain = needs.outdated.stream()
                    .mapToInt(name -> tries.of(Tries.restartOf(name)))
                    .sum();
            return observed.failure()
                    .map(why -> status(phase, inVain < SEVERAL ? Reason.RESTARTING : Reason.OBSTRUCTED, why))
                    .orElseGet(() -> status(phase, Reason.RESTARTING, needs.outdated.first()));
        }
        return status(Phase.UNVERIFIED, Reason.UNREACHABLE, String.join(", ", needs.unclear));
    }

    /** That the last good release is refused stays said until it is loaded. */
    private Reason loadReason(Reason usual) {
        boolean refused =
                verdicts.lastGoodRefused().isPresent() || before.status().reason() == Reason.LAST_GOOD_REFUSED;
        return refused ? Reason.LAST_GOOD_REFUSED : usual;
    }

    private String lastWords(String name) {
        return verdicts.lastGoodRefused()
                .or(() -> replicas.exit(name).map(Instance.Exit::message))
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
        if (!isKept && ready.verified().isPresent() && tries.isDue("keep")) {
            tries.count("keep");
            return act(new Action.KeepLastGood(desired, kept.version()), ready);
        }
        if (hasLeftovers && isLeft() && tries.isDue("prune")) {
            tries.count("prune");
            return act(new Action.Prune(desired, spared, kept.version()), ready);
        }
        return rest(ready);
    }

    private Status ready(Release release, Optional<String> failure) {
        return new Status(
                Phase.READY,
                Reason.VERIFIED,
                failure.orElse(""),
                replicas.all().isEmpty() ? Optional.empty() : Optional.of(release.generation()),
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
            if (hasLeftovers(good, Set.of(), kept) && tries.isDue("prune")) {
                tries.count("prune");
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
    private Decision searchInDoubt(Release desired, Proofs.Objection said) {
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
        if (why.reason() != Reason.RETENTION_SHRINKS
                && !kept.refusal().equals(Optional.of(why))
                && tries.isDue("note")) {
            tries.count("note");
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

    private Decision attempt(String what, Phase phase, Reason reason, String detail, Supplier<Action> action) {
        if (!tries.isDue(what)) {
            return poll(phase, reason, detail);
        }
        tries.count(what);
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
            tries.forget();
        }
        return end(new Action.Wait(now.plus(pace.heartbeat())), status);
    }

    private Status status(Phase phase, Reason reason, String detail) {
        return new Status(phase, reason, detail, Optional.empty(), verdicts.refusal(), culprits(doubted));
    }

    private Instant since(Status status) {
        boolean same = status.phase() == before.status().phase()
                && status.reason() == before.status().reason();
        return same && before.since().isAfter(Instant.EPOCH) ? before.since() : now;
    }

    private Decision end(Action action, Status status) {
        return new Decision(
                new RolloutState(
                        proofs.token(),
                        target,
                        since(status),
                        calmSince,
                        proofs.verified(),
                        proofs.asked(),
                        starts.all(),
                        tries.all(),
                        replicas.awaySince(),
                        verdicts.refusal(),
                        checked,
                        searched,
                        doubted,
                        status),
                action);
    }
}
