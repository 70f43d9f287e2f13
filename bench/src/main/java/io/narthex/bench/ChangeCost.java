package io.narthex.bench;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.narthex.rollout.kubernetes.QuietWrites;
import io.narthex.source.kubernetes.MetadataWatch;
import io.narthex.source.kubernetes.WatchHealth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * What one change costs among so many Monitors, and what the operator uses while nothing changes. Both are taken between its
 * looks at all targets, since one look costs what many changes do.
 */
final class ChangeCost {

    private static final Duration BETWEEN_CHANGES = Duration.ofSeconds(6);
    /** The operator looks at all targets each thirty seconds, and what it does besides comes once a minute. */
    private static final int LOOKS_AT_ONCE = 2;

    private static final int CHANGES_BETWEEN_LOOKS = 4;
    /** After the last of them there is time for what it takes before the next look. */
    private static final Duration TIME_FOR_CHANGES = Duration.ofSeconds(21);

    private static final Duration BETWEEN_COPIES = Duration.ofSeconds(1);
    private static final String COPY = "bench-copy";

    private final BenchCluster cluster;

    ChangeCost(BenchCluster cluster) {
        this.cluster = cluster;
    }

    /** Measures among each of these numbers of Monitors. */
    void measure(int changes, int... sizes) throws IOException, InterruptedException {
        Figures.print(
                "resident memory without Monitors",
                Figures.mebibytes(cluster.operator().residentMebibytes()));
        cluster.createTargets(BenchCluster.TARGETS);
        int existing = 0;
        for (int size : sizes) {
            cluster.createMany(existing, size);
            cluster.awaitAll(size, BenchCluster.TARGETS);
            BenchCluster.rest();
            among(size, changes);
            restart(size);
            existing = size;
        }
    }

    private void among(int monitors, int changes) throws IOException, InterruptedException {
        String many = String.format(Locale.ROOT, " among %,d", monitors);
        Changes made = new Changes(monitors);
        // Of metadata: what is measured isn't how long it takes to read a large Secret here.
        try (Looks looks = new Looks(cluster.operator(), monitors * BenchCluster.TARGETS);
                MetadataWatch watch = new MetadataWatch(
                        cluster.client(),
                        "Secret",
                        "secrets",
                        Optional.of(cluster.namespace()),
                        made,
                        new WatchHealth(InstantSource.system()))) {
            watch.start().join();
            looks.awaitEnd();
            double idleRate = idle(many, looks);

            // Not counted: from now on, what follows a change later falls into the time of the next ones.
            made.oneAfterAnother(CHANGES_BETWEEN_LOOKS);
            made.forget();
            looks.awaitEnd();
            long start = System.nanoTime();
            while (made.at.size() < changes) {
                for (int look = 0; look < LOOKS_AT_ONCE; look++) {
                    int left = (changes - made.at.size() + LOOKS_AT_ONCE - 1 - look) / (LOOKS_AT_ONCE - look);
                    made.oneAfterAnother(Math.min(CHANGES_BETWEEN_LOOKS, left));
                    looks.awaitEnd();
                }
            }
            made.tell(many, looks.between(start, System.nanoTime()), idleRate);
            Figures.print(
                    "resident memory" + many,
                    String.format(
                            Locale.ROOT,
                            "%.0f MiB, %d threads",
                            cluster.operator().residentMebibytes(),
                            cluster.operator().threads()));
            made.copy(many, changes);
        }
    }

    /** Returns how many cores are used between the looks at all targets. */
    private double idle(String many, Looks looks) throws IOException, InterruptedException {
        long start = System.nanoTime();
        double cpu = cluster.operator().cpuSeconds();
        for (int look = 0; look < LOOKS_AT_ONCE; look++) {
            looks.awaitEnd();
        }
        long end = System.nanoTime();
        Figures.print(
                "idle" + many,
                String.format(
                        Locale.ROOT,
                        "%.4f cores, %.0f MiB",
                        (cluster.operator().cpuSeconds() - cpu) / ((end - start) / 1e9),
                        cluster.operator().residentMebibytes()));
        List<Looks.Calm> calm = looks.between(start, end);
        double rate = calm.stream().mapToDouble(Looks.Calm::cpu).sum()
                / calm.stream().mapToDouble(Looks.Calm::seconds).sum();
        Figures.print(
                "of that, between the looks at all targets" + many,
                String.format(
                        Locale.ROOT,
                        "%.4f cores (%s s)",
                        rate,
                        list(calm.stream().map(Looks.Calm::cpu).toList())));
        return rate;
    }

    private void restart(int monitors) throws IOException, InterruptedException {
        cluster.operator().close();
        OperatorProcess next = cluster.startOperator();
        cluster.follow(next);
        Figures.print(
                String.format(Locale.ROOT, "restart among %,d, until ready", monitors),
                String.format(
                        Locale.ROOT,
                        "%.1f s, %.1f CPU-seconds, %.0f MiB",
                        next.readyAfter(),
                        next.cpuSeconds(),
                        next.residentMebibytes()));
    }

