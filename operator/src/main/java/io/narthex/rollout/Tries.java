package io.narthex.rollout;

import io.narthex.rollout.RolloutState.Attempts;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** How often each kind of thing was tried for a goal, and when it may be tried again. */
final class Tries {

    private final Map<String, Attempts> attempts;
    private final Pace pace;
    private final Instant now;

    Tries(Map<String, Attempts> before, Pace pace, Instant now) {
        attempts = new HashMap<>(before);
        this.pace = pace;
        this.now = now;
    }

    static String startOf(String name) {
        return "start/" + name;
    }

    static String restartOf(String name) {
        return "restart/" + name;
    }

    static String reloadOf(String name) {
        return "reload/" + name;
    }

    int of(String what) {
        Attempts done = attempts.get(what);
        return done == null ? 0 : done.count();
    }

    boolean isDue(String what) {
        Attempts done = attempts.get(what);
        return done == null || !now.isBefore(done.notBefore());
    }

    void count(String what) {
        int count = of(what) + 1;
        attempts.put(what, new Attempts(count, now.plus(pace.pause(count))));
    }

    void forget() {
        attempts.clear();
    }

    Map<String, Attempts> all() {
        return attempts;
    }
}
