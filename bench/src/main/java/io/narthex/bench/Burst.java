package io.narthex.bench;

import io.fabric8.kubernetes.client.Watch;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.source.kubernetes.ClusterSource;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long it takes until Prometheus runs all of many Monitors that are created at once and each says so, and how many writes
 * that takes.
 */
final class Burst {

    private final BenchCluster cluster;

    Burst(BenchCluster cluster) {
        this.cluster = cluster;
    }

    void measure(int count) throws IOException, InterruptedException {
        cluster.createTargets(BenchCluster.TARGETS);
        AtomicInteger secretWrites = new AtomicInteger();
        AtomicInteger statusWrites = new AtomicInteger();
        Set<String> loaded = ConcurrentHashMap.newKeySet();
        try (Watch _ = cluster.client()
                        .secrets()
                        .inNamespace(cluster.namespace())
                        .watch(BenchCluster.watcher(secret -> secretWrites.incrementAndGet()));
                Watch _ = cluster.client()
                        .genericKubernetesResources(ClusterSource.context(ApiKinds.MONITOR))
                        .inNamespace(cluster.namespace())
                        .watch(BenchCluster.watcher(monitor -> {
                            if (monitor.getAdditionalProperties().containsKey("status")) {
                                statusWrites.incrementAndGet();
                                if (BenchCluster.isLoaded(BenchCluster.status(monitor))) {
                                    loaded.add(monitor.getMetadata().getName());
                                }
                            }
                        }))) {
            String what = String.format(Locale.ROOT, "%,d created at once, ", count);
            OperatorProcess operator = cluster.operator();
            double cpu = operator.cpuSeconds();
            long start = System.nanoTime();
            cluster.createMany(0, count);
            double created = (System.nanoTime() - start) / 1e9;
            BenchCluster.await("all are loaded", () -> loaded.size() == count);
            double settled = (System.nanoTime() - start) / 1e9;
            Figures.print(what + "creating them", String.format(Locale.ROOT, "%.1f s", created));
            Figures.print(
                    what + "all loaded and told",
                    String.format(
                            Locale.ROOT, "%.1f s after the first, %.1f s after the last", settled, settled - created));
            Figures.print(
                    what + "until then",
                    String.format(
                            Locale.ROOT,
                            "%d writes of Secrets, %d of statuses, %.1f CPU-seconds of the operator",
                            secretWrites.get(),
                            statusWrites.get(),
                            operator.cpuSeconds() - cpu));
            BenchCluster.rest();
            Figures.print(
                    what + "a minute later",
                    String.format(
                            Locale.ROOT,
                            "%d writes of Secrets, %d of statuses, %.1f CPU-seconds, %.0f MiB",
                            secretWrites.get(),
                            statusWrites.get(),
                            operator.cpuSeconds() - cpu,
                            operator.residentMebibytes()));
        }
    }
}