    private static String mean(List<Double> seconds) {
        return String.format(
                Locale.ROOT,
                "mean %.3f s (n=%d)",
                seconds.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN),
                seconds.size());
    }

    private static String list(List<Double> seconds) {
        return seconds.stream()
                .map(value -> String.format(Locale.ROOT, "%.3f", value))
                .collect(Collectors.joining(", "));
    }

    /** Changes of Monitors and what became of them; for one thread, but for what it hears. */
    private final class Changes implements MetadataWatch.Listener {

        final List<Long> at = new ArrayList<>();
        private final int monitors;
        private final String prometheus = cluster.prometheus();
        private final List<Double> inSecret = new ArrayList<>();
        private final List<Double> running = new ArrayList<>();
        /** What the operator had used when a change stood in its Secret, and when Prometheus ran it. */
        private final List<Double> cpuToSecret = new ArrayList<>();

        private final List<Double> cpuToRunning = new ArrayList<>();
        private final AtomicReference<Optional<Written>> written = new AtomicReference<>(Optional.empty());
        private int made;

        /**
         * A Secret that was written.
         *
         * @param name its name
         * @param at by {@link System#nanoTime}
         * @param cpu the seconds of CPU that the operator had used by then
         */
        private record Written(String name, long at, double cpu) {}

        Changes(int monitors) {
            this.monitors = monitors;
        }

        @Override
        public void present(String namespace, String name, String resourceVersion) {
            if ((name.contains("-part-") || name.equals(COPY)) && written.get().isEmpty()) {
                written.set(Optional.of(new Written(name, System.nanoTime(), cpuSeconds())));
            }
        }

        @Override
        public void gone(String namespace, String name) {
            // Nothing of what is looked for.
        }

        @Override
        public void listing() {
            // Begun before a change.
        }

        @Override
        public void listed() {
            // Begun before a change.
        }

        void forget() {
            at.clear();
            inSecret.clear();
            running.clear();
            cpuToSecret.clear();
            cpuToRunning.clear();
        }

        /** Makes so many, as long as there is time before the operator looks at all targets. */
        void oneAfterAnother(int count) throws InterruptedException {
            long start = System.nanoTime();
            for (int i = 0; i < count && System.nanoTime() - start < TIME_FOR_CHANGES.toNanos(); i++) {
                one();
                long next = start + (i + 1) * BETWEEN_CHANGES.toNanos();
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            }
        }

        private double cpuSeconds() {
            try {
                return cluster.operator().cpuSeconds();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void one() throws InterruptedException {
            // A prime, so that what changes lies anywhere.
            int number = made * 7919 % monitors;
            String earlier = cluster.generation(prometheus);
            double cpu = cpuSeconds();
            written.set(Optional.empty());
            cluster.applyMany(number, monitors + made);
            long applied = System.nanoTime();
            made++;
            at.add(applied);
            Written stood = awaitWritten();
            inSecret.add(Math.max(0, stood.at() - applied) / 1e9);
            cpuToSecret.add(stood.cpu() - cpu);
            BenchCluster.await(
                    "Prometheus runs it", () -> !cluster.generation(prometheus).equals(earlier));
            running.add((System.nanoTime() - applied) / 1e9);
            cpuToRunning.add(cpuSeconds() - cpu);
        }

        private Written awaitWritten() throws InterruptedException {
            BenchCluster.await("it stands in a Secret", () -> written.get().isPresent());
            return written.get().orElseThrow();
        }

        void tell(String many, List<Looks.Calm> times, double idleRate) {
            List<Double> each = new ArrayList<>();
            double sum = 0;
            long all = 0;
            for (Looks.Calm time : times) {
                long count = at.stream().filter(time::holds).count();
                double cpu = time.cpu() - idleRate * time.seconds();
                if (count > 0) {
                    each.add(cpu / count);
                    sum += cpu;
                    all += count;
                }
            }
            Figures.print("one change" + many + ", in the Secret", inSecret);
            Figures.print("one change" + many + ", in Prometheus", running);
            // In steps of a hundredth: their mean tells.
            Figures.print("one change" + many + ", the operator's CPU until it is in the Secret", mean(cpuToSecret));
            Figures.print("one change" + many + ", the operator's CPU until it is in Prometheus", mean(cpuToRunning));
            Figures.print(
                    "one change" + many + ", the operator's CPU and what follows",
                    String.format(
                            Locale.ROOT,
                            "mean %.3f s (n=%d; between two looks each: %s s)",
                            sum / all,
                            all,
                            list(each)));
        }

        /**
         * Writes what the operator wrote last into a Secret of another name, as the operator does, and tells how long that
         * takes: no operator can be faster.
         */
        void copy(String many, int times) throws InterruptedException {
            Map<String, String> data = cluster.client()
                    .secrets()
                    .inNamespace(cluster.namespace())
                    .withName(awaitWritten().name())
                    .get()
                    .getData();
            cluster.client()
                    .resource(new SecretBuilder()
                            .withNewMetadata()
                            .withName(COPY)
                            .withNamespace(cluster.namespace())
                            .endMetadata()
                            .withData(data)
                            .build())
                    .create();
            Map.Entry<String, String> largest = data.entrySet().stream()
                    .max(Comparator.comparingInt(entry -> entry.getValue().length()))
                    .orElseThrow();
            String content = largest.getValue().substring(4);
            QuietWrites writes = new QuietWrites(cluster.client());
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_COPIES.toMillis());
                String patch =
                        String.format(Locale.ROOT, "{\"data\": {\"%s\": \"%04d%s\"}}", largest.getKey(), i, content);
                written.set(Optional.empty());
                long start = System.nanoTime();
                writes.merge(cluster.namespace(), "secrets/" + COPY, patch);
                seconds.add((awaitWritten().at() - start) / 1e9);
            }
            Figures.print(
                    String.format(
                            Locale.ROOT, "a write of that Secret alone (%.0f kB)%s", content.length() * 0.75e-3, many),
                    seconds);
            cluster.client()
                    .secrets()
                    .inNamespace(cluster.namespace())
                    .withName(COPY)
                    .delete();
        }
    }
}
