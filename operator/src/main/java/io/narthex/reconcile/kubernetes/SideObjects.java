package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.rollout.kubernetes.ServerObjects;
import io.narthex.rollout.kubernetes.VolumeClaims;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a server has besides its StatefulSet and its configuration. An object of these that can't be written keeps nothing else
 * from a server that runs: it is tried again, ever more rarely, and nobody waits for the API server longer than a moment.
 *
 * <p>For the thread that reconciles the server; what is written is so by that of the writes.
 */
final class SideObjects {

    /** So long a write is waited for, so that what follows it finds it done. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration FIRST = Duration.ofMillis(300);
    private static final Backoff FURTHER = new Backoff(Duration.ofSeconds(3), Duration.ofMinutes(1));
    private static final Backoff URGENT = new Backoff(FURTHER.first(), Duration.ofSeconds(30));
    /** After so many tries what is in the way is told of. */
    private static final int TOLD = 2;

    /** What is told of a write that takes longer than is waited for. */
    static final String SLOW =
            "the API server hasn't answered yet; has it too much to do, or does it wait for an admission webhook?";

    private final ServerObjects objects;
    private final VolumeClaims claims;
    private final IdentitySecret identity;
    private final LaterWrites writes;
    private final InstantSource timer;

    private List<HasMetadata> wanted = List.of();
    /** Whether something else was written since, in place of some of these. */
    private boolean unsure;

    private Instant tryAt = Instant.MAX;
    private boolean isDue;
    private int tries;
    /** What couldn't be prepared before it was time to try again. */
    private Optional<Unready> earlier = Optional.empty();

    // Guarded by this: what became of the writes.
    private List<HasMetadata> written = List.of();
    private Optional<String> refused = Optional.empty();
    private VolumeClaims.State storage = VolumeClaims.State.AS_WANTED;
    private List<HasMetadata> preparing = List.of();
    private List<HasMetadata> prepared = List.of();
    private Optional<Unready> unready = Optional.empty();
    /** Why not all is there that others write for the server elsewhere. */
    private Optional<String> elsewhere = Optional.empty();

    /**
     * An account as which pods can't run yet.
     *
     * @param account its name
     * @param why what stands in the way
     */
    record Unready(String account, String why) {}

