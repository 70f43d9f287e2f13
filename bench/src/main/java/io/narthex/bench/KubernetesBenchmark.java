package io.narthex.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * The operator on a real cluster: an API server, a kubelet, a Prometheus in a pod; the operator is a process of this
 * machine, with the options of the image. One line a figure. The first argument says what is measured:
 *
 * <ul>
 *   <li>{@code cost CHANGES MONITORS…} (10 100 1000 5000; the default): for each number of Monitors what the operator uses
 *       while nothing changes; one change's time until its part of the configuration stands in a Secret, beside that of a
 *       write of as much alone, and until Prometheus runs it; the CPU time that it costs beyond what an idle operator uses,
 *       both between the operator's looks at all targets; the operator's memory; a restart.
 *   <li>{@code burst MONITORS} (1000): so many created at once: how long creating them takes, until Prometheus runs all of
 *       them and each says so, and how many writes that takes.
 *   <li>{@code latency TIMES SECONDS MONITORS} (20 10 0): from the API server's answer to a new Monitor to its first
 *       scrape, at an interval of 1 s, so many seconds apart, beside so many others; and how long Prometheus's own reload
 *       took meanwhile.
 *   <li>{@code observe MONITORS} (5000): the CPU time and memory that it takes to observe four targets of each.
 *   <li>{@code handover TIMES MONITORS} (3 1000): how long after the end of the operator that leads a change that is
 *       declared then runs, by the replica that waited; where it was killed, and where it was asked to end.
 * </ul>
 *
 * <p>Run it from the checkout, which is built, with {@code KUBECONFIG} and the custom resource definitions installed;
 * {@code make bench-kubernetes} does all that.
 */
public final class KubernetesBenchmark {

    private KubernetesBenchmark() {}

    /** Measures, and prints one line a figure. */
    public static void main(String[] args) throws IOException, InterruptedException {
        String what = args.length > 0 ? args[0] : "cost";
        int[] numbers = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
        load();
        try (BenchCluster cluster = new BenchCluster()) {
            switch (what) {
                case "cost" -> {
                    int[] sizes = numbers.length > 1
                            ? Arrays.copyOfRange(numbers, 1, numbers.length)
                            : new int[] {100, 1_000, 5_000};
                    new ChangeCost(cluster).measure(number(numbers, 0, 10), sizes);
                }
                case "burst" -> new Burst(cluster).measure(number(numbers, 0, 1_000));
                case "latency" -> {
                    Duration distance = Duration.ofSeconds(number(numbers, 1, 10));
                    new FirstScrapes(cluster).measure(number(numbers, 0, 20), distance, number(numbers, 2, 0));
                }
                case "observe" -> new Observing(cluster).measure(number(numbers, 0, 5_000));
                case "handover" -> new HandOver(cluster).measure(number(numbers, 0, 3), number(numbers, 1, 1_000));
                default -> throw new IllegalArgumentException("cost, burst, latency, observe or handover, not " + what);
            }
        }
        load();
    }

    private static int number(int[] numbers, int index, int otherwise) {
        return index < numbers.length ? numbers[index] : otherwise;
    }

    private static void load() throws IOException {
        Figures.print(
                "load of the machine",
                Files.readString(Path.of("/proc/loadavg")).strip());
    }
}
