package io.narthex.rollout.simulation;

import java.util.List;

/** A promise of the engine that wasn't kept. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    Violation(String promise) {
        super(promise);
    }

    private Violation(String message, Violation cause) {
        super(message, cause);
    }

    Violation after(long seed, List<String> steps) {
        return new Violation("seed " + seed + ": " + getMessage() + "\n  " + String.join("\n  ", steps), this);
    }

    static void unless(boolean kept, String promise) {
        if (!kept) {
            throw new Violation(promise);
        }
    }
}
