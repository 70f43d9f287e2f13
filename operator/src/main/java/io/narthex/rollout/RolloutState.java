package io.narthex.rollout;

import io.narthex.rollout.Instance.LastReload;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the engine remembers from one decision to the next. It may be lost at any time: then nothing counts as verified
 * and the engine reloads again.
 *
 * @param token the number of the last reload asked for
 * @param target the {@link Release#configuration()} worked towards; empty before the first
 * @param since when the current reason began
 * @param calmSince since when nothing had to be done; empty while something has to be
 * @param verified what each instance is known to have loaded
 * @param asked the reloads without an answer
 * @param started the starts asked for
 * @param attempts how often each kind of thing was tried for the target
 * @param awaySince since when instances don't serve
 * @param refusal why the desired release isn't run
 * @param checked the {@link Release#id()} that passed the static check
 * @param searched the {@link Release#id()} whose culprit is or was searched
 * @param doubted the same, where only instances that are yet to be replaced refuse it; forgotten with the target
 * @param status what the user is told
 */
public record RolloutState(
        long token,
        Optional<String> target,
        Instant since,
        Optional<Instant> calmSince,
        Map<String, Loaded> verified,
        Map<String, Asked> asked,
        Map<String, Started> started,
        Map<String, Attempts> attempts,
        Map<String, Instant> awaySince,
        Optional<Refusal> refusal,
        Optional<String> checked,
        Optional<String> searched,
        Optional<String> doubted,
        Status status) {

    public RolloutState {
        verified = Map.copyOf(verified);
        asked = Map.copyOf(asked);
        started = Map.copyOf(started);
        attempts = Map.copyOf(attempts);
        awaySince = Map.copyOf(awaySince);
    }

    /** Returns the state of an operator that has just started, with nothing known. */
    public static RolloutState initial() {
        return new RolloutState(
                0,
                Optional.empty(),
                Instant.MIN,
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Status(
                        Status.Phase.WAITING,
                        Reason.NOTHING_DESIRED,
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        List.of()));
    }

    /** A proof: this process loaded this generation from these files. */
    record Loaded(String generation, String epoch, String stamps) {}

    /**
     * A reload without an answer, and what there was when it was asked for: the process, the files, its last reload,
     * whether it showed the release's marker already.
     */
    record Asked(
            long token,
            Instant at,
            Release release,
            String epoch,
            String stamps,
            Optional<LastReload> before,
            boolean shown) {}

    /** A start that was asked for, the process that had ended before, and which files there were. */
    record Started(String release, String exitBefore, String version, String stamps) {}

    /** How often something was tried, and when it may be tried again. */
    record Attempts(int count, Instant notBefore) {}
}
