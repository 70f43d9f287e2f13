package io.narthex.compiler.assemble;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Says what goes where there is too much, so that no namespace takes the room of others: the namespace that adds most
 * goes without its largest, until the rest fits.
 *
 * @param <T> what takes room
 */
public final class FairRoom<T> {

    private final Function<? super T, String> namespace;
    private final ToLongFunction<? super T> bytes;
    private final Comparator<? super T> order;

    private static final class Share<T> {
        private final String namespace;
        private final PriorityQueue<T> items;
        private long bytes;

        private Share(String namespace, Comparator<? super T> largestFirst) {
            this.namespace = namespace;
            this.items = new PriorityQueue<>(largestFirst);
        }
    }

    /**
     * Makes one.
     *
     * @param namespace whose something is
     * @param bytes what it takes, in bytes
     * @param order which of two of the same size goes first
     */
    public FairRoom(
            Function<? super T, String> namespace, ToLongFunction<? super T> bytes, Comparator<? super T> order) {
        this.namespace = namespace;
        this.bytes = bytes;
        this.order = order;
    }

    /**
     * Returns what goes, in the order in which it does; nothing where all fits.
     *
     * @param all what there is
     * @param room for how much there is room, in bytes
     */
    public List<T> leftOut(Collection<? extends T> all, long room) {
        long left = 0;
        for (T item : all) {
            left += bytes.applyAsLong(item);
        }
        if (left <= room) {
            return List.of();
        }
        Comparator<T> largestFirst =
                Comparator.<T>comparingLong(bytes).reversed().thenComparing(order);
        Map<String, Share<T>> shares = new TreeMap<>();
        for (T item : all) {
            Share<T> share = shares.computeIfAbsent(namespace.apply(item), name -> new Share<>(name, largestFirst));
            share.items.add(item);
            share.bytes += bytes.applyAsLong(item);
        }
        PriorityQueue<Share<T>> most = new PriorityQueue<>(Comparator.<Share<T>>comparingLong(share -> share.bytes)
                .reversed()
                .thenComparing(share -> share.namespace));
        most.addAll(shares.values());
        List<T> out = new ArrayList<>();
        while (left > room && !most.isEmpty()) {
            Share<T> share = most.remove();
            T item = share.items.remove();
            out.add(item);
            share.bytes -= bytes.applyAsLong(item);
            left -= bytes.applyAsLong(item);
            if (!share.items.isEmpty()) {
                most.add(share);
            }
        }
        return List.copyOf(out);
    }
}
