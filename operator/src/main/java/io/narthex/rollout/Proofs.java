package io.narthex.rollout;

import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.ReloadAnswer;
import io.narthex.rollout.Instance.ReloadOutcome;
import io.narthex.rollout.RolloutState.Asked;
import io.narthex.rollout.RolloutState.Loaded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What each instance is known to have loaded, by its answers to reloads; and the reloads without an answer. */
final class Proofs {

    private final Map<String, Loaded> verified;
    private final Map<String, Asked> asked;
    private final Replicas replicas;
    private final Instant now;
    private long token;

    /** Whether an instance is known to have loaded a release. */
    enum Proof {
        /** It is. */
        THERE,
        /** It was asked, and hasn't answered yet. */
        PENDING,
        /** It is to be asked. */
        MISSING,
        /** Of the instance too much is unknown. */
        UNCLEAR
    }

    /** What an instance says against the release that it was to load. */
    record Objection(String instance, Release release, String message) {}

    Proofs(RolloutState before, Replicas replicas, Instant now) {
        verified = new HashMap<>(before.verified());
        asked = new HashMap<>(before.asked());
        token = before.token();
        this.replicas = replicas;
        this.now = now;
    }

    Map<String, Loaded> verified() {
        return verified;
    }

    Map<String, Asked> asked() {
        return asked;
    }

    long token() {
        return token;
    }

    /** Notes that these are asked to load a release; returns the question's token. */
    long ask(Set<String> names, Release release) {
        token++;
        for (String name : names) {
            replicas.find(name)
                    .ifPresent(instance -> asked.put(
                            name,
                            new Asked(
                                    token,
                                    now,
                                    release,
                                    instance.epoch(),
                                    instance.stamps(release),
                                    instance.lastReload(),
                                    instance.marker().equals(Optional.of(release.marker())))));
        }
        return token;
    }

    /**
     * Notes what was answered since.
     *
     * @param patience after this time without an answer there is none to come
     * @return what was said against releases
     */
    List<Objection> takeAnswers(Duration patience) {
        List<Objection> objections = new ArrayList<>();
        new TreeMap<>(asked).forEach((name, question) -> {
            Instance instance = replicas.find(name).orElse(null);
            if (instance == null || !instance.epoch().equals(question.epoch())) {
                asked.remove(name);
                return;
            }
            Optional<ReloadOutcome> outcome = instance.reload()
                    .filter(answer -> answer.token() == question.token())
                    .map(ReloadAnswer::outcome);
            if (outcome.isPresent()) {
                asked.remove(name);
                judge(name, instance, question, outcome.get())
                        .ifPresent(message -> objections.add(new Objection(name, question.release(), message)));
            } else if (now.isAfter(question.at().plus(patience))) {
                asked.remove(name);
            }
        });
        return objections;
    }

    /**
     * Returns what is said against the release. A proof holds only if the files are the ones that were there when the reload
     * was asked for, and Prometheus loaded them since: another answer than its own, or one to somebody else's reload, proves
     * nothing.
     */
    private Optional<String> judge(String name, Instance instance, Asked question, ReloadOutcome outcome) {
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
            return Optional.empty();
        }
        return switch (outcome) {
            case ReloadOutcome.Accepted()
            when shown && loaded -> {
                verified.put(name, new Loaded(release.generation(), question.epoch(), question.stamps()));
                yield Optional.empty();
            }
            case ReloadOutcome.Refused(String message) -> Optional.of(message);
            case ReloadOutcome.Accepted() when inPart -> Optional.of("Prometheus loaded only a part of it");
            case ReloadOutcome.Unknown(String message)
            when inPart -> Optional.of("Prometheus loaded only a part of it (" + message + ")");
            // Neither proved nor refused: it will be asked again.
            default -> Optional.empty();
        };
    }

    /** Returns whether one that sees the release's files is known to have loaded them; forgets what is true no more. */
    Proof of(String name, Instance instance, Release release) {
        if (instance.lastReload().isEmpty()) {
            return Proof.UNCLEAR;
        }
        if (proof(instance, release).equals(verified.get(name))) {
            if (instance.marker().isEmpty()) {
                return Proof.UNCLEAR;
            }
            if (instance.marker().get().equals(release.marker())
                    && instance.lastReload().get().successful()) {
                return Proof.THERE;
            }
        }
        verified.remove(name);
        Asked question = asked.get(name);
        return question != null && question.release().configuration().equals(release.configuration())
                ? Proof.PENDING
                : Proof.MISSING;
    }

    /** Returns whether this one serves as the release says, and is known to have loaded it from the files that it sees. */
    boolean isProved(String name, Release release) {
        return replicas.find(name)
                .filter(instance -> instance.run() == Instance.Run.READY
                        && instance.restartKey().equals(Optional.of(release.restartKey()))
                        && instance.sees(release)
                        && proof(instance, release).equals(verified.get(name))
                        && instance.marker().equals(Optional.of(release.marker()))
                        && instance.lastReload().filter(LastReload::successful).isPresent())
                .isPresent();
    }

    private static Loaded proof(Instance instance, Release release) {
        return new Loaded(release.generation(), instance.epoch(), instance.stamps(release));
    }
}
