package io.narthex.reconcile;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was made last and of what, so that the same isn't made twice in a row. From any thread.
 *
 * @param <V> what is made
 */
public final class Latest<V> {

    // Guarded by this.
    private @Nullable Object origin;
    private @Nullable V value;

    /** Makes one that remembers nothing. */
    public Latest() {}

    /**
     * Returns what is made of something: the very same as before where that equals what it was made of.
     *
     * @param from of what it is made; nothing else may count. Where it shares what doesn't change, comparing costs nothing
     * @param maker makes it
     */
    public synchronized V of(Object from, Supplier<V> maker) {
        V known = value;
        if (known != null && from.equals(origin)) {
            return known;
        }
        V fresh = maker.get();
        origin = from;
        value = fresh;
        return fresh;
    }
}
