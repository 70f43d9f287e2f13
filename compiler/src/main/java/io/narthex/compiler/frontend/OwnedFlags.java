package io.narthex.compiler.frontend;

import io.narthex.compiler.config.ServerFlag;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The flags of Prometheus that users can't set as extra flags, and what they set instead. */
final class OwnedFlags {

    private static final String NARTHEX = "";

    private static final Map<ServerFlag, String> OWNED = Map.ofEntries(
            Map.entry(ServerFlag.CONFIG_FILE, NARTHEX),
            Map.entry(ServerFlag.CONFIG_AUTO_RELOAD, NARTHEX),
            Map.entry(ServerFlag.CONFIG_AUTO_RELOAD_INTERVAL, NARTHEX),
            Map.entry(ServerFlag.WEB_CONFIG_FILE, "web"),
            Map.entry(ServerFlag.WEB_ENABLE_LIFECYCLE, NARTHEX),
            Map.entry(ServerFlag.WEB_ENABLE_ADMIN_API, NARTHEX),
            Map.entry(ServerFlag.WEB_ENABLE_REMOTE_WRITE_RECEIVER, "remoteWriteReceiver"),
            Map.entry(ServerFlag.WEB_ENABLE_OTLP_RECEIVER, "otlp"),
            Map.entry(ServerFlag.WEB_REMOTE_WRITE_MESSAGES, "remoteWriteReceiver.messages"),
            Map.entry(ServerFlag.WEB_USER_ASSETS, NARTHEX),
            Map.entry(ServerFlag.WEB_LISTEN_ADDRESS, "listen"),
            Map.entry(ServerFlag.WEB_EXTERNAL_URL, "externalUrl"),
            Map.entry(ServerFlag.WEB_ROUTE_PREFIX, "routePrefix"),
            Map.entry(ServerFlag.WEB_CORS_ORIGIN, "web.corsOrigin"),
            Map.entry(ServerFlag.WEB_PAGE_TITLE, "web.pageTitle"),
            Map.entry(ServerFlag.WEB_MAX_CONNECTIONS, "web.maxConnections"),
            Map.entry(ServerFlag.WEB_READ_TIMEOUT, "web.readTimeout"),
            Map.entry(ServerFlag.TSDB_PATH, NARTHEX),
            Map.entry(ServerFlag.AGENT_PATH, NARTHEX),
            Map.entry(ServerFlag.TSDB_RETENTION, "retention.time"),
            Map.entry(ServerFlag.TSDB_RETENTION_TIME, "retention.time"),
            Map.entry(ServerFlag.TSDB_RETENTION_SIZE, "retention.size"),
            Map.entry(ServerFlag.TSDB_WAL_COMPRESSION, "tsdb.walCompression"),
            Map.entry(ServerFlag.TSDB_WAL_COMPRESSION_TYPE, "tsdb.walCompression"),
            Map.entry(ServerFlag.AGENT_WAL_COMPRESSION, "tsdb.walCompression"),
            Map.entry(ServerFlag.AGENT_WAL_COMPRESSION_TYPE, "tsdb.walCompression"),
            Map.entry(ServerFlag.AGENT_RETENTION_MIN_TIME, "agent.minTime"),
            Map.entry(ServerFlag.AGENT_RETENTION_MAX_TIME, "agent.maxTime"),
            Map.entry(ServerFlag.AGENT_WAL_TRUNCATE_FREQUENCY, "agent.truncateFrequency"),
            Map.entry(ServerFlag.SCRAPE_DISCOVERY_RELOAD_INTERVAL, "scrapeDefaults.discoveryReloadInterval"),
            Map.entry(ServerFlag.ENABLE_FEATURE, "features"),
            Map.entry(ServerFlag.AGENT_MODE, "agent"),
            Map.entry(ServerFlag.QUERY_TIMEOUT, "query.timeout"),
            Map.entry(ServerFlag.QUERY_MAX_CONCURRENCY, "query.maxConcurrency"),
            Map.entry(ServerFlag.QUERY_MAX_SAMPLES, "query.maxSamples"),
            Map.entry(ServerFlag.QUERY_LOOKBACK_DELTA, "query.lookbackDelta"),
            Map.entry(ServerFlag.RULES_FOR_OUTAGE_TOLERANCE, "rules.forOutageTolerance"),
            Map.entry(ServerFlag.RULES_FOR_GRACE_PERIOD, "rules.forGracePeriod"),
            Map.entry(ServerFlag.RULES_RESEND_DELAY, "rules.resendDelay"),
            Map.entry(ServerFlag.RULES_MAX_CONCURRENT, "rules.maxConcurrentEvaluations"),
            Map.entry(ServerFlag.ALERTMANAGER_QUEUE_CAPACITY, "notifications.queueCapacity"),
            Map.entry(ServerFlag.ALERTMANAGER_BATCH_SIZE, "notifications.batchSize"),
            Map.entry(ServerFlag.ALERTMANAGER_DRAIN, "notifications.drainOnShutdown"),
            Map.entry(ServerFlag.AUTO_GOMEMLIMIT_RATIO, "runtime.memoryLimitRatio"),
            Map.entry(ServerFlag.LOG_LEVEL, "log.level"),
            Map.entry(ServerFlag.LOG_FORMAT, "log.format"));

    /** With these Prometheus tells something and ends. */
    private static final Set<String> ENDING =
            Set.of("help", "help-long", "help-man", "h", "version", "write-documentation");

    private OwnedFlags() {}

    /**
     * Returns which field stands for a flag, empty text for none, if users can't set the flag.
     *
     * @param name the flag without dashes; {@code no-NAME} means the same flag
     */
    static Optional<String> field(String name) {
        String field = ServerFlag.find(name).map(OWNED::get).orElse(null);
        String plain = name.startsWith("no-") ? name.substring(3) : name;
        if (field == null
                && (ENDING.contains(plain) || plain.startsWith("config.") || plain.startsWith("web.enable-"))) {
            return Optional.of(NARTHEX);
        }
        return Optional.ofNullable(field);
    }
}