    SideObjects(
            ServerObjects objects,
            VolumeClaims claims,
            IdentitySecret identity,
            LaterWrites writes,
            InstantSource timer) {
        this.objects = objects;
        this.claims = claims;
        this.identity = identity;
        this.writes = writes;
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

    /** Notes that the server or what it takes became another: what is missing is tried at once, and soon again. */
    void changed() {
        if (tryAt.isBefore(Instant.MAX)) {
            tries = Math.min(tries, TOLD);
            tryAt = Instant.MAX;
            isDue = true;
        }
    }

    /** Tries once more, where it is time, to read and to write what was refused. */
    void tryAgain() {
        if (!isDue || !writes.isThrough()) {
            return;
        }
        isDue = false;
        identity.lookAgain();
        synchronized (this) {
            earlier = unready;
            unready = Optional.empty();
        }
        List<HasMetadata> all = wanted;
        writes.submit("what is missing", () -> {
            identity.keep();
            objects.writeMissing();
            note(all);
        });
    }

    /**
     * Says when to try again; to be called after everything that writes.
     *
     * @param isUrgent whether nothing of the server goes on without it
     */
    void plan(boolean isUrgent) {
        if (identity.obstacle().isEmpty() && refused().isEmpty() && unready().isEmpty()) {
            tries = 0;
            tryAt = Instant.MAX;
        } else if (tryAt.equals(Instant.MAX) && !isDue && writes.isThrough()) {
            Duration pause = (isUrgent ? URGENT : FURTHER).after(tries);
            tryAt = timer.instant().plus(tries == 0 ? FIRST : pause);
            tries++;
        }
    }

    /** Returns what isn't as it is wanted; empty for nothing, and for what may be over in a moment. */
    Optional<String> lacking() {
        Stream<Optional<String>> own = tries < TOLD ? Stream.empty() : Stream.of(identity.obstacle(), refused());
        return Stream.concat(own, Stream.of(elsewhere()))
                .flatMap(Optional::stream)
                .reduce((one, other) -> one + "; " + other);
    }

    private synchronized Optional<String> elsewhere() {
        return elsewhere;
    }

    /**
     * Says why not all of the server's objects outside its namespace are there, which somebody else writes; empty where they
     * are. Returns whether that is news. From any thread.
     */
    synchronized boolean elsewhere(Optional<String> why) {
        boolean changed = !why.equals(elsewhere);
        elsewhere = why;
        return changed;
    }

    /** Makes sure that Narthex can come in, where that can be; returns whether it can. */
    boolean provideIdentity() {
        if (identity.provide()) {
            writes.submit("the identity", identity::keep);
        }
        return identity.find().isPresent();
    }

    /** Has these be the server's from now on, and no others; returns whether all of them are there as far as is known. */
    boolean write(List<HasMetadata> all) throws InterruptedException {
        boolean others = !all.equals(wanted);
        if (others) {
            // It may be what was refused that became another.
            tries = Math.min(tries, TOLD);
            tryAt = Instant.MAX;
        }
        if (others || (unsure && !isPreparing())) {
            wanted = all;
            unsure = false;
            writes.submit("the objects", () -> {
                objects.write(all);
                note(all);
            });
        }
        if (others) {
            writes.await(PATIENCE);
        }
        synchronized (this) {
            return written.equals(wanted);
        }
    }

    /** Returns why not all of what was to be written last is there; empty where it is. */
    synchronized Optional<String> obstacle() {
        return written.equals(wanted) ? Optional.empty() : refused.or(() -> Optional.of(SLOW));
    }

    private synchronized void note(List<HasMetadata> all) {
        refused = objects.obstacle();
        written = refused.isEmpty() ? all : List.of();
        if (!all.containsAll(prepared)) {
            // It was written over.
            prepared = List.of();
        }
    }

    private synchronized Optional<String> refused() {
        return refused;
    }

    /** Has the volumes grow to what is wanted, and what others changed or deleted be as it was. */
    void recheck(StatefulSet set) {
        List<HasMetadata> all = wanted;
        writes.submit("all of them again", () -> {
            VolumeClaims.State now = claims.grow(set);
            synchronized (this) {
                storage = now;
            }
            objects.restore();
            note(all);
        });
    }

    /** Returns how the volumes are, as far as is known. */
    synchronized VolumeClaims.State storage() {
        return storage;
    }

    /**
     * Writes what an account needs to exist, with its rights; returns whether all of that is there, and so is an account that
     * isn't among the objects. While it is tried again, what was in the way still is.
     */
    boolean prepare(String account, List<HasMetadata> itsObjects) throws InterruptedException {
        Optional<Unready> before = earlier.filter(one -> one.account().equals(account));
        synchronized (this) {
            if (itsObjects.equals(prepared)) {
                unready = Optional.empty();
                return true;
            }
            if (!itsObjects.equals(preparing)) {
                preparing = itsObjects;
                writes.submit(
                        "the account", () -> prepared(account, itsObjects, objects.writeAccount(account, itsObjects)));
                unsure = true;
            }
        }
        if (before.isEmpty()) {
            writes.await(PATIENCE);
        }
        synchronized (this) {
            if (itsObjects.equals(preparing)) {
                unready = before.or(() -> Optional.of(new Unready(account, SLOW)));
            }
            return unready.isEmpty();
        }
    }

    private synchronized boolean isPreparing() {
        return !preparing.isEmpty();
    }

    private synchronized void prepared(String account, List<HasMetadata> itsObjects, Optional<String> why) {
        if (itsObjects.equals(preparing)) {
            preparing = List.of();
            prepared = why.isEmpty() ? itsObjects : List.of();
            unready = why.map(words -> new Unready(account, words));
        }
    }

    /** Returns the account that couldn't be prepared; empty for none, and where that is to be tried again. */
    synchronized Optional<Unready> unready() {
        return unready;
    }
}
