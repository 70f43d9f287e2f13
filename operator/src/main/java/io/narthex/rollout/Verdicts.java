package io.narthex.rollout;

import io.narthex.rollout.Proofs.Objection;
import java.util.List;
import java.util.Optional;

/** What speaks against the desired release and the last good one. */
final class Verdicts {

    private Optional<Refusal> refusal;
    private Optional<String> lastGoodRefused = Optional.empty();
    private Optional<Objection> doubt = Optional.empty();

    Verdicts(Optional<Refusal> before) {
        refusal = before;
    }

    /** Returns why the desired release isn't to run. */
    Optional<Refusal> refusal() {
        return refusal;
    }

    /** Returns why even the last good release is refused, where that was heard just now. */
    Optional<String> lastGoodRefused() {
        return lastGoodRefused;
    }

    /** Returns what one says against the desired release, just now, that may only lack what it is to be started with. */
    Optional<Objection> doubt() {
        return doubt;
    }

    void forgetRefusalOfAnother(Release desired, Observed.Kept kept) {
        String id = desired.id();
        refusal = refusal.filter(r -> r.release().equals(id) && r.reason() != Reason.RETENTION_SHRINKS);
        if (refusal.isEmpty()) {
            refusal = kept.refusal().filter(r -> r.release().equals(id));
        }
    }

    /** Takes what instances said. One that was started for another release may refuse for the want of its next start. */
    void takeObjections(List<Objection> objections, Replicas replicas, Release desired, Observed.Kept kept) {
        for (Objection objection : objections) {
            Release release = objection.release();
            boolean isItsOwn = replicas.find(objection.instance())
                    .flatMap(Instance::restartKey)
                    .equals(Optional.of(release.restartKey()));
            if (isItsOwn) {
                refuse(release, desired, kept, Reason.CONFIG_REFUSED, objection.message());
            } else if (release.id().equals(desired.id())) {
                doubt = Optional.of(objection);
            }
        }
    }

    /**
     * Takes starts of the desired release that came to nothing.
     *
     * @param mostAttempts so many of one instance count as a refusal where the last good release is started otherwise
     */
    void takeFailures(
            List<Starts.Failure> failures,
            Tries tries,
            int mostAttempts,
            Delivery delivery,
            Release desired,
            Observed.Kept kept) {
        for (Starts.Failure failure : failures) {
            String message = failure.exit().message();
            if (failure.isJudgementOf(desired, kept, delivery)) {
                refuse(desired, desired, kept, Reason.CONFIG_REFUSED, message);
            } else if (tries.of(Tries.startOf(failure.name())) >= mostAttempts
                    && kept.lastGood()
                            .filter(good -> !good.restartKey().equals(desired.restartKey()))
                            .isPresent()) {
                refuse(desired, desired, kept, Reason.START_FAILED, message);
            }
        }
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

    void refuseDataLoss(Release desired, Observed.Kept kept) {
        if (refusal.isPresent()
                || desired.retention().allowDataLoss()
                || kept.lastGood().isEmpty()) {
            return;
        }
        refusal = Retentions.shrinks(kept.lastGood().get().retention(), desired.retention())
                .map(how -> new Refusal(desired.id(), Reason.RETENTION_SHRINKS, how));
    }

    /** Takes what the static check said. */
    void takeCheck(Observed.Checked answer) {
        refusal = answer.refusal().map(message -> new Refusal(answer.release(), Reason.CHECK_REFUSED, message));
    }
}
