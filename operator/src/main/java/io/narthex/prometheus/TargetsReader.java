package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonParser;
import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPool;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Folds the active targets into counts as they stream by; keeps the few that were asked for. Prometheus gives a pool's
 * targets in no order, so the kept ones are the first of their order and not of the stream.
 */
final class TargetsReader implements ApiReader.DataReader<TargetReport> {

    private final TargetQuery query;
    private final Map<String, Pool> pools = new HashMap<>();

    TargetsReader(TargetQuery query) {
        this.query = query;
    }

    @Override
    public TargetReport read(JsonParser data) throws IOException {
        ApiReader.fields(data, (name, json) -> {
            if (name.equals("activeTargets")) {
                ApiReader.elements(json, this::target);
            } else {
                json.skipChildren();
            }
        });
        SortedMap<String, PoolTargets> report = new TreeMap<>();
        int left = query.inAll();
        for (Pool pool : new TreeMap<>(pools).values()) {
            PoolTargets targets = pool.finished(left);
            left -= targets.samples().size();
            report.put(targets.pool(), targets);
        }
        return new TargetReport(report);
    }

    private void target(JsonParser target) throws IOException {
        Building building = new Building();
        ApiReader.fields(target, (name, json) -> {
            switch (name) {
                case "labels" -> ApiReader.fields(json, (label, v) -> building.labels.put(label, ApiReader.text(v)));
                case "discoveredLabels" ->
                    ApiReader.fields(json, (label, v) -> {
                        String text = ApiReader.text(v);
                        if (label.equals(DiscoveryEndpoint.LABEL)) {
                            building.endpoint = text;
                        }
                    });
                case "scrapePool" -> building.pool = ApiReader.text(json);
                case "scrapeUrl" -> building.url = ApiReader.text(json);
                case "lastError" -> building.lastError = ApiReader.text(json);
                case "lastScrape" -> building.lastScrape = ApiReader.time(json);
                case "lastScrapeDuration" -> building.lastDuration = ApiReader.seconds(json);
                case "health" -> building.health = health(ApiReader.text(json));
                default -> json.skipChildren();
            }
        });
        // Many endpoints share a job where Narthex serves the targets; each is told of by itself. Targets of other
        // jobs come from wherever their authors say, and may bear any label.
        String shown = DiscoveryPool.isShared(building.pool) && building.endpoint.startsWith(building.pool + "/")
                ? building.endpoint
                : building.pool;
        pools.computeIfAbsent(shown, name -> new Pool(name, query)).add(building);
    }

    private static TargetHealth health(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "up" -> TargetHealth.UP;
            case "down" -> TargetHealth.DOWN;
            default -> TargetHealth.UNKNOWN;
        };
    }

    private static final class Building {
        final Map<String, String> labels = new HashMap<>();
        String pool = "";
        String endpoint = "";
        String url = "";
        String lastError = "";
        Optional<Instant> lastScrape = Optional.empty();
        Duration lastDuration = Duration.ZERO;
        TargetHealth health = TargetHealth.UNKNOWN;
    }

    private static final class Pool {
        private final String name;
        private final Kept unhealthy;
        private final Kept healthy;
        private int up;
        private int down;
        private int unknown;
        private Optional<Instant> lastScrape = Optional.empty();

        Pool(String name, TargetQuery query) {
            this.name = name;
            this.unhealthy = new Kept(query.unhealthyPerPool());
            this.healthy = new Kept(query.healthyPerPool());
        }

        void add(Building target) {
            switch (target.health) {
                case UP -> up++;
                case DOWN -> down++;
                case UNKNOWN -> unknown++;
            }
            if (lastScrape.isEmpty()
                    || (target.lastScrape.isPresent() && target.lastScrape.get().isAfter(lastScrape.get()))) {
                lastScrape = target.lastScrape;
            }
            (target.health == TargetHealth.UP ? healthy : unhealthy).offer(target);
        }

        PoolTargets finished(int most) {
            TreeSet<ScrapeTarget> all = new TreeSet<>(ScrapeTarget.WORST_FIRST);
            all.addAll(unhealthy.targets);
            all.addAll(healthy.targets);
            return new PoolTargets(
                    name,
                    up,
                    down,
                    unknown,
                    lastScrape,
                    all.stream().limit(Math.max(0, most)).toList());
        }
    }

    /** The first few by {@link ScrapeTarget#WORST_FIRST}. */
    private static final class Kept {
        private final int most;
        private final TreeSet<ScrapeTarget> targets = new TreeSet<>(ScrapeTarget.WORST_FIRST);

        Kept(int most) {
            this.most = most;
        }

        void offer(Building building) {
            if (most <= 0) {
                return;
            }
            targets.add(new ScrapeTarget(
                    building.pool,
                    building.url,
                    building.labels,
                    building.health,
                    building.lastError,
                    building.lastScrape,
                    building.lastDuration));
            if (targets.size() > most) {
                targets.removeLast();
            }
        }
    }
}
