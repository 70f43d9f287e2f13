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
 * Every feature of {@code --enable-feature}, with the releases that have it (Prometheus documentation, "Feature flags",
 * and the sources in {@code cmd/prometheus/main.go}, of every minor release from 2.43 on). Prometheus logs a feature that
 * it lacks and goes on.
 */
public enum ServerFeature {
    /** Agent mode. */
    AGENT("agent", until(3, 0), "the flag --agent"),
    /** GOMAXPROCS by the container's quota. */
    AUTO_GOMAXPROCS("auto-gomaxprocs", until(3, 0), "always on"),
    /** GOMEMLIMIT by the container's limit. */
    AUTO_GOMEMLIMIT("auto-gomemlimit", since(2, 50).removedIn(3, 0), "always on"),
    /** Reloads by itself when files change. */
    AUTO_RELOAD_CONFIG("auto-reload-config", since(3, 0), ""),
    /** Evaluates independent rules at once. */
    CONCURRENT_RULE_EVAL("concurrent-rule-eval", since(2, 51), ""),
    /** Ingests zeros where counters began. */
    CREATED_TIMESTAMP_ZERO_INGESTION("created-timestamp-zero-ingestion", since(2, 50), ""),
    /** Spreads compactions of many servers. */
    DELAYED_COMPACTION("delayed-compaction", since(2, 55), ""),
    /** Keeps exemplars. */
    EXEMPLAR_STORAGE("exemplar-storage", ALWAYS, ""),
    /** Expands variables in external labels. */
    EXPAND_EXTERNAL_LABELS("expand-external-labels", until(3, 0), "always on"),
    /** More samples about each scrape. */
    EXTRA_SCRAPE_METRICS("extra-scrape-metrics", ALWAYS, ""),
    /** Faster starts. */
    FAST_STARTUP("fast-startup", since(3, 11), ""),
    /** Start timestamps in histogram chunks. */
    HISTOGRAMS_ST_ENCODING("histograms-st-encoding", since(3, 14), ""),
    /** A snapshot instead of replaying the WAL. */
    MEMORY_SNAPSHOT_ON_SHUTDOWN("memory-snapshot-on-shutdown", ALWAYS, ""),
    /** Metadata in the WAL. */
    METADATA_WAL_RECORDS("metadata-wal-records", since(2, 54), ""),
    /** Native histograms; by a field of jobs from 3.8 on. */
    NATIVE_HISTOGRAMS("native-histograms", ALWAYS, ""),
    /** The service discovery manager of 3.0. */
    NEW_SERVICE_DISCOVERY_MANAGER("new-service-discovery-manager", until(3, 0), "always on"),
    /** No port is added to addresses. */
    NO_DEFAULT_SCRAPE_PORT("no-default-scrape-port", until(3, 0), "always on"),
    /** The web pages of 2.x. */
    OLD_UI("old-ui", since(3, 0), ""),
    /** Native histograms that come late. */
    OOO_NATIVE_HISTOGRAMS("ooo-native-histograms", since(3, 0), ""),
    /** OpenMetrics 2.0. */
    OPENMETRICS2("openmetrics2", since(3, 15), ""),
    /** Makes deltas of OpenTelemetry cumulative. */
    OTLP_DELTATOCUMULATIVE("otlp-deltatocumulative", since(3, 2), ""),
    /** Takes deltas of OpenTelemetry as they are. */
    OTLP_NATIVE_DELTA_INGESTION("otlp-native-delta-ingestion", since(3, 4), ""),
    /** The receiver of OpenTelemetry. */
    OTLP_WRITE_RECEIVER("otlp-write-receiver", since(2, 47).removedIn(3, 0), "the flag --web.enable-otlp-receiver"),
    /** The modifier @. */
    PROMQL_AT_MODIFIER("promql-at-modifier", until(3, 0), "always on"),
    /** The modifiers fill, fill_left, fill_right. */
    PROMQL_BINOP_FILL_MODIFIERS("promql-binop-fill-modifiers", since(3, 10), ""),
    /** Removes names at the end of a query. */
    PROMQL_DELAYED_NAME_REMOVAL("promql-delayed-name-removal", since(2, 55), ""),
    /** Arithmetic in durations; always on from 3.14 on. */
    PROMQL_DURATION_EXPR("promql-duration-expr", since(3, 4), ""),
    /** Functions that may change. */
    PROMQL_EXPERIMENTAL_FUNCTIONS("promql-experimental-functions", since(2, 49), ""),
    /** The modifiers anchored, smoothed; always on from 3.16 on. */
    PROMQL_EXTENDED_RANGE_SELECTORS("promql-extended-range-selectors", since(3, 7), ""),
    /** Negative offsets. */
    PROMQL_NEGATIVE_OFFSET("promql-negative-offset", until(3, 0), "always on"),
    /** Statistics of each step. */
    PROMQL_PER_STEP_STATS("promql-per-step-stats", ALWAYS, ""),
    /** Names of letters and dots without quotes. */
    PROMQL_UNQUOTED_UTF8_NAMES("promql-unquoted-utf8-names", since(3, 16), ""),
    /** Estimates and limits of queries. */
    QUERY_COST("query-cost", since(3, 16), ""),
    /** The receiver of remote write. */
    REMOTE_WRITE_RECEIVER("remote-write-receiver", until(3, 0), "the flag --web.enable-remote-write-receiver"),
    /** The endpoints for searching names. */
    SEARCH_API("search-api", since(3, 13), ""),
    /** Keeps start timestamps. */
    ST_STORAGE("st-storage", since(3, 10), ""),
    /** Makes up start timestamps. */
    ST_SYNTHESIS("st-synthesis", since(3, 12), ""),
    /** Type and unit as labels. */
    TYPE_AND_UNIT_LABELS("type-and-unit-labels", since(3, 5), ""),
    /** Start timestamps in PromQL. */
    USE_START_TIMESTAMPS("use-start-timestamps", since(3, 12), ""),
    /** Writes chunks past the page cache. */
    USE_UNCACHED_IO("use-uncached-io", since(3, 5), ""),
    /** Names in UTF-8. */
    UTF8_NAMES("utf8-names", since(2, 55).removedIn(3, 0), "always on"),
    /** A denser encoding; by a field of the storage from 3.13 on. */
    XOR2_ENCODING("xor2-encoding", since(3, 11), ""),
    /** Responses compressed with zstd. */
    ZSTD_SCRAPE("zstd-scrape", since(3, 15), "");

    /** What {@link #instead()} says of a feature that can't be turned off any more. */
    public static final String ALWAYS_ON = "always on";

    private static final Map<String, ServerFeature> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(ServerFeature::text, Function.identity()));

    private final String text;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    private final String instead;

    ServerFeature(String text, Gate gate, String instead) {
        this.text = text;
        this.gate = gate;
        this.instead = instead;
    }

    /** Returns the feature with this name. */
    public static Optional<ServerFeature> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** Returns the name. */
    public String text() {
        return text;
    }

    /** Returns which releases have it. */
    public Gate gate() {
        return gate;
    }

    /** Returns what newer releases have in its place, such as {@code always on}; empty where they still have it. */
    public String instead() {
        return instead;
    }
}
