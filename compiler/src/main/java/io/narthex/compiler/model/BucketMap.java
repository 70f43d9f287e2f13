package io.narthex.compiler.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map whose versions share what they have in common: a change copies one small bucket and the two short
 * arrays above it, and what differs between two versions is found without looking at what they share.
 *
 * <p>Entries lie in 64 times 64 buckets by their keys' hash, so a bucket of a map of 10,000 holds two or three. The order
 * of iteration means nothing; whoever shows entries sorts them.
 *
 * @param <K> the keys' type
 * @param <V> the values' type
 */
@SuppressWarnings("ReferenceEquality") // Versions are told apart by what they share, never by comparing contents.
public final class BucketMap<K, V> {

    private static final int WIDTH = 64;

    /** Told of an entry that differs between two versions. */
    @FunctionalInterface
    public interface Difference<K, V> {

        /**
         * Takes one entry.
         *
         * @param key its key
         * @param before the value in the older version, null where it lacks the key
         * @param after the value in the newer version, null where it lacks the key
         */
        void accept(K key, @Nullable V before, @Nullable V after);
    }

    /** One entry and the others of its bucket. */
    private record Link<K, V>(K key, V value, @Nullable Link<K, V> next) {

        static <K, V> @Nullable V find(@Nullable Link<K, V> first, K key) {
            for (Link<K, V> link = first; link != null; link = link.next) {
                if (link.key.equals(key)) {
                    return link.value;
                }
            }
            return null;
        }

        /** Anybody may choose keys that fall into one bucket, so its length can't be one of the stack. */
        static <K, V> @Nullable Link<K, V> without(@Nullable Link<K, V> first, K key) {
            Link<K, V> rest = null;
            for (Link<K, V> link = first; link != null; link = link.next) {
                if (link.key.equals(key)) {
                    rest = link.next;
                    for (Link<K, V> before = first; before != null && before != link; before = before.next) {
                        rest = new Link<>(before.key, before.value, rest);
                    }
                    return rest;
                }
            }
            return first;
        }
    }

    /** Some buckets side by side. */
    private static final class Branch<K, V> {

        private static final Branch<?, ?> NONE = new Branch<>(newBuckets());

        private final @Nullable Link<K, V>[] buckets;

        private Branch(@Nullable Link<K, V>[] buckets) {
            this.buckets = buckets;
        }

        @SuppressWarnings("unchecked") // An array that holds nothing yet holds nothing of a wrong type.
        private static <K, V> @Nullable Link<K, V>[] newBuckets() {
            return (@Nullable Link<K, V>[]) new @Nullable Link<?, ?>[WIDTH];
        }

        Branch<K, V> with(int bucket, @Nullable Link<K, V> content) {
            @Nullable Link<K, V>[] changed = buckets.clone();
            changed[bucket] = content;
            return new Branch<>(changed);
        }
    }

    private static final BucketMap<?, ?> EMPTY = new BucketMap<>(emptyBranches(), 0);

    private final Branch<K, V>[] branches;
    private final int size;

    private BucketMap(Branch<K, V>[] branches, int size) {
        this.branches = branches;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // The empty branch holds nothing of a wrong type.
    private static <K, V> Branch<K, V>[] emptyBranches() {
        Branch<?, ?>[] none = new Branch<?, ?>[WIDTH];
        Arrays.fill(none, Branch.NONE);
        return (Branch<K, V>[]) none;
    }

    /** Returns the map without entries. */
    @SuppressWarnings("unchecked") // It holds nothing of a wrong type.
    public static <K, V> BucketMap<K, V> empty() {
        return (BucketMap<K, V>) EMPTY;
    }

    /** Returns the value of {@code key}, if there is one. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(find(key));
    }

    /** Returns the value of {@code key}, or null. */
    public @Nullable V find(K key) {
        int hash = spread(key);
        return Link.find(branches[branch(hash)].buckets[bucket(hash)], key);
    }

    /** Returns this map with {@code key} meaning {@code value}; this very map where it already means that instance. */
    public BucketMap<K, V> with(K key, V value) {
        int hash = spread(key);
        Link<K, V> first = branches[branch(hash)].buckets[bucket(hash)];
        V before = Link.find(first, key);
        if (before == value) {
            return this;
        }
        Link<K, V> others = before == null ? first : Link.without(first, key);
        return replace(hash, new Link<>(key, value, others), before == null ? size + 1 : size);
    }

    /** Returns this map without {@code key}; this very map where it lacks the key. */
    public BucketMap<K, V> without(K key) {
        int hash = spread(key);
        Link<K, V> first = branches[branch(hash)].buckets[bucket(hash)];
        return Link.find(first, key) == null ? this : replace(hash, Link.without(first, key), size - 1);
    }

    private BucketMap<K, V> replace(int hash, @Nullable Link<K, V> bucket, int newSize) {
        Branch<K, V>[] changed = branches.clone();
        changed[branch(hash)] = changed[branch(hash)].with(bucket(hash), bucket);
        return new BucketMap<>(changed, newSize);
    }

    /** Returns how many entries there are. */
    public int size() {
        return size;
    }

    /** Returns whether there is no entry. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Shows all entries to {@code action}, in no particular order. */
    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (Branch<K, V> branch : branches) {
            if (branch == Branch.NONE) {
                continue;
            }
            for (Link<K, V> first : branch.buckets) {
                for (Link<K, V> link = first; link != null; link = link.next) {
                    action.accept(link.key, link.value);
                }
            }
        }
    }

    /** Returns all keys, in no particular order. */
    public Stream<K> keys() {
        Stream.Builder<K> keys = Stream.builder();
        forEach((key, value) -> keys.add(key));
        return keys.build();
    }

    /** Returns all values, in no particular order. */
    public Stream<V> values() {
        Stream.Builder<V> values = Stream.builder();
        forEach((key, value) -> values.add(value));
        return values.build();
    }

    /**
     * Shows to {@code action} each key whose value isn't the same instance in {@code before} and in this map. Costs what
     * differs, where one map was made from the other.
     */
    public void differences(BucketMap<K, V> before, Difference<? super K, ? super V> action) {
        for (int b = 0; b < WIDTH; b++) {
            Branch<K, V> mine = branches[b];
            Branch<K, V> its = before.branches[b];
            if (mine == its) {
                continue;
            }
            for (int i = 0; i < WIDTH; i++) {
                Link<K, V> now = mine.buckets[i];
                Link<K, V> old = its.buckets[i];
                if (now != old) {
                    differences(old, now, action);
                }
            }
        }
    }

    private static <K, V> void differences(
            @Nullable Link<K, V> old, @Nullable Link<K, V> now, Difference<? super K, ? super V> action) {
        for (Link<K, V> link = now; link != null; link = link.next) {
            V value = Link.find(old, link.key);
            if (value != link.value) {
                action.accept(link.key, value, link.value);
            }
        }
        for (Link<K, V> link = old; link != null; link = link.next) {
            if (Link.find(now, link.key) == null) {
                action.accept(link.key, link.value, null);
            }
        }
    }

    /** Spreads what little the low bits of many hash codes tell. */
    private static int spread(Object key) {
        int h = key.hashCode() * 0x9E3779B9;
        return h ^ h >>> 15;
    }

    private static int branch(int hash) {
        return hash >>> 6 & WIDTH - 1;
    }

    private static int bucket(int hash) {
        return hash & WIDTH - 1;
    }

    @Override
    public String toString() {
        return "BucketMap of " + size;
    }
}
