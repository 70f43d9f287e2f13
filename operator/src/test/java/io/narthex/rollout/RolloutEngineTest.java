package io.narthex.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Exit;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed.Checked;
import io.narthex.rollout.Observed.Kept;
import io.narthex.rollout.Status.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Single decisions of the engine. That they hold together in any order is the simulation's to prove. */
class RolloutEngineTest {

    private static final Release OLD = release("old", "flags", 300, Map.of());
    private static final Release NEW = release("new", "flags", 300, Map.of());

    private final RolloutEngine engine = RolloutEngine.withPace(Pace.LOCAL);
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private RolloutState state = RolloutState.initial();

    // What is observed; each test changes what matters to it.
    private Optional<Release> desired = Optional.of(NEW);
    private TreeMap<String, String> files = new TreeMap<>(OLD.files());
    private Optional<Release> lastGood = Optional.of(OLD);
    private Optional<Refusal> refusal = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<Observed.Found> search = Optional.empty();
    private Optional<Checked> check = Optional.of(new Checked(NEW.id(), Optional.empty()));
    private final TreeMap<String, Instance> instances = new TreeMap<>(Map.of("p0", serving(OLD)));

    @Test
    void waitsForSomethingToDo() {
        desired = Optional.empty();
        assertStatus(decide(), Phase.WAITING, Reason.NOTHING_DESIRED);
    }

    @Test
    void doesNothingBlindly() {
        Decision decision = engine.decide(
                state,
                desired,
                new Observed(Optional.empty(), instances, Optional.of("no access"), Optional.empty(), Optional.empty()),
                now);
        assertStatus(decision, Phase.WAITING, Reason.STORE_UNREADABLE);
        assertThat(decision.status().detail()).isEqualTo("no access");
        assertThat(decision.action()).isInstanceOf(Action.Wait.class);
    }

    @Test
    void publishesNothingUnchecked() {
        check = Optional.empty();
        assertThat(decide().action()).isEqualTo(new Action.Check(NEW));
        now = now.plusSeconds(1);
        check = Optional.of(new Checked(NEW.id(), Optional.of("bad label")));
        instances.put("p0", proved(OLD));
        Decision decision = decide();
        assertThat(decision.status().refusal()).contains(new Refusal(NEW.id(), Reason.CHECK_REFUSED, "bad label"));
        assertThat(decision.action()).isNotInstanceOfAny(Action.PublishParts.class, Action.PublishIndex.class);
    }

    @Test
    void publishesPartsThenIndexThenReloads() {
        assertThat(decide().action()).isInstanceOf(Action.PublishParts.class);
        files.putAll(NEW.beforeIndex());
        instances.put("p0", serving(OLD));
        assertThat(decide().action()).isInstanceOf(Action.PublishIndex.class);
        files.putAll(NEW.withIndex());
        instances.put("p0", serving(OLD));
        assertThat(decide().action()).isEqualTo(new Action.Reload(1, new TreeSet<>(List.of("p0"))));
    }

    @Test
    void saysReadyOnlyWhenAnswerMarkerAndMetricAgree() {
        publish(NEW);
        reload();
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        Decision decision = decide();
        assertStatus(decision, Phase.READY, Reason.VERIFIED);
        assertThat(decision.status().verified()).contains("new");
        assertThat(decision.action()).isInstanceOf(Action.KeepLastGood.class);
    }

    /** It would be gone back to, in place of what really ran. */
    @Test
    void doesNotKeepWhatNoPrometheusRan() {
        publish(NEW);
        instances.clear();
        Decision decision = decide();
        assertStatus(decision, Phase.READY, Reason.VERIFIED);
        assertThat(decision.status().verified()).isEmpty();
        assertThat(decision.action()).isInstanceOf(Action.Wait.class);
    }

