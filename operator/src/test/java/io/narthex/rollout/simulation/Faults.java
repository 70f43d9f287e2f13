package io.narthex.rollout.simulation;

import java.util.SplittableRandom;

/**
 * How often what goes wrong, each a probability per occasion.
 *
 * @param lostWrite a write is said to be done and isn't
 * @param failedWrite a write fails, after a part of it, all of it or nothing was done
 * @param staleRead what is kept is read as it was a while ago
 * @param unreadable what is kept can't be read
 * @param foreignWrite another writer changes or deletes a published file
 * @param operatorCrash the operator loses all that it remembers before it carries out a decision
 * @param lateAction a decision is carried out a while later once more, as by a leader that doesn't know it was deposed
 * @param serverCrash a Prometheus ends
 * @param unreachable a Prometheus can't be reached for one look
 * @param unknown one thing that is asked of a Prometheus isn't answered
 * @param lostReload a reload isn't delivered
 * @param lostAnswer a reload's answer is lost
 * @param slowReload a reload takes long
 * @param lie a reload is said to be done and isn't
 * @param lostNudge a nudge has no effect
 * @param stall an action takes long
 * @param newWish the user wants something else
 */
record Faults(
        double lostWrite,
        double failedWrite,
        double staleRead,
        double unreadable,
        double foreignWrite,
        double operatorCrash,
        double lateAction,
        double serverCrash,
        double unreachable,
        double unknown,
        double lostReload,
        double lostAnswer,
        double slowReload,
        double lie,
        double lostNudge,
        double stall,
        double newWish) {

    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns faults of which each is absent, rare or frequent. */
    static Faults of(SplittableRandom random) {
        return new Faults(
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random) / 2,
                rate(random),
                rate(random),
                rate(random) / 8,
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random),
                rate(random) / 2 + 0.01);
    }

    private static double rate(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> 0;
            case 2 -> 0.03;
            default -> 0.25;
        };
    }
}
