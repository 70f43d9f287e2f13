package io.narthex.bench;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * What the operator takes for observing targets: it is measured with the very same Monitors while they have none, and once
 * each has some.
 */
final class Observing {

    private static final int SECONDS = 120;
    private static final int SAMPLES_PER_SECOND = 4;

    private final BenchCluster cluster;

    Observing(BenchCluster cluster) {
        this.cluster = cluster;
    }

    private record Use(double cores, double inUse, double resident, double highest) {}

    void measure(int monitors) throws IOException, InterruptedException {
        cluster.createTargets(0);
        cluster.createMany(0, monitors);
        cluster.awaitAll(monitors, 0);
        Use without = use();
        print(String.format(Locale.ROOT, "%,d Monitors without targets", monitors), without);
        cluster.createTargets(BenchCluster.TARGETS);
        cluster.awaitAll(monitors, BenchCluster.TARGETS);
        Use with = use();
        print(String.format(Locale.ROOT, "%,d Monitors, %,d targets", monitors, monitors * BenchCluster.TARGETS), with);
        Figures.print(
                "observing these targets takes",
                String.format(
                        Locale.ROOT,
                        "%.4f cores, %.1f MiB of Java's heap in use, %.0f MiB resident (highest: %.0f MiB)",
                        with.cores() - without.cores(),
                        with.inUse() - without.inUse(),
                        with.resident() - without.resident(),
                        with.highest() - without.highest()));
    }

    private static void print(String what, Use use) {
        Figures.print(
                what,
                String.format(
                        Locale.ROOT,
                        "%.4f cores, %.1f MiB of Java's heap in use, %.0f MiB resident (highest: %.0f MiB)",
                        use.cores(),
                        use.inUse(),
                        use.resident(),
                        use.highest()));
    }

    /** Resident memory is a mean, as it goes up and down with what Java collects. */
    private Use use() throws IOException, InterruptedException {
        BenchCluster.rest();
        OperatorProcess operator = cluster.operator();
        // What is left over from before is no part of it.
        operator.collectGarbage();
        double cpu = operator.cpuSeconds();
        long start = System.nanoTime();
        double sum = 0;
        double highest = 0;
        int samples = SECONDS * SAMPLES_PER_SECOND;
        for (int i = 0; i < samples; i++) {
            TimeUnit.MILLISECONDS.sleep(1_000 / SAMPLES_PER_SECOND);
            double resident = operator.residentMebibytes();
            sum += resident;
            highest = Math.max(highest, resident);
        }
        double cores = (operator.cpuSeconds() - cpu) / ((System.nanoTime() - start) / 1e9);
        return new Use(cores, operator.collectGarbage(), sum / samples, highest);
    }
}