    @Test
    void removesWhatIsLeftOverOnceTheNewOneIsKeptUntilItIsGone() {
        publish(NEW);
        reload();
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertThat(decide().action()).isInstanceOf(Action.KeepLastGood.class);
        lastGood = Optional.of(NEW);
        // It becomes known only now, as the one before the last good one is known by that one.
        files.put("older", "1");
        now = now.plusSeconds(1);
        assertThat(decide().action()).isInstanceOf(Action.Prune.class);
        assertThat(decide().action()).as("not at once again").isInstanceOf(Action.Wait.class);
        now = now.plusSeconds(60);
        assertThat(decide().action()).isInstanceOf(Action.Prune.class);
        files.remove("older");
        now = now.plusSeconds(60);
        assertStatus(decide(), Phase.READY, Reason.VERIFIED);
        assertThat(decide().action()).isInstanceOf(Action.Wait.class);
    }

    /** Else what is left over would fill all room while there is trouble. */
    @Test
    void removesWhatIsLeftOverThoughTheNewOneCanNotBeKeptButNothingOfTheLastGood() {
        publish(NEW);
        files.putAll(OLD.beforeIndex());
        files.put("older", "1");
        instances.put("p0", serving(NEW));
        reload();
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertThat(decide().action()).isInstanceOf(Action.KeepLastGood.class);
        failure = Optional.of("no room");

        Decision decision = decide();

        assertThat(decision.action())
                .isEqualTo(new Action.Prune(NEW, OLD.files().keySet(), version));
        assertStatus(decision, Phase.READY, Reason.VERIFIED);
        assertThat(decision.status().detail()).isEqualTo("no room");
        files.remove("older");
        now = now.plusSeconds(60);
        assertThat(decide().action()).isInstanceOf(Action.KeepLastGood.class);
        assertThat(decide().action()).as("of the last good one nothing goes").isInstanceOf(Action.Wait.class);
    }

    @Test
    void letsTheIndexComeWithWhatIsMissingOnceAllElseThatItNamesHasArrived() {
        Release both = release("new", "flags", 300, Map.of("secrets/password", "s1"));
        desired = Optional.of(both);
        check = Optional.of(new Checked(both.id(), Optional.empty()));
        files.put("secrets/password", "s1");
        assertThat(mayBringIndex()).as("the password is on its way").isFalse();

        now = now.plusSeconds(1);
        instances.put("p0", serving(OLD));
        assertThat(mayBringIndex()).isTrue();
    }

    private boolean mayBringIndex() {
        Action action = decide().action();
        assertThat(action).isInstanceOf(Action.PublishParts.class);
        return ((Action.PublishParts) action).mayBringIndex();
    }

