package io.narthex.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells when an operator looks at all targets of its Prometheus, by what it reads: those of many Monitors are many times what
 * all else takes. A look comes twice a minute and costs what ten changes do, so that what a change costs is only known from
 * the time between two looks.
 */
final class Looks implements AutoCloseable {

    private static final long STEP_MILLIS = 250;
    private static final int STEPS_PER_SECOND = (int) (1_000 / STEP_MILLIS);

    /** Within a second; Prometheus tells some 2 kB of a target. */
    private static final long BYTES_OF_A_TARGET = 500;
    /** An answer of many megabytes takes a busy machine seconds. */
    private static final long MOST_BYTES = 2_000_000;

    /** What lies between the parts of one look isn't what is between two. */
    private static final double SHORTEST_SECONDS = 5;

    private final OperatorProcess operator;
    private final long threshold;
    private final List<Sample> samples = new ArrayList<>();
    private final Thread thread;

    /**
     * What was used until then.
     *
     * @param at by {@link System#nanoTime}
     * @param cpu in seconds
     * @param read in bytes
     */
    private record Sample(long at, double cpu, long read) {}

    /**
     * The time between two looks.
     *
     * @param from its begin, by {@link System#nanoTime}
     * @param to its end
     * @param cpu the seconds of CPU that the operator used in it
     */
    record Calm(long from, long to, double cpu) {

        double seconds() {
            return (to - from) / 1e9;
        }

        boolean holds(long at) {
            return at >= from && at <= to;
        }
    }

    /**
     * Begins.
     *
     * @param operator looks
     * @param targets how many it looks at
     */
    Looks(OperatorProcess operator, int targets) {
        this.operator = operator;
        this.threshold = Math.min(MOST_BYTES, targets * BYTES_OF_A_TARGET);
        this.thread = Thread.ofVirtual().name("looks").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                Sample now = new Sample(System.nanoTime(), operator.cpuSeconds(), operator.bytesRead());
                synchronized (samples) {
                    samples.add(now);
                }
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            }
        } catch (InterruptedException | IOException e) {
            // It is closed, or the operator has ended.
        }
    }

    private List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    /** Waits until a look that begins from now on is over. */
    void awaitEnd() throws InterruptedException {
        int from = samples().size();
        int last = -1;
        List<Sample> now = samples();
        for (long start = System.nanoTime(); last < 0 || now.size() - last <= STEPS_PER_SECOND + 1; now = samples()) {
            if (System.nanoTime() - start > TimeUnit.MINUTES.toNanos(2)) {
                throw new IllegalStateException("the operator doesn't look at all targets");
            }
            for (int i = Math.max(from, last + 1); i < now.size(); i++) {
                last = isLook(now, i) ? i : last;
            }
            TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
        }
    }

    private boolean isLook(List<Sample> all, int i) {
        int before = i - STEPS_PER_SECOND;
        return before >= 0 && all.get(i).read() - all.get(before).read() >= threshold;
    }

    /** Returns what lies between the looks within a time, by {@link System#nanoTime}. */
    List<Calm> between(long from, long to) {
        List<Sample> all = samples().stream()
                .filter(sample -> sample.at() >= from && sample.at() <= to)
                .toList();
        boolean[] busy = new boolean[all.size()];
        for (int i = 0; i < all.size(); i++) {
            if (isLook(all, i)) {
                // The question comes before the answer, and what is made of that after it.
                int end = Math.min(all.size(), i + STEPS_PER_SECOND);
                for (int j = Math.max(0, i - STEPS_PER_SECOND - 1); j < end; j++) {
                    busy[j] = true;
                }
            }
        }
        List<Calm> calm = new ArrayList<>();
        int begin = 0;
        for (int i = 0; i <= busy.length; i++) {
            if (i == busy.length || busy[i]) {
                if (i > begin) {
                    Sample first = all.get(begin);
                    Sample last = all.get(i - 1);
                    calm.add(new Calm(first.at(), last.at(), last.cpu() - first.cpu()));
                }
                begin = i + 1;
            }
        }
        calm.removeIf(time -> time.seconds() < SHORTEST_SECONDS);
        return calm;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
