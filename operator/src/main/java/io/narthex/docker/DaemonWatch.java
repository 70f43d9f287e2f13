package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.time.Backoff;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a Docker daemon for something again and again: soon after an event that concerns it, now and then whatever events
 * said, and after a failure at growing intervals until it answers. What is asked for and what is made of the answer is the
 * subject's.
 *
 * <p>Any thread may call any method.
 */
final class DaemonWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonWatch.class);

    /** The shortest time from one asking to the next: several events of one change are taken together. */
    private static final Duration SHORTEST = Duration.ofMillis(200);
    /** Asking takes at most one part in so many of the time. */
    private static final int SHARE = 5;

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    /** How long after it was due an answer still counts as of now. */
    private static final Duration STALE = Duration.ofSeconds(30);

    /**
     * A stream of events on which nothing was heard for so long is replaced. A machine that loses power doesn't say so, and
     * neither does what forgets a connection on its way, such as IPVS, of which a Swarm's virtual addresses are made, after
     * 15 minutes.
     */
    static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    /** What is followed. {@link #ask} and {@link #pause} are called by one thread, the others by another. */
    interface Subject {

        /** Returns what it is, as an error names it: {@code The Swarm}. */
        String inWords();

        /** Returns the types of events that may concern it. */
        Set<String> eventTypes();

        /** Returns whether the next asking is to come soon because of this event; remembers that for {@link #pause}. */
        boolean concerns(JsonNode event);

        /** Takes note that events may have been missed. */
        void eventsMissed();

        /**
         * Asks the daemon.
         *
         * @throws DockerException where it doesn't answer as it should
         */
        void ask() throws InterruptedException;

        /**
         * Returns how long it waits from one asking to the next if nothing more happens, zero for as short as the daemon
         * allows; called anew at each {@link DaemonWatch#wake}.
         */
        Duration pause(Instant now);
    }

    private final String name;
    private final DockerClient client;
    private final InstantSource timer;
    private final Subject subject;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread poll;
    private final Thread events;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition awake = lock.newCondition();

    private volatile Optional<String> problem = Optional.empty();
    /** Why events aren't heard, of a daemon that answers otherwise. */
    private volatile Optional<String> deaf = Optional.empty();
    /** When the stream of events was opened that is being read. */
    private volatile Instant listening = Instant.MAX;
    /** When something was heard on it last, its opening too. */
    private volatile Instant heard = Instant.MAX;

    // Guarded by the lock.
    private @Nullable Closeable stream;
    private boolean closed;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param name names it, for logs
     * @param client asks; not closed here
     * @param timer tells how time passes, whatever becomes of the machine's clock
     * @param subject what is followed
     */
    DaemonWatch(String name, DockerClient client, InstantSource timer, Subject subject) {
        this.name = name;
        this.client = client;
        this.timer = timer;
        this.subject = subject;
        this.poll = Thread.ofVirtual().name(name + "-poll").unstarted(this::poll);
        this.events = Thread.ofVirtual().name(name + "-events").unstarted(this::listen);
    }

    void start() {
        events.start();
        poll.start();
    }

    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Tells the listeners that there is something new. */
    void tell() {
        listeners.forEach(Runnable::run);
    }

    /** Returns what is wrong with the daemon, in words; empty where it answers. */
    Optional<String> problem() {
        return problem.or(() -> deaf);
    }

    /** Returns whether an answer to what was asked at {@code asked}, and is asked each {@code idle}, counts as of now. */
    boolean isFresh(Instant asked, Duration idle) {
        return timer.instant().isBefore(asked.plus(idle).plus(STALE));
    }

    /** Has the subject's pause be determined anew. */
    void wake() {
        lock.lock();
        try {
            awake.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // Events.

    private void listen() {
        Duration pause = PAUSES.first();
        try {
            while (!isClosed()) {
                Instant begun = timer.instant();
                String end = "Docker ends them";
                try {
                    client.events(Map.of("type", List.copyOf(subject.eventTypes())), this::opened, this::event);
                } catch (DockerException e) {
                    end = e.words();
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("An event can't be understood, by a bug of Narthex; listening again", e);
                }
                ended();
                LOG.debug("Events: {}", end);
                // However it ended, a stream that lasted is no reason to wait for the next.
                boolean lasted = begun.plus(PAUSES.longest()).isBefore(timer.instant());
                boolean again = pause.compareTo(PAUSES.first()) > 0;
                if (!lasted && again && problem.isEmpty()) {
                    sayDeaf(end);
                }
                pause = lasted ? PAUSES.first() : PAUSES.next(pause);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayDeaf(String why) {
        Optional<String> now = Optional.of("Docker's events aren't heard, so changes are noticed late: " + why);
        if (!now.equals(deaf)) {
            deaf = now;
            LOG.warn("{}", now.get());
        }
    }

    /** A stream that was just opened may break off as the one before. */
    private void hearAgain() {
        if (deaf.isPresent() && listening.isBefore(timer.instant().minus(PAUSES.longest()))) {
            deaf = Optional.empty();
            LOG.info("Docker's events are heard again");
        }
    }

    private void opened(Closeable opened) {
        Instant now = timer.instant();
        lock.lock();
        try {
            if (!closed) {
                stream = opened;
                listening = now;
                heard = now;
            }
        } finally {
            lock.unlock();
        }
        if (isClosed()) {
            end(opened);
        }
        askForMissed();
    }

    private void ended() {
        lock.lock();
        try {
            stream = null;
            listening = Instant.MAX;
            heard = Instant.MAX;
        } finally {
            lock.unlock();
        }
        // It may take a while until the next stream is open.
        askForMissed();
    }

    /** What happened while nobody listened is learned by asking. */
    private void askForMissed() {
        subject.eventsMissed();
        wake();
    }

    /** Ends the stream of events that is being read, so that another is opened. */
    private void listenAnew() {
        Closeable open;
        lock.lock();
        try {
            open = stream;
            stream = null;
        } finally {
            lock.unlock();
        }
        end(open);
    }

    private void listenAnewAfterSilence() {
        if (heard.isBefore(timer.instant().minus(LONGEST_SILENCE))) {
            LOG.debug("Events: nothing was heard for {} minutes; listening anew", LONGEST_SILENCE.toMinutes());
            listenAnew();
        }
    }

    private static void end(@Nullable Closeable stream) {
        try {
            if (stream != null) {
                stream.close();
            }
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void event(JsonNode event) {
        heard = timer.instant();
        if (subject.concerns(event)) {
            LOG.debug(
                    "Event of {}: {} {}",
                    name,
                    event.path("Type").asText(),
                    event.path("Action").asText());
            wake();
        }
    }

    // Asking.

    private void poll() {
        Duration pause = PAUSES.first();
        try {
            while (!isClosed()) {
                Instant begun = timer.instant();
                long started = System.nanoTime();
                try {
                    subject.ask();
                    say(Optional.empty());
                    hearAgain();
                    listenAnewAfterSilence();
                    pause = PAUSES.first();
                    await(begun, Duration.ofNanos(System.nanoTime() - started));
                } catch (DockerException e) {
                    say(Optional.of(e.words()));
                    if (e.kind() == DockerException.Kind.UNREACHABLE && !heard.isAfter(begun)) {
                        // The stream that is open may be one of which nothing comes any more.
                        listenAnew();
                    }
                    Thread.sleep(pause);
                    pause = PAUSES.next(pause);
                } catch (RuntimeException | StackOverflowError e) {
                    LOG.error("{} can't be read, by a bug of Narthex; trying again", subject.inWords(), e);
                    Thread.sleep(PAUSES.longest());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Optional<String> now) {
        if (now.equals(problem)) {
            return;
        }
        problem = now;
        now.ifPresentOrElse(words -> LOG.warn("{}", words), () -> LOG.info("The Docker daemon answers again"));
        tell();
    }

    private void await(Instant asked, Duration took) throws InterruptedException {
        lock.lock();
        try {
            Duration shortest = longest(SHORTEST, took.multipliedBy(SHARE));
            while (!closed) {
                Instant now = timer.instant();
                Instant next = asked.plus(longest(subject.pause(now), shortest));
                long nanos = Duration.between(now, next).toNanos();
                if (nanos <= 0) {
                    return;
                }
                awake.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private static Duration longest(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Closeable open;
        lock.lock();
        try {
            closed = true;
            open = stream;
            awake.signalAll();
        } finally {
            lock.unlock();
        }
        end(open);
        events.interrupt();
        poll.interrupt();
    }
}