    @Test
    void leavesItToTheNextReleaseToTakeThePlaceOfWhatIsLeftOver() {
        RolloutEngine patient = RolloutEngine.withPace(Pace.REMOTE);
        desired = Optional.of(OLD);
        files.put("older", "1");
        instances.put("p0", serving(OLD));
        assertThat(decide(patient).action()).isInstanceOf(Action.Reload.class);
        instances.put("p0", answered(OLD, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertStatus(decide(patient), Phase.READY, Reason.VERIFIED);
        now = now.plus(Pace.REMOTE.leftovers()).minusMillis(1);
        assertThat(decide(patient).action()).isInstanceOf(Action.Wait.class);
        now = now.plusMillis(1);
        assertThat(decide(patient).action()).as("none came").isInstanceOf(Action.Prune.class);
    }

    @Test
    void whatNeitherTheLastGoodNorTheNextReleaseNamesIsObsolete() {
        instances.put("p0", proved(OLD));
        files.put("jobs-older.yml", "1");
        assertThat(decide().action()).isEqualTo(new Action.PublishParts(NEW, version, Set.of("jobs-older.yml"), true));
    }

    @Test
    void nothingIsObsoleteWhereAnInstanceIsNotProvedToRunTheLastGood() {
        files.put("jobs-older.yml", "1");
        assertThat(obsolete()).as("nobody asked it").isEmpty();

        state = RolloutState.initial();
        instances.put("p0", proved(OLD));
        instances.put("p1", running(Run.STARTING, OLD));
        assertThat(obsolete()).as("another mounts what it finds").isEmpty();
    }

    @Test
    void nothingIsObsoleteWhereAnotherIndexIsPublished() {
        instances.put("p0", proved(OLD));
        files.put("jobs-older.yml", "1");
        files.put(Release.INDEX, "index of another");
        assertThat(obsolete()).isEmpty();
    }

    private Set<String> obsolete() {
        Action action = decide().action();
        assertThat(action).isInstanceOf(Action.PublishParts.class);
        return ((Action.PublishParts) action).obsolete();
    }

    @Test
    void takesAnAnswerToSomebodyElsesReloadForNone() {
        publish(NEW);
        instances.put("p0", serving(NEW));
        assertThat(decide().action()).isInstanceOf(Action.Reload.class);
        // The marker stood there before, and nothing was loaded since.
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "1")));
        now = now.plusSeconds(1);
        Decision decision = decide();
        assertStatus(decision, Phase.PROGRESSING, Reason.RELOAD_UNCLEAR);
        assertThat(decision.action()).isInstanceOf(Action.Reload.class);
    }

    @Test
    void takesALoadOfOtherFilesForNone() {
        publish(NEW);
        reload();
        Instance seen = answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2"));
        TreeMap<String, Arrived> rewritten = new TreeMap<>(seen.arrived());
        rewritten.replaceAll((path, file) -> new Arrived(file.digest(), "later"));
        instances.put("p0", with(seen, rewritten));
        now = now.plusSeconds(1);
        assertThat(decide().status().phase()).isEqualTo(Phase.PROGRESSING);
    }

    @Test
    void putsBackWhatWasGoodAtOnce() {
        publish(NEW);
        reload();
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Refused("no"), new LastReload(false, "1")));
        Decision decision = decide();
        assertStatus(decision, Phase.ROLLING_BACK, Reason.PUBLISHING);
        assertThat(decision.action()).isInstanceOfAny(Action.PublishParts.class, Action.PublishIndex.class);
        assertThat(decision.status().refusal()).contains(new Refusal(NEW.id(), Reason.CONFIG_REFUSED, "no"));
    }

    @Test
    void doesNotTryAgainWhatWasRefused() {
        refusal = Optional.of(new Refusal(NEW.id(), Reason.CONFIG_REFUSED, "no"));
        instances.put("p0", serving(OLD));
        reload();
        instances.put("p0", answered(OLD, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        Decision decision = decide();
        assertStatus(decision, Phase.ROLLED_BACK, Reason.CONFIG_REFUSED);
        assertThat(decision.status().verified()).contains("old");
        assertThat(decision.action()).isInstanceOf(Action.FindCulprit.class);
    }

    @Test
    void saysWhereEvenTheLastGoodOneIsRefused() {
        desired = Optional.of(OLD);
        reload();
        instances.put("p0", answered(OLD, 1, new ReloadOutcome.Refused("a file is gone"), new LastReload(false, "1")));
        now = now.plusSeconds(1);
        Decision decision = decide();
        assertThat(decision.status().reason()).isEqualTo(Reason.LAST_GOOD_REFUSED);
        assertThat(decision.status().detail()).isEqualTo("a file is gone");
        assertThat(decision.action()).isInstanceOf(Action.Reload.class);
    }

    @Test
    void deletesNoSamplesUnasked() {
        desired = Optional.of(release("new", "flags", 20, Map.of()));
        instances.put("p0", proved(OLD));
        Decision decision = decide();
        assertThat(decision.status().refusal().orElseThrow().reason()).isEqualTo(Reason.RETENTION_SHRINKS);
        assertThat(decision.status().refusal().orElseThrow().message()).isEqualTo("retention time 300h -> 20h");
        assertThat(decision.action()).isNotInstanceOfAny(Action.PublishParts.class, Action.PublishIndex.class);
    }

    @Test
    void bringsAPasswordWithoutAReload() {
        Release rotated = release("old", "flags", 300, Map.of("secrets/p", "rotated"));
        lastGood = Optional.of(release("old", "flags", 300, Map.of("secrets/p", "first")));
        desired = lastGood;
        files = new TreeMap<>(desired.orElseThrow().files());
        instances.put("p0", serving(desired.orElseThrow()));
        reload();
        instances.put(
                "p0", answered(desired.orElseThrow(), 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertStatus(decide(), Phase.READY, Reason.VERIFIED);

        desired = Optional.of(rotated);
        check = Optional.of(new Checked(rotated.id(), Optional.empty()));
        assertThat(decide().action()).isInstanceOf(Action.PublishParts.class);
        files.putAll(rotated.files());
        instances.put("p0", answered(rotated, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        Decision decision = decide();
        assertStatus(decision, Phase.READY, Reason.VERIFIED);
        assertThat(decision.action()).isInstanceOf(Action.KeepLastGood.class);
    }

    @Test
    void restartsForFlagsOneAfterTheOther() {
        Release flags = release("old", "other flags", 300, Map.of());
        desired = Optional.of(flags);
        check = Optional.of(new Checked(flags.id(), Optional.empty()));
        instances.put("p1", serving(OLD));
        assertThat(decide().action()).isEqualTo(new Action.Restart("p0", flags));

        now = now.plusSeconds(1);
        instances.put("p0", running(Run.REPLAYING_WAL, flags));
        Decision decision = decide();
        assertStatus(decision, Phase.WAITING, Reason.REPLAYING_WAL);
        assertThat(decision.action()).isInstanceOf(Action.Wait.class);
    }

    @Test
    void restartsNoneThatServesWhileAnotherDoesNot() {
        Release flags = release("old", "other flags", 300, Map.of());
        desired = Optional.of(flags);
        check = Optional.of(new Checked(flags.id(), Optional.empty()));
        instances.put("p0", running(Run.REPLAYING_WAL, OLD));
        instances.put("p1", serving(OLD));
        assertThat(decide().action()).isInstanceOf(Action.Wait.class);
        instances.put("p0", running(Run.STARTING, OLD));
        assertThat(decide().action()).isEqualTo(new Action.Restart("p0", flags));
    }

    @Test
    void claimsNothingOfWhatItCannotReach() {
        publish(NEW);
        instances.put("p0", running(Run.UNREACHABLE, NEW));
        Decision decision = decide();
        assertStatus(decision, Phase.UNVERIFIED, Reason.UNREACHABLE);
        assertThat(decision.status().refusal()).isEmpty();
        assertThat(decision.status().verified()).isEmpty();
    }

    // One that is away, or can't be replaced.

    @Test
    void whatTheOthersRunIsVerifiedAndKeptWhileOneIsAway() {
        publish(NEW);
        instances.put("p1", running(Run.STARTING, NEW));
        reload();
        instances.put("p0", answered(NEW, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertStatus(decide(), Phase.PROGRESSING, Reason.STARTING);

        now = now.plus(Pace.LOCAL.absence());
        Decision decision = decide();

        assertStatus(decision, Phase.PARTIAL, Reason.STARTING);
        assertThat(decision.status().detail()).isEqualTo("p1");
        assertThat(decision.status().verified()).contains("new");
        assertThat(decision.action()).isEqualTo(new Action.KeepLastGood(NEW, version));
        instances.put("p1", serving(NEW));
        assertThat(decide().action()).as("it is back").isEqualTo(new Action.Reload(2, new TreeSet<>(Set.of("p1"))));
    }

    @Test
    void whereNoneServesNothingIsVerified() {
        publish(NEW);
        instances.put("p0", running(Run.STARTING, NEW));
        decide();
        now = now.plus(Pace.LOCAL.absence());
        assertStatus(decide(), Phase.PROGRESSING, Reason.STARTING);
    }

    @Test
    void aRefusalIsNotedAndItsCauseSearchedWhileOneIsAway() {
        refusal = Optional.of(new Refusal(NEW.id(), Reason.CONFIG_REFUSED, "no"));
        instances.put("p0", serving(OLD));
        instances.put("p1", running(Run.STARTING, OLD));
        reload();
        instances.put("p0", answered(OLD, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        now = now.plus(Pace.LOCAL.absence());

        Decision decision = decide();

        assertStatus(decision, Phase.ROLLED_BACK, Reason.CONFIG_REFUSED);
        assertThat(decision.action()).isInstanceOf(Action.FindCulprit.class);
    }

    @Test
    void filesGetObsoleteWhileOneIsAway() {
        instances.put("p0", proved(OLD));
        instances.put("p1", running(Run.STARTING, OLD));
        files.put("jobs-older.yml", "1");
        assertThat(obsolete()).isEmpty();
        now = now.plus(Pace.LOCAL.absence());
        assertThat(obsolete()).containsExactly("jobs-older.yml");
    }

    /** The pod of another image can't start: what serves on is not to do so with yesterday's configuration. */
    private Release rollThatStands() {
        Release other = release("new", "flags#other image", 300, Map.of());
        desired = Optional.of(other);
        check = Optional.of(new Checked(other.id(), Optional.empty()));
        files = new TreeMap<>(other.files());
        instances.put("p0", running(Run.STARTING, other));
        instances.put("p1", serving(OLD));
        assertThat(decide().action()).as("it may come soon").isInstanceOf(Action.Wait.class);
        now = now.plus(Pace.LOCAL.absence());
        assertThat(decide().action()).isEqualTo(new Action.Reload(1, new TreeSet<>(Set.of("p1"))));
        return other;
    }

    @Test
    void oneThatIsToBeReplacedTakesWhatAReloadCanBringWhileTheRollStands() {
        Release other = rollThatStands();
        instances.put("p1", with(OLD, answered(other, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2"))));

        Decision decision = decide();

        assertStatus(decision, Phase.PARTIAL, Reason.STARTING);
        assertThat(decision.status().verified()).as("nobody runs its image").isEmpty();
        assertThat(decision.action()).isInstanceOf(Action.Wait.class);
    }

    /** It may lack what the next pod brings: that one has the last word, but a bad Monitor holds nobody else up till then. */
    @Test
    void whatOneRefusesThatIsToBeReplacedHasTheCulpritSearchedWhileTheRollGoesOn() {
        oneRefusesThatIsToBeReplaced();
    }

    private void oneRefusesThatIsToBeReplaced() {
        Release other = rollThatStands();
        instances.put(
                "p1",
                with(OLD, answered(other, 1, new ReloadOutcome.Refused("no such file"), new LastReload(false, "1"))));

        Decision decision = decide();

        Refusal said = new Refusal(other.id(), Reason.CONFIG_REFUSED, "no such file");
        assertThat(decision.action()).isEqualTo(new Action.FindCulprit(other, said, true));
        assertThat(decision.status().refusal()).isEmpty();
        assertStatus(decision, Phase.PROGRESSING, Reason.RELOAD_UNCLEAR);
        assertThat(decision.status().detail()).isEqualTo("p1 refuses it: no such file");

        List<Culprit> bad = List.of(new Culprit(new ResourceKey("Monitor", "default", "bad"), "no such file"));
        search = Optional.of(new Observed.Found(other.id(), bad));
        decision = decide();
        assertThat(decision.action())
                .as("nobody else is asked, and nothing is put back")
                .isInstanceOf(Action.Wait.class);
        assertThat(decision.status().culprits()).isEqualTo(bad);

        now = now.plusMillis(100);
        assertThat(decide().action()).isInstanceOf(Action.Reload.class);
        instances.put(
                "p1",
                with(OLD, answered(other, 2, new ReloadOutcome.Refused("no such file"), new LastReload(false, "1"))));
        assertThat(decide().action()).as("it isn't searched again").isInstanceOf(Action.Wait.class);
    }

    /** Else what only the pods of before couldn't load would be held back for ever. */
    @Test
    void whatTheNextPodRefusesIsSearchedAnew() {
        oneRefusesThatIsToBeReplaced();
        Release other = desired.orElseThrow();
        instances.put("p0", with(other, serving(OLD)));
        Decision decision = decide();
        assertThat(decision.action()).isEqualTo(new Action.Reload(3, new TreeSet<>(Set.of("p0"))));
        instances.put("p0", answered(other, 3, new ReloadOutcome.Refused("no"), new LastReload(false, "1")));

        decision = decide();

        assertThat(decision.status().refusal()).contains(new Refusal(other.id(), Reason.CONFIG_REFUSED, "no"));
        assertStatus(decision, Phase.ROLLING_BACK, Reason.PUBLISHING);
        assertThat(decision.status().culprits()).isEmpty();
    }

    @Test
    void filesForAnotherPrometheusWaitUntilItIsStarted() {
        Release other = release("new", "other flags", 300, Map.of());
        desired = Optional.of(other);
        check = Optional.of(new Checked(other.id(), Optional.empty()));
        files = new TreeMap<>(other.files());
        instances.put("p0", running(Run.STARTING, other));
        instances.put("p1", serving(OLD));
        decide();
        now = now.plus(Pace.LOCAL.absence());
        assertThat(decide().action()).isInstanceOf(Action.Wait.class);
    }

    @Test
    void saysWhyOneCanNotBeReplacedAndHasItTakeTheFilesMeanwhile() {
        Release other = release("new", "flags#other image", 300, Map.of());
        desired = Optional.of(other);
        check = Optional.of(new Checked(other.id(), Optional.empty()));
        files = new TreeMap<>(other.files());
        instances.put("p0", serving(OLD));
        assertThat(decide().action()).isInstanceOf(Action.Restart.class);
        failure = Optional.of("its disruption budget allows none");
        assertThat(decide().action()).isEqualTo(new Action.Reload(1, new TreeSet<>(Set.of("p0"))));
        instances.put("p0", with(OLD, answered(other, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2"))));
        assertStatus(decide(), Phase.PARTIAL, Reason.RESTARTING);
        for (int i = 0; i < 20; i++) {
            now = now.plusMillis(100);
            decide();
        }
        Decision decision = decide();
        assertStatus(decision, Phase.PARTIAL, Reason.OBSTRUCTED);
        assertThat(decision.status().detail()).isEqualTo("its disruption budget allows none");
        failure = Optional.empty();
        now = now.plusSeconds(30);
        assertThat(decide().action()).as("it is tried again").isInstanceOf(Action.Restart.class);
    }

    @Test
    void saysWhyOneCanNotBeStarted() {
        publish(NEW);
        instances.put("p0", stopped("killed", "e1"));
        assertThat(decide().action()).isInstanceOf(Action.Start.class);
        failure = Optional.of("the API server refuses (422)");
        Decision decision = decide();
        assertStatus(decision, Phase.WAITING, Reason.OBSTRUCTED);
        assertThat(decision.status().detail()).isEqualTo("the API server refuses (422)");
    }

    @Test
    void startsAgainAfterGrowingPauses() {
        publish(NEW);
        TreeMap<Integer, Duration> waits = new TreeMap<>();
        Instant last = now;
        for (int start = 1; start <= 5; ) {
            instances.put("p0", stopped("killed", "e" + start));
            if (decide().action() instanceof Action.Start) {
                waits.put(start++, Duration.between(last, now));
                last = now;
            }
            now = now.plusMillis(1);
        }
        assertThat(waits.values())
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(400),
                        Duration.ofMillis(800));
        assertThat(state.status().reason()).isEqualTo(Reason.CRASH_LOOPING);
        assertThat(state.status().detail()).isEqualTo("killed");
    }

    @Test
    void blamesAReleaseOnlyForFilesThatNobodyTouchedSinceItsStart() {
        publish(NEW);
        instances.put("p0", stopped("stopped", "e0"));
        assertThat(decide().action()).isInstanceOf(Action.Start.class);
        version = "another";
        instances.put("p0", refusing("e1"));
        assertThat(decide().status().refusal()).isEmpty();
        now = now.plusSeconds(1);
        assertThat(decide().action()).isInstanceOf(Action.Start.class);
        instances.put("p0", refusing("e2"));
        assertThat(decide().status().refusal().orElseThrow().reason()).isEqualTo(Reason.CONFIG_REFUSED);
    }

    // The world.

    private String version = "1";

    private Decision decide() {
        return decide(engine);
    }

    private Decision decide(RolloutEngine asked) {
        Decision decision = asked.decide(
                state,
                desired,
                new Observed(
                        Optional.of(new Kept(version, files, lastGood, refusal)), instances, failure, check, search),
                now);
        state = decision.state();
        return decision;
    }

    private static void assertStatus(Decision decision, Phase phase, Reason reason) {
        assertThat(decision.status().phase()).isEqualTo(phase);
        assertThat(decision.status().reason()).isEqualTo(reason);
    }

    private void publish(Release release) {
        files = new TreeMap<>(release.files());
        instances.put("p0", serving(OLD));
    }

    private void reload() {
        assertThat(decide().action()).isInstanceOf(Action.Reload.class);
    }

    private static Release release(String generation, String flags, int hours, Map<String, String> credentials) {
        return new Release(
                generation,
                "generation-" + generation,
                "index of " + generation,
                new TreeMap<>(Map.of("jobs-" + generation + ".yml", generation)),
                new TreeMap<>(Map.of("rules-0001.yml", "rules of " + generation)),
                new TreeMap<>(credentials),
                flags,
                flags.replaceFirst("#.*", ""),
                new Retention(
                        Optional.of(Duration.ofHours(hours)), OptionalLong.empty(), OptionalDouble.empty(), false));
    }

    private SortedMap<String, Arrived> arrived() {
        TreeMap<String, Arrived> all = new TreeMap<>();
        files.forEach((path, digest) -> all.put(path, new Arrived(digest, digest)));
        return all;
    }

    /** One that serves, having loaded this release at some time. */
    private Instance serving(Release release) {
        return instance(Run.READY, release, Optional.of(new LastReload(true, "1")), Optional.empty());
    }

    private Instance running(Run run, Release release) {
        return instance(run, release, Optional.empty(), Optional.empty());
    }

    private Instance answered(Release release, long token, ReloadOutcome outcome, LastReload last) {
        return instance(Run.READY, release, Optional.of(last), Optional.of(new ReloadAnswer(token, outcome)));
    }

    /** One of which it was proved before that it runs this release. */
    private Instance proved(Release release) {
        Optional<Release> wanted = desired;
        Optional<Checked> checked = check;
        desired = Optional.of(release);
        instances.put("p0", serving(release));
        reload();
        instances.put("p0", answered(release, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2")));
        assertThat(decide().status().phase()).isEqualTo(Phase.READY);
        desired = wanted;
        check = checked;
        return answered(release, 1, new ReloadOutcome.Accepted(), new LastReload(true, "2"));
    }

    private Instance instance(Run run, Release release, Optional<LastReload> last, Optional<ReloadAnswer> answer) {
        return new Instance(
                run,
                "e0",
                Optional.of(release.restartKey()),
                arrived(),
                run == Run.READY ? Optional.of(release.marker()) : Optional.empty(),
                last,
                answer,
                Optional.empty());
    }

    /** One that was started for another release than what it loaded since. */
    private static Instance with(Release startedFor, Instance seen) {
        return new Instance(
                seen.run(),
                seen.epoch(),
                Optional.of(startedFor.restartKey()),
                seen.arrived(),
                seen.marker(),
                seen.lastReload(),
                seen.reload(),
                seen.exit());
    }

    private static Instance with(Instance seen, SortedMap<String, Arrived> arrived) {
        return new Instance(
                seen.run(),
                seen.epoch(),
                seen.restartKey(),
                arrived,
                seen.marker(),
                seen.lastReload(),
                seen.reload(),
                seen.exit());
    }

    private Instance stopped(String message, String epoch) {
        return ended(new Exit(epoch, false, message));
    }

    private Instance refusing(String epoch) {
        return ended(new Exit(epoch, true, "refused"));
    }

    private Instance ended(Exit exit) {
        return new Instance(
                Run.STOPPED,
                "",
                Optional.empty(),
                arrived(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(exit));
    }
}
