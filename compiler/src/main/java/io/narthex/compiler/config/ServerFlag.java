package io.narthex.compiler.config;

import static io.narthex.compiler.config.Gate.ALWAYS;
import static io.narthex.compiler.config.Gate.since;
import static io.narthex.compiler.config.Gate.until;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every flag of Prometheus, with the releases that have it (Prometheus documentation, "Command line", and the sources in
 * {@code cmd/prometheus/main.go}, which have more). Prometheus doesn't start with a flag that it lacks, nor with one of
 * the other mode.
 *
 * <p>The releases are those of the sources of every minor release from 2.43 on; 2.42 and the newest are also asked
 * themselves. Distributions change flags: Debian's 2.42 has {@code use-lockfile} for both {@code no-lockfile}, and {@code
 * web.local-assets}. So a flag that isn't here may exist all the same.
 */
public enum ServerFlag {
    CONFIG_FILE("config.file", Mode.BOTH, ALWAYS),
    CONFIG_AUTO_RELOAD("config.auto-reload", Mode.BOTH, since(3, 12)),
    CONFIG_AUTO_RELOAD_INTERVAL("config.auto-reload-interval", Mode.BOTH, since(3, 0)),
    WEB_LISTEN_ADDRESS("web.listen-address", Mode.BOTH, ALWAYS),
    AUTO_GOMAXPROCS("auto-gomaxprocs", Mode.BOTH, since(3, 0)),
    AUTO_GOMEMLIMIT("auto-gomemlimit", Mode.BOTH, since(3, 0)),
    AUTO_GOMEMLIMIT_RATIO("auto-gomemlimit.ratio", Mode.BOTH, since(2, 50)),
    AUTO_GOMEMLIMIT_REFRESH_INTERVAL("auto-gomemlimit.refresh-interval", Mode.BOTH, since(3, 15)),
    WEB_CONFIG_FILE("web.config.file", Mode.BOTH, ALWAYS),
    WEB_READ_TIMEOUT("web.read-timeout", Mode.BOTH, ALWAYS),
    WEB_MAX_CONNECTIONS("web.max-connections", Mode.BOTH, ALWAYS),
    WEB_MAX_NOTIFICATIONS_SUBSCRIBERS("web.max-notifications-subscribers", Mode.BOTH, since(3, 0)),
    WEB_EXTERNAL_URL("web.external-url", Mode.BOTH, ALWAYS),
    WEB_ROUTE_PREFIX("web.route-prefix", Mode.BOTH, ALWAYS),
    WEB_USER_ASSETS("web.user-assets", Mode.BOTH, ALWAYS),
    WEB_ENABLE_LIFECYCLE("web.enable-lifecycle", Mode.BOTH, ALWAYS),
    WEB_ENABLE_ADMIN_API("web.enable-admin-api", Mode.BOTH, ALWAYS),
    WEB_ENABLE_REMOTE_WRITE_RECEIVER("web.enable-remote-write-receiver", Mode.BOTH, ALWAYS),
    WEB_REMOTE_WRITE_MESSAGES("web.remote-write-receiver.accepted-protobuf-messages", Mode.BOTH, since(2, 54)),
    WEB_ENABLE_OTLP_RECEIVER("web.enable-otlp-receiver", Mode.BOTH, since(3, 0)),
    WEB_CONSOLE_TEMPLATES("web.console.templates", Mode.BOTH, ALWAYS),
    WEB_CONSOLE_LIBRARIES("web.console.libraries", Mode.BOTH, ALWAYS),
    WEB_PAGE_TITLE("web.page-title", Mode.BOTH, ALWAYS),
    WEB_CORS_ORIGIN("web.cors.origin", Mode.BOTH, ALWAYS),
    WEB_SEARCH_MAX_LIMIT("web.search.max-limit", Mode.SERVER, since(3, 13)),
    TSDB_PATH("storage.tsdb.path", Mode.SERVER, ALWAYS),
    TSDB_MIN_BLOCK_DURATION("storage.tsdb.min-block-duration", Mode.SERVER, ALWAYS),
    TSDB_MAX_BLOCK_DURATION("storage.tsdb.max-block-duration", Mode.SERVER, ALWAYS),
    TSDB_MAX_CHUNK_SEGMENT_SIZE("storage.tsdb.max-block-chunk-segment-size", Mode.SERVER, ALWAYS),
    TSDB_WAL_SEGMENT_SIZE("storage.tsdb.wal-segment-size", Mode.SERVER, ALWAYS),
    TSDB_RETENTION("storage.tsdb.retention", Mode.SERVER, until(3, 0)),
    TSDB_RETENTION_TIME("storage.tsdb.retention.time", Mode.SERVER, ALWAYS),
    TSDB_RETENTION_SIZE("storage.tsdb.retention.size", Mode.SERVER, ALWAYS),
    TSDB_NO_LOCKFILE("storage.tsdb.no-lockfile", Mode.SERVER, ALWAYS),
    TSDB_ALLOW_OVERLAPPING_BLOCKS("storage.tsdb.allow-overlapping-blocks", Mode.SERVER, until(3, 0)),
    TSDB_ALLOW_OVERLAPPING_COMPACTION("storage.tsdb.allow-overlapping-compaction", Mode.SERVER, since(2, 55)),
    TSDB_WAL_COMPRESSION("storage.tsdb.wal-compression", Mode.SERVER, ALWAYS),
    TSDB_WAL_COMPRESSION_TYPE("storage.tsdb.wal-compression-type", Mode.SERVER, since(2, 46)),
    TSDB_HEAD_CHUNKS_WRITE_QUEUE_SIZE("storage.tsdb.head-chunks-write-queue-size", Mode.SERVER, ALWAYS),
    TSDB_SAMPLES_PER_CHUNK("storage.tsdb.samples-per-chunk", Mode.SERVER, since(2, 45)),
    TSDB_DELAYED_COMPACTION("storage.tsdb.delayed-compaction.max-percent", Mode.SERVER, since(3, 0)),
    TSDB_DELAY_COMPACT_FILE("storage.tsdb.delay-compact-file.path", Mode.SERVER, since(3, 9)),
    TSDB_BLOCK_RELOAD_INTERVAL("storage.tsdb.block-reload-interval", Mode.SERVER, since(3, 9)),
    AGENT_PATH("storage.agent.path", Mode.AGENT, ALWAYS),
    AGENT_WAL_SEGMENT_SIZE("storage.agent.wal-segment-size", Mode.AGENT, ALWAYS),
    AGENT_WAL_COMPRESSION("storage.agent.wal-compression", Mode.AGENT, ALWAYS),
    AGENT_WAL_COMPRESSION_TYPE("storage.agent.wal-compression-type", Mode.AGENT, since(2, 46)),
    AGENT_WAL_TRUNCATE_FREQUENCY("storage.agent.wal-truncate-frequency", Mode.AGENT, ALWAYS),
    AGENT_RETENTION_MIN_TIME("storage.agent.retention.min-time", Mode.AGENT, ALWAYS),
    AGENT_RETENTION_MAX_TIME("storage.agent.retention.max-time", Mode.AGENT, ALWAYS),
    AGENT_CHECKPOINT_IN_MEMORY("storage.agent.checkpoint-from-in-memory-series", Mode.AGENT, since(3, 12)),
    AGENT_CHECKPOINT_BATCH_SIZE("storage.agent.checkpoint-batch-size", Mode.AGENT, since(3, 12)),
    AGENT_NO_LOCKFILE("storage.agent.no-lockfile", Mode.AGENT, ALWAYS),
    REMOTE_FLUSH_DEADLINE("storage.remote.flush-deadline", Mode.BOTH, ALWAYS),
    REMOTE_READ_SAMPLE_LIMIT("storage.remote.read-sample-limit", Mode.SERVER, ALWAYS),
    REMOTE_READ_CONCURRENT_LIMIT("storage.remote.read-concurrent-limit", Mode.SERVER, ALWAYS),
    REMOTE_READ_MAX_BYTES("storage.remote.read-max-bytes-in-frame", Mode.SERVER, ALWAYS),
    RULES_FOR_OUTAGE_TOLERANCE("rules.alert.for-outage-tolerance", Mode.SERVER, ALWAYS),
    RULES_FOR_GRACE_PERIOD("rules.alert.for-grace-period", Mode.SERVER, ALWAYS),
    RULES_RESEND_DELAY("rules.alert.resend-delay", Mode.SERVER, ALWAYS),
    RULES_MAX_CONCURRENT("rules.max-concurrent-evals", Mode.SERVER, since(2, 51)),
    SCRAPE_ADJUST_TIMESTAMPS("scrape.adjust-timestamps", Mode.BOTH, ALWAYS),
    SCRAPE_TIMESTAMP_TOLERANCE("scrape.timestamp-tolerance", Mode.BOTH, ALWAYS),
    SCRAPE_DISCOVERY_RELOAD_INTERVAL("scrape.discovery-reload-interval", Mode.BOTH, ALWAYS),
    SCRAPE_NAME_ESCAPING("scrape.name-escaping-scheme", Mode.BOTH, since(2, 55).removedIn(3, 0)),
    ALERTMANAGER_QUEUE_CAPACITY("alertmanager.notification-queue-capacity", Mode.SERVER, ALWAYS),
    ALERTMANAGER_BATCH_SIZE("alertmanager.notification-batch-size", Mode.SERVER, since(3, 4)),
    ALERTMANAGER_DRAIN("alertmanager.drain-notification-queue-on-shutdown", Mode.SERVER, since(2, 54)),
    ALERTMANAGER_TIMEOUT("alertmanager.timeout", Mode.BOTH, until(3, 0)),
    QUERY_LOOKBACK_DELTA("query.lookback-delta", Mode.SERVER, ALWAYS),
    QUERY_TIMEOUT("query.timeout", Mode.SERVER, ALWAYS),
    QUERY_MAX_CONCURRENCY("query.max-concurrency", Mode.SERVER, ALWAYS),
    QUERY_MAX_SAMPLES("query.max-samples", Mode.SERVER, ALWAYS),
    ENABLE_FEATURE("enable-feature", Mode.BOTH, ALWAYS),
    AGENT_MODE("agent", Mode.BOTH, since(3, 0)),
    LOG_LEVEL("log.level", Mode.BOTH, ALWAYS),
    LOG_FORMAT("log.format", Mode.BOTH, ALWAYS);

