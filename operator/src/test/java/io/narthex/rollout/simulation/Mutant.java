package io.narthex.rollout.simulation;

import io.narthex.compiler.model.Retention;
import io.narthex.rollout.Action;
import io.narthex.rollout.Decision;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Exit;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.RolloutEngine;
import io.narthex.rollout.RolloutState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Engines that have one fault each, made of the right one by what they are shown or by what is made of their word. */
enum Mutant {
    SKIPS_THE_STATIC_CHECK {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return new Observed(
                    observed.kept(),
                    observed.instances(),
                    observed.failure(),
                    Optional.of(new Observed.Checked(desired.id(), Optional.empty())),
                    observed.search());
        }
    },
    SKIPS_THE_VERIFICATION {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return ready(
                    observed,
                    seen -> with(
                            seen,
                            seen.arrived(),
                            Optional.of(desired.marker()),
                            loadedJustNow(state),
                            Optional.of(new ReloadAnswer(state.token(), new ReloadOutcome.Accepted()))));
        }
    },
    BELIEVES_THE_ANSWER {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return ready(
                    observed,
                    seen -> with(
                            seen, seen.arrived(), Optional.of(desired.marker()), loadedJustNow(state), seen.reload()));
        }
    },
    BELIEVES_THE_MARKER {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return ready(
                    observed,
                    seen -> with(
                            seen,
                            seen.arrived(),
                            seen.marker(),
                            loadedJustNow(state),
                            Optional.of(new ReloadAnswer(state.token(), new ReloadOutcome.Accepted()))));
        }
    },
    BELIEVES_ANY_LOAD {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return ready(
                    observed,
                    seen -> with(
                            seen,
                            seen.arrived(),
                            seen.marker(),
                            seen.lastReload()
                                    .flatMap(last -> last.successful() ? loadedJustNow(state) : Optional.of(last)),
                            seen.reload()));
        }
    },
    TAKES_FILES_FOR_ARRIVED {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            TreeMap<String, Arrived> all = new TreeMap<>();
            desired.files().forEach((path, digest) -> all.put(path, new Arrived(digest, digest)));
            return ready(observed, seen -> with(seen, all, seen.marker(), seen.lastReload(), seen.reload()));
        }
    },
    OVERLOOKS_REWRITTEN_FILES {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return ready(observed, seen -> {
                TreeMap<String, Arrived> unstamped = new TreeMap<>();
                seen.arrived().forEach((path, file) -> unstamped.put(path, new Arrived(file.digest(), "")));
                return with(seen, unstamped, seen.marker(), seen.lastReload(), seen.reload());
            });
        }
    },
    OVERLOOKS_THE_UNREACHABLE {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            TreeMap<String, Instance> reachable = new TreeMap<>(observed.instances());
            reachable.values().removeIf(seen -> seen.run() == Run.UNREACHABLE);
            return new Observed(observed.kept(), reachable, observed.failure(), observed.check(), observed.search());
        }
    },
    IGNORES_REFUSALS {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return every(
                    observed,
                    seen -> new Instance(
                            seen.run(),
                            seen.epoch(),
                            seen.restartKey(),
                            seen.arrived(),
                            seen.marker(),
                            seen.lastReload(),
                            seen.reload().filter(answer -> !(answer.outcome() instanceof ReloadOutcome.Refused)),
                            seen.exit().map(exit -> new Exit(exit.epoch(), false, exit.message()))));
        }
    },
    IGNORES_WHOM_IT_IS_TO_REPLACE {
        @Override
        Observed shown(RolloutState state, Release desired, Observed observed) {
            return every(
                    observed,
                    seen -> seen.restartKey().equals(Optional.of(desired.restartKey()))
                            ? seen
                            : with(
                                    seen,
                                    seen.arrived(),
                                    seen.marker(),
                                    seen.lastReload(),
                                    seen.reload()
                                            .map(answer -> new ReloadAnswer(
                                                    answer.token(), new ReloadOutcome.Unknown("who knows")))));
        }
    },
    HOLDS_BACK_ON_THE_WORD_OF_NOBODY {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.Reload
                    ? new Action.FindCulprit(desired, new Refusal(desired.id(), Reason.CONFIG_REFUSED, "no"), true)
                    : action;
        }
    },
    FORGETS_REFUSALS {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.NoteRefusal ? new Action.Wait(now.plusSeconds(15)) : action;
        }
    },
    DELETES_SAMPLES {
        @Override
        Release wanted(Release desired) {
            Retention kept = desired.retention();
            return new Release(
                    desired.generation(),
                    desired.marker(),
                    desired.index(),
                    desired.parts(),
                    desired.replaced(),
                    desired.credentials(),
                    desired.restartKey(),
                    desired.startKey(),
                    new Retention(kept.time(), kept.sizeBytes(), kept.percentage(), true));
        }
    },
    SWAPS_INDEX_AND_PARTS {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action
                                    instanceof
                                    Action.PublishParts(
                                            Release release,
                                            String version,
                                            var obsolete,
                                            var mayBringIndex)
                            && !observed.kept()
                                    .orElseThrow()
                                    .files()
                                    .entrySet()
                                    .containsAll(release.withIndex().entrySet())
                    ? new Action.PublishIndex(release, version)
                    : action;
        }
    },
    BRINGS_THE_INDEX_TOO_EARLY {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action
                            instanceof
                            Action.PublishParts(Release release, String version, var obsolete, var mayBringIndex)
                    ? new Action.PublishParts(release, version, obsolete, true)
                    : action;
        }
    },
    SWAPS_KEEPING_AND_RELOADING {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.Reload
                            && !observed.kept().flatMap(Observed.Kept::lastGood).equals(Optional.of(desired))
                    ? new Action.KeepLastGood(
                            desired, observed.kept().orElseThrow().version())
                    : action;
        }
    },
    SWAPS_PRUNING_AND_PUBLISHING {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.PublishIndex(Release release, String version)
                            && !release.files()
                                    .keySet()
                                    .containsAll(observed.kept()
                                            .orElseThrow()
                                            .files()
                                            .keySet())
                    ? new Action.Prune(release, Set.of(), version)
                    : action;
        }
    },
    DISPOSES_OF_THE_LAST_GOOD {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action
                            instanceof
                            Action.PublishParts(Release release, String version, var obsolete, var mayBringIndex)
                    ? new Action.PublishParts(
                            release,
                            version,
                            observed.kept().orElseThrow().files().keySet().stream()
                                    .filter(path -> !release.files().containsKey(path))
                                    .collect(Collectors.toSet()),
                            mayBringIndex)
                    : action;
        }
    },
    DISPOSES_OF_WHAT_MAY_BE_LOADED {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            if (!(action
                    instanceof Action.PublishParts(Release release, String version, var obsolete, var mayBringIndex))) {
                return action;
            }
            Set<String> all =
                    new HashSet<>(observed.kept().orElseThrow().files().keySet());
            all.removeAll(release.files().keySet());
            observed.kept()
                    .flatMap(Observed.Kept::lastGood)
                    .ifPresent(good -> all.removeAll(good.files().keySet()));
            return new Action.PublishParts(release, version, all, mayBringIndex);
        }
    },
    RESTARTS_ALL_AT_ONCE {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            if (!(action instanceof Action.Wait)) {
                return action;
            }
            return observed.instances().entrySet().stream()
                    .filter(seen -> seen.getValue().run() == Run.READY)
                    .filter(seen -> !seen.getValue().restartKey().equals(Optional.of(desired.restartKey())))
                    .<Action>map(seen -> new Action.Restart(seen.getKey(), desired))
                    .findFirst()
                    .orElse(action);
        }
    },
    KEEPS_WHAT_NOBODY_WAS_STARTED_FOR {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            boolean serves = observed.instances().values().stream()
                    .anyMatch(seen -> seen.run() == Run.READY
                            && !seen.restartKey().equals(Optional.of(desired.restartKey()))
                            && seen.marker().equals(Optional.of(desired.marker())));
            return action instanceof Action.Wait && serves
                    ? new Action.KeepLastGood(
                            desired, observed.kept().orElseThrow().version())
                    : action;
        }
    },
    NEVER_RESTARTS {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.Restart ? new Action.Wait(now.plusSeconds(1)) : action;
        }
    },
    GIVES_UP {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.Reload(long token, var instances) && token > 2
                    ? new Action.Wait(now.plusSeconds(1))
                    : action;
        }
    },
    SPINS {
        @Override
        Action done(Release desired, Observed observed, Instant now, Action action) {
            return action instanceof Action.Wait ? new Action.Wait(now) : action;
        }
    };

    Release wanted(Release desired) {
        return desired;
    }

    Observed shown(RolloutState state, Release desired, Observed observed) {
        return observed;
    }

    Action done(Release desired, Observed observed, Instant now, Action action) {
        return action;
    }

    RolloutEngine of(RolloutEngine right) {
        return (state, desired, observed, now) -> {
            Release wanted = wanted(desired.orElseThrow());
            Decision decision = right.decide(state, Optional.of(wanted), shown(state, wanted, observed), now);
            return new Decision(decision.state(), done(wanted, observed, now, decision.action()));
        };
    }

    private static Optional<LastReload> loadedJustNow(RolloutState state) {
        return Optional.of(new LastReload(true, state.since().toString() + state.token()));
    }

    private static Observed ready(Observed observed, UnaryOperator<Instance> change) {
        return every(observed, seen -> seen.run() == Run.READY ? change.apply(seen) : seen);
    }

    private static Observed every(Observed observed, UnaryOperator<Instance> change) {
        TreeMap<String, Instance> changed = new TreeMap<>(observed.instances());
        changed.replaceAll((name, seen) -> change.apply(seen));
        return new Observed(observed.kept(), changed, observed.failure(), observed.check(), observed.search());
    }

    private static Instance with(
            Instance seen,
            SortedMap<String, Arrived> arrived,
            Optional<String> marker,
            Optional<LastReload> lastReload,
            Optional<ReloadAnswer> answer) {
        return new Instance(
                seen.run(), seen.epoch(), seen.restartKey(), arrived, marker, lastReload, answer, seen.exit());
    }
}
