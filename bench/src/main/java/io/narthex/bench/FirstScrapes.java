package io.narthex.bench;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long it takes from the API server's answer to a new Monitor to its first scrape, at an interval of 1 s. */
final class FirstScrapes {

    /** What Prometheus logs when it has loaded its configuration. */
    private static final Pattern RELOAD =
            Pattern.compile("(?m)Completed loading of configuration file.*totalDuration=([0-9.]+)(µs|ms|s)$");

    private final BenchCluster cluster;

    FirstScrapes(BenchCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * One whose target answers. Not the Prometheus itself: what that says of itself grows with its jobs, to 17 MB and
     * 150,000 series beside 5,000, more than it can take of itself each second.
     */
    private static String live(int number) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: live-%d}
                spec:
                  source: {service: {selector: {matchLabels: {app: live}}}}
                  endpoints: [{port: web, path: /metrics.txt, interval: 1s}]
                """.formatted(number);
    }

    void measure(int times, Duration distance, int others) throws InterruptedException {
        cluster.createPods(
                "live",
                1,
                8080,
                "mkdir /tmp/www; echo alive 1 >/tmp/www/metrics.txt; exec httpd -f -p 8080 -h /tmp/www");
        if (others > 0) {
            cluster.createTargets(BenchCluster.TARGETS);
            cluster.createMany(0, others);
            cluster.awaitAll(others, BenchCluster.TARGETS);
            BenchCluster.rest();
        }
        List<Double> seconds = new ArrayList<>();
        List<Double> reloads = new ArrayList<>();
        List<Double> rest = new ArrayList<>();
        String url = cluster.prometheus() + "/api/v1/query?query=";
        // The first is not counted: it makes the code warm, and Prometheus begin to discover.
        for (int i = -1; i < times; i++) {
            String query = url + URLEncoder.encode("up{job=\"live-" + (i + 1) + "\"} == 1", StandardCharsets.UTF_8);
            cluster.applyMonitor("live-" + (i + 1), live(i + 1));
            double took = BenchCluster.await(
                    "the first scrape",
                    () -> !cluster.get(query).at("/data/result").isEmpty());
            if (i >= 0) {
                seconds.add(took);
                double reload = lastReload();
                reloads.add(reload);
                rest.add(took - reload);
            }
            TimeUnit.MILLISECONDS.sleep(Math.max(0, distance.toMillis() - (long) (took * 1_000)));
        }
        String beside = others == 0 ? "" : String.format(Locale.ROOT, " beside %,d Monitors", others);
        Figures.print("apply to first scrape" + beside, seconds);
        Figures.print("of that, Prometheus's own reload" + beside, reloads);
        Figures.print("of that, all else" + beside, rest);
    }

    /** Returns how many seconds Prometheus's log says that its last reload took. */
    private double lastReload() {
        String lines = cluster.client()
                .pods()
                .inNamespace(cluster.namespace())
                .withName("prometheus-main-0")
                .inContainer("prometheus")
                .tailingLines(50)
                .getLog();
        Matcher reload = RELOAD.matcher(lines);
        double seconds = Double.NaN;
        while (reload.find()) {
            double unit = switch (reload.group(2)) {
                case "µs" -> 1e-6;
                case "ms" -> 1e-3;
                default -> 1;
            };
            seconds = Double.parseDouble(reload.group(1)) * unit;
        }
        return seconds;
    }
}
