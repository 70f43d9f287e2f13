package io.narthex.compiler.frontend;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The flags of Prometheus that users can't set as extra flags, and what they set instead. */
final class OwnedFlags {

    private static final String NARTHEX = "";
    private static final TreeMap<String, String> OWNED = new TreeMap<>(Map.ofEntries(
            Map.entry("config.file", NARTHEX),
            Map.entry("config.auto-reload", NARTHEX),
            Map.entry("config.auto-reload-interval", NARTHEX),
            Map.entry("web.config.file", "web"),
            Map.entry("web.enable-lifecycle", NARTHEX),
            Map.entry("web.enable-admin-api", NARTHEX),
            Map.entry("web.enable-remote-write-receiver", "remoteWriteReceiver"),
            Map.entry("web.enable-otlp-receiver", "otlp"),
            Map.entry("web.remote-write-receiver.accepted-protobuf-messages", "remoteWriteReceiver.messages"),
            Map.entry("web.user-assets", NARTHEX),
            Map.entry("web.listen-address", "listen"),
            Map.entry("web.external-url", "externalUrl"),
            Map.entry("web.route-prefix", "routePrefix"),
            Map.entry("web.cors.origin", "web.corsOrigin"),
            Map.entry("web.page-title", "web.pageTitle"),
            Map.entry("web.max-connections", "web.maxConnections"),
            Map.entry("web.read-timeout", "web.readTimeout"),
            Map.entry("storage.tsdb.path", NARTHEX),
            Map.entry("storage.agent.path", NARTHEX),
            Map.entry("storage.tsdb.retention", "retention.time"),
            Map.entry("storage.tsdb.retention.time", "retention.time"),
            Map.entry("storage.tsdb.retention.size", "retention.size"),
            Map.entry("storage.tsdb.wal-compression", "tsdb.walCompression"),
            Map.entry("storage.tsdb.wal-compression-type", "tsdb.walCompression"),
            Map.entry("storage.agent.wal-compression", "tsdb.walCompression"),
            Map.entry("storage.agent.wal-compression-type", "tsdb.walCompression"),
            Map.entry("storage.agent.retention.min-time", "agent.minTime"),
            Map.entry("storage.agent.retention.max-time", "agent.maxTime"),
            Map.entry("storage.agent.wal-truncate-frequency", "agent.truncateFrequency"),
            Map.entry("scrape.discovery-reload-interval", "scrapeDefaults.discoveryReloadInterval"),
            Map.entry("enable-feature", "features"),
            Map.entry("agent", "agent"),
            Map.entry("query.timeout", "query.timeout"),
            Map.entry("query.max-concurrency", "query.maxConcurrency"),
            Map.entry("query.max-samples", "query.maxSamples"),
            Map.entry("query.lookback-delta", "query.lookbackDelta"),
            Map.entry("rules.alert.for-outage-tolerance", "rules.forOutageTolerance"),
            Map.entry("rules.alert.for-grace-period", "rules.forGracePeriod"),
            Map.entry("rules.alert.resend-delay", "rules.resendDelay"),
            Map.entry("rules.max-concurrent-evals", "rules.maxConcurrentEvaluations"),
            Map.entry("alertmanager.notification-queue-capacity", "notifications.queueCapacity"),
            Map.entry("alertmanager.notification-batch-size", "notifications.batchSize"),
            Map.entry("alertmanager.drain-notification-queue-on-shutdown", "notifications.drainOnShutdown"),
            Map.entry("auto-gomemlimit.ratio", "runtime.memoryLimitRatio"),
            Map.entry("log.level", "log.level"),
            Map.entry("log.format", "log.format"),
            Map.entry("help", NARTHEX),
            Map.entry("h", NARTHEX),
            Map.entry("version", NARTHEX),
            Map.entry("write-documentation", NARTHEX)));

    private OwnedFlags() {}

    /**
     * Returns which field stands for a flag, empty text for none, if users can't set the flag.
     *
     * @param name the flag without dashes; {@code no-NAME} means the same flag
     */
    static Optional<String> field(String name) {
        String plain = name.startsWith("no-") ? name.substring(3) : name;
        String field = OWNED.get(plain);
        if (field == null && (plain.startsWith("config.") || plain.startsWith("web.enable-"))) {
            field = NARTHEX;
        }
        return Optional.ofNullable(field);
    }
}
