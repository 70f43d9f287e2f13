package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which bindings are to be written or deleted when, and which at the same time. What is withdrawn goes first. In a namespace
 * one follows the other, and what is done once more leaves room for what is new, so that namespaces where the API server hardly
 * answers hold up no other. Asks nobody and waits for nothing. For one thread at a time.
 */
final class BindingQueue {

    /** So many are carried out at once: each may take half a minute, and the API server has room for a limited number. */
    static final int AT_ONCE = 32;

    /** So many of these may be tried once more, or be there already. */
    static final int AGAIN_AT_ONCE = AT_ONCE / 2;

    /** No watch tells that what was in the way of one is gone. */
    static final Backoff PAUSES = new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(30));

    private static final Comparator<Entry> FIRST = Comparator.<Entry>comparingInt(entry -> rank(entry.task))
            .thenComparing(entry -> entry.failures > 0)
            .thenComparing(entry -> entry.isThere)
            .thenComparing(entry -> entry.dueAt);

    private final Map<String, Entry> entries = new TreeMap<>();

    /** Something to be done. */
    sealed interface Task {

        /** Returns what it is about; there is one task of a name at a time. */
        String name();

        /** Returns where it is done: a namespace, an empty name for the cluster, or what is neither. */
        String place();
    }

    /** Something to be done about one binding. */
    sealed interface OfBinding extends Task {

        HasMetadata binding();

        @Override
        default String name() {
            return BindingQueue.name(binding());
        }

        @Override
        default String place() {
            return namespace(binding());
        }
    }

    /** A look at all bindings there are, for those that nobody wants any more. */
    record Look() implements Task {

        @Override
        public String name() {
            return "The list of bindings";
        }

        @Override
        public String place() {
            return name();
        }
    }

    /** A binding that is to be there no more. */
    record Delete(HasMetadata binding) implements OfBinding {}

    /** A binding that is to be there as it is here. */
    record Write(HasMetadata binding) implements OfBinding {}

    /** A binding that is left as it is, whether it is there or not. */
    record Leave(HasMetadata binding) implements OfBinding {}

    private static final class Entry {
        Task task;
        Instant dueAt;
        int failures;
        boolean isBusy;
        /** Whether it has been done, and may be done again. */
        boolean isThere;

        Entry(Task task, Instant dueAt) {
            this.task = task;
            this.dueAt = dueAt;
        }

        boolean isAgain() {
            return failures > 0 || isThere;
        }
    }

    private static int rank(Task task) {
        return switch (task) {
            case Look _ -> 0;
            case Delete _ -> 1;
            case Write _ -> 2;
            case Leave _ -> 3;
        };
    }

    private static String namespace(HasMetadata binding) {
        String namespace = binding.getMetadata().getNamespace();
        return namespace == null ? "" : namespace;
    }

    /** Returns how a binding is called in words. */
    static String name(HasMetadata binding) {
        String namespace = namespace(binding);
        return binding.getKind() + " " + (namespace.isEmpty() ? "" : namespace + "/")
                + binding.getMetadata().getName();
    }

    /**
     * Has these be there from now on, and of those that were to be there no others.
     *
     * @param left those that may be there, and that nothing is done about
     */
    void want(Collection<HasMetadata> all, Collection<HasMetadata> left, Instant now) {
        Set<String> names = new HashSet<>();
        Stream.of(all, left).flatMap(Collection::stream).forEach(binding -> names.add(name(binding)));
        for (Entry entry : entries.values()) {
            if (!names.contains(entry.task.name())) {
                wanted(entry.task).ifPresent(binding -> replace(entry, new Delete(binding), now));
            }
        }
        left.forEach(binding -> put(new Leave(binding), Instant.MAX));
        all.forEach(binding -> put(new Write(binding), now));
    }

    private static Optional<HasMetadata> wanted(Task task) {
        return switch (task) {
            case Write(HasMetadata binding) -> Optional.of(binding);
            case Leave(HasMetadata binding) -> Optional.of(binding);
            case Look _, Delete _ -> Optional.empty();
        };
    }

    /** Returns whether a binding of this name may be there. */
    boolean isWanted(String name) {
        Entry entry = entries.get(name);
        return entry != null && wanted(entry.task).isPresent();
    }

    /** Has something done in place of what else was to be done of that name. What is to be done already has its time. */
    void put(Task task, Instant now) {
        Entry entry = entries.get(task.name());
        if (entry == null) {
            entries.put(task.name(), new Entry(task, now));
        } else if (!entry.task.equals(task)) {
            replace(entry, task, now);
        }
    }

    private static void replace(Entry entry, Task task, Instant now) {
        entry.task = task;
        entry.dueAt = now;
        entry.failures = 0;
        entry.isThere = false;
    }

    /** Has all that are there be written once more. */
    void restore(Instant now) {
        for (Entry entry : entries.values()) {
            if (entry.isThere && now.isBefore(entry.dueAt)) {
                entry.dueAt = now;
            }
        }
    }

    /** Returns what to do now, and to say of that it has {@link #ended}; empty for nothing more at the moment. */
    Optional<Task> next(Instant now) {
        int busy = 0;
        int again = 0;
        Set<String> places = new HashSet<>();
        for (Entry entry : entries.values()) {
            if (entry.isBusy) {
                busy++;
                again += entry.isAgain() ? 1 : 0;
                places.add(entry.task.place());
            }
        }
        if (busy >= AT_ONCE) {
            return Optional.empty();
        }
        boolean onlyNew = again >= AGAIN_AT_ONCE;
        Optional<Entry> next = entries.values().stream()
                .filter(entry -> !entry.isBusy
                        && !now.isBefore(entry.dueAt)
                        && !(onlyNew && entry.isAgain())
                        && !places.contains(entry.task.place()))
                .min(FIRST);
        next.ifPresent(entry -> entry.isBusy = true);
        return next.map(entry -> entry.task);
    }

    /** Returns whether nothing is under way, or due by now. */
    boolean isThrough(Instant now) {
        return entries.values().stream().noneMatch(entry -> entry.isBusy || !now.isBefore(entry.dueAt));
    }

    /** Returns when something will be due that isn't yet; {@link Instant#MAX} for nothing. */
    Instant dueAfter(Instant now) {
        return entries.values().stream()
                .filter(entry -> !entry.isBusy && now.isBefore(entry.dueAt))
                .map(entry -> entry.dueAt)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MAX);
    }

    /** Says that what {@link #next} returned is over, and whether it was done; else it is due later, unless it is another by now. */
    void ended(Task task, boolean done, Instant now) {
        Entry entry = entries.get(task.name());
        if (entry == null) {
            throw new IllegalArgumentException(task.name() + " wasn't to be done");
        }
        entry.isBusy = false;
        if (!entry.task.equals(task)) {
            return;
        }
        if (!done) {
            entry.isThere = false;
            entry.failures++;
            entry.dueAt = now.plus(PAUSES.after(entry.failures));
        } else if (task instanceof Write) {
            entry.isThere = true;
            entry.failures = 0;
            entry.dueAt = Instant.MAX;
        } else {
            entries.remove(task.name());
        }
    }
}
