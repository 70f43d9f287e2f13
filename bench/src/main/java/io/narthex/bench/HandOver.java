package io.narthex.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How long after the end of the operator that leads a change that is declared then runs, by the replica that waited. */
final class HandOver {

    private final BenchCluster cluster;

    HandOver(BenchCluster cluster) {
        this.cluster = cluster;
    }

    /** Measures so many times where it is killed, and as often where it is asked to end. */
    void measure(int times, int monitors) throws IOException, InterruptedException {
        cluster.createTargets(BenchCluster.TARGETS);
        cluster.createMany(0, monitors);
        cluster.awaitAll(monitors, BenchCluster.TARGETS);
        cluster.operator().close();
        cluster.follow(startReplica());
        String prometheus = cluster.prometheus();
        int version = 0;
        for (boolean killed : new boolean[] {true, false}) {
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                OperatorProcess next = startReplica();
                // The one that leads is settled, and the other has seen who that is.
                TimeUnit.SECONDS.sleep(10);
                String earlier = cluster.generation(prometheus);
                long start = System.nanoTime();
                if (killed) {
                    cluster.operator().kill();
                } else {
                    cluster.operator().close();
                }
                cluster.follow(next);
                cluster.applyMany(0, ++version);
                BenchCluster.await(
                        "another operator has Prometheus run the change",
                        () -> !cluster.generation(prometheus).equals(earlier));
                seconds.add((System.nanoTime() - start) / 1e9);
            }
            Figures.print(
                    String.format(
                            Locale.ROOT,
                            "%s of the leader among %,d, until a change runs",
                            killed ? "kill" : "end",
                            monitors),
                    seconds);
        }
    }

    private OperatorProcess startReplica() throws IOException, InterruptedException {
        return cluster.startOperator("--lease-namespace", cluster.namespace());
    }
}