    /** In which mode Prometheus takes the flag. */
    public enum Mode {
        /** Not in agent mode. */
        SERVER,
        /** In agent mode only. */
        AGENT,
        /** In both. */
        BOTH
    }

    private static final Map<String, ServerFlag> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ServerFlag::text, Function.identity()));

    private final String text;
    private final Mode mode;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    ServerFlag(String text, Mode mode, Gate gate) {
        this.text = text;
        this.mode = mode;
        this.gate = gate;
    }

    /** Returns the flag with this name, without dashes; the form {@code no-NAME} turns a flag off. */
    public static Optional<ServerFlag> find(String name) {
        ServerFlag found = BY_NAME.get(name);
        return Optional.ofNullable(found == null && name.startsWith("no-") ? BY_NAME.get(name.substring(3)) : found);
    }

    /** Returns the name without dashes. */
    public String text() {
        return text;
    }

    /** Returns in which mode Prometheus takes the flag. */
    public Mode mode() {
        return mode;
    }

    /** Returns which releases have it. */
    public Gate gate() {
        return gate;
    }

    /** Returns whether Prometheus takes the flag in agent mode, or out of it. */
    public boolean fits(boolean agent) {
        return mode == Mode.BOTH || (mode == Mode.AGENT) == agent;
    }
}
