package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.narthex.rollout.kubernetes.ServerObjects;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server has besides its StatefulSet and its configuration. An object of these that can't be written keeps nothing else
 * from a server that runs: it is tried again, ever more rarely. For one thread.
 */
final class SideObjects {

    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Duration SECOND = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final ServerObjects objects;
    private final IdentitySecret identity;
    private final InstantSource timer;
    private Optional<Unready> unready = Optional.empty();
    private Instant tryAt = Instant.MAX;
    private boolean isDue;
    private int tries;

    /**
     * An account as which pods can't run yet.
     *
     * @param account its name
     * @param why what stands in the way
     */
    record Unready(String account, String why) {}

    SideObjects(ServerObjects objects, IdentitySecret identity, InstantSource timer) {
        this.objects = objects;
        this.identity = identity;
        this.timer = timer;
    }

    /** Returns when to call {@link #look}; {@link Instant#MAX} where nothing is missing, or it is time already. */
    Instant lookAt() {
        return tryAt;
    }

    /** Notes whether it is time to try again. */
    void look() {
        if (!timer.instant().isBefore(tryAt)) {
            tryAt = Instant.MAX;
            isDue = true;
        }
    }

    /** Tries once more, where it is time, to write what was refused. */
    void tryAgain() {
        if (isDue) {
            isDue = false;
            identity.keep();
            objects.writeMissing();
            unready = Optional.empty();
        }
    }

    /** Says when to try again; to be called after everything that writes. */
    void plan() {
        if (identity.obstacle().isEmpty() && objects.obstacle().isEmpty() && unready.isEmpty()) {
            tries = 0;
            tryAt = Instant.MAX;
        } else if (tryAt.equals(Instant.MAX)) {
            Duration pause = tries == 0 ? FIRST : SECOND.multipliedBy(1L << Math.min(tries - 1, 5));
            tries++;
            tryAt = timer.instant().plus(pause.compareTo(LONGEST) > 0 ? LONGEST : pause);
        }
    }

    /** Returns what isn't as it is wanted; empty for nothing, and for what may be over in a moment. */
    Optional<String> lacking() {
        return tries < 2
                ? Optional.empty()
                : Stream.of(identity.obstacle(), objects.obstacle())
                        .flatMap(Optional::stream)
                        .reduce((one, other) -> one + "; " + other);
    }

    /** Writes what an account needs to exist, with its rights; returns whether all of that is there. */
    boolean prepare(String account, List<HasMetadata> itsObjects) {
        unready = objects.writeFirst(itsObjects).map(why -> new Unready(account, why));
        return unready.isEmpty();
    }

    /** Returns the account that couldn't be prepared; empty for none, and where that is to be tried again. */
    Optional<Unready> unready() {
        return unready;
    }
}
