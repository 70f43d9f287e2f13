package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Asks a running Prometheus (Prometheus documentation, "HTTP API" and "Management API").
 *
 * <p>Every method blocks until there is an {@link Answer}, at most as long as the {@link ClientLimits} say; it throws
 * nothing that the server or the network could cause. Any number of threads may ask at once. An instance keeps its
 * connections open: share one, and close it at last.
 */
public final class PrometheusClient implements AutoCloseable {

    /**
     * So long after it was loaded each job has a scrape pool that is ever to have one: {@code
     * --scrape.discovery-reload-interval} and 5 s.
     */
    public static final Duration MAKES_POOLS = Duration.ofSeconds(30);

    private static final Pattern SEARCHABLE = Pattern.compile("[A-Za-z0-9._*/-]{8,}");
    private static final String QUERY_ERROR = "invalid parameter \"query\": ";
    private static final ObjectMapper TREES = new ObjectMapper();
    private static final String SUCCESS = "{\"status\":\"success\"";

    private final ClientLimits limits;
    private final Transport transport;
    private volatile boolean parsesQueries = true;

    /**
     * Makes a client; nothing is sent yet.
     *
     * @throws IllegalArgumentException when the endpoint's trust holds no certificate
     */
    public PrometheusClient(PrometheusEndpoint endpoint, ClientLimits limits) {
        this.limits = limits;
        this.transport = new Transport(endpoint, limits.connect(), ApiReader::error);
    }

    /** Returns whether it answers at all: {@code /-/healthy}, which it does from the start on. */
    public Answer<Boolean> healthy() {
        return transport.get(
                "/-/healthy",
                Optional.empty(),
                limits.small(),
                limits.smallBytes(),
                body -> new Answer.Ok<>(true),
                Transport::refused);
    }

    /** Returns how far it is: {@code /-/ready}, and while it starts the progress of the replay. */
    public Answer<Readiness> readiness() {
        Answer<Readiness> readiness = transport.get(
                "/-/ready",
                Optional.empty(),
                limits.small(),
                limits.smallBytes(),
                body -> new Answer.Ok<>(new Readiness.Ready()),
                refusal -> {
                    if (refusal.status() != 503) {
                        return Transport.refused(refusal);
                    }
                    boolean stopping = refusal.headers()
                            .firstValue("X-Prometheus-Stopping")
                            .filter("true"::equals)
                            .isPresent();
                    return new Answer.Ok<>(
                            stopping ? new Readiness.Stopping() : new Readiness.Starting(Optional.empty()));
                });
        return readiness
                        .toOptional()
                        .filter(Readiness.Starting.class::isInstance)
                        .isPresent()
                ? new Answer.Ok<>(new Readiness.Starting(walReplay().toOptional()))
                : readiness;
    }

    /** Returns the progress of the replay; an agent and a server that hasn't begun refuse. */
    private Answer<WalReplay> walReplay() {
        return get("/api/v1/status/walreplay", "", false, data -> {
            long[] segments = new long[3];
            ApiReader.fields(data, (name, json) -> {
                switch (name) {
                    case "min" -> segments[0] = (long) ApiReader.number(json);
                    case "max" -> segments[1] = (long) ApiReader.number(json);
                    case "current" -> segments[2] = (long) ApiReader.number(json);
                    default -> json.skipChildren();
                }
            });
            return new WalReplay(segments[0], segments[1], segments[2]);
        });
    }

    /** Returns which Prometheus it is. While it starts it refuses with 503. */
    public Answer<BuildInfo> buildInfo() {
        return get("/api/v1/status/buildinfo", "", false, data -> {
            Map<String, String> text = texts(data);
            String version = text.getOrDefault("version", "");
            return new BuildInfo(
                    PrometheusVersion.parse(version).orElseThrow(() -> new ApiReader.Unexpected("no version in it")),
                    version,
                    text.getOrDefault("revision", ""),
                    text.getOrDefault("goVersion", ""));
        });
    }

    /** Returns the flags in effect by name, without the dashes. */
    public Answer<SortedMap<String, String>> flags() {
        return get("/api/v1/status/flags", "", false, PrometheusClient::texts);
    }

    /** Returns what it says about its process. It gathers all its metrics for that, which may take a while. */
    public Answer<RuntimeInfo> runtimeInfo() {
        return get("/api/v1/status/runtimeinfo", "", true, data -> {
            SortedMap<String, String> text = texts(data);
            try {
                return new RuntimeInfo(
                        Instant.parse(text.getOrDefault("startTime", "")),
                        text.getOrDefault("CWD", ""),
                        text.getOrDefault("reloadConfigSuccess", "").equals("true"),
                        Optional.of(Instant.parse(text.getOrDefault("lastConfigTime", "")))
                                .filter(time -> time.getEpochSecond() > 0),
                        text.getOrDefault("storageRetention", ""));
            } catch (DateTimeException e) {
                throw new ApiReader.Unexpected("no time in it");
            }
        });
    }

    /**
     * Has it load its configuration anew ({@code POST /-/reload}), where its lifecycle endpoint is enabled. Answered
     * once that is done; while it starts, that is after the start. A refusal holds Prometheus's reason: 500 for a
     * configuration that it doesn't take, 403 for a lifecycle endpoint that isn't enabled.
     */
    public Answer<Boolean> reload() {
        return transport.post(
                "/-/reload",
                "",
                limits.reload(),
                limits.smallBytes(),
                body -> new Answer.Ok<>(true),
                refusal -> refusal.status() == 403 && refusal.message().startsWith("Lifecycle API")
                        ? new Answer.Refused<>(refusal.status(), refusal.message())
                        : Transport.refused(refusal));
    }

    /** Returns what its own metrics say about its configuration; they are answered while it starts, too. */
    public Answer<ReloadState> reloadState() {
        return transport.get(
                "/metrics",
                Optional.empty(),
                limits.large(),
                limits.largeBytes(),
                body -> new MetricsReader().read(body),
                Transport::refused);
    }

    /**
     * Returns a file of the folder that it was started with as {@code --web.user-assets}; empty where the file isn't
     * there.
     *
     * @param name the file's name, of letters, digits and {@code . _ -}
     */
    public Answer<Optional<byte[]>> userAsset(String name) {
        return transport.get(
                "/user/" + name,
                Optional.empty(),
                limits.small(),
                limits.smallBytes(),
                body -> new Answer.Ok<>(Optional.of(body.readAllBytes())),
                refusal -> refusal.status() == 404 ? new Answer.Ok<>(Optional.empty()) : Transport.refused(refusal));
    }

    /** Returns the main configuration file as it is loaded, in Prometheus's own words; parts that it names not. */
    public Answer<String> loadedConfig() {
        return get("/api/v1/status/config", "", true, data -> texts(data).getOrDefault("yaml", ""));
    }

    /**
     * Returns which of some texts the loaded main configuration file holds, the first that stands there; empty for none.
     * Reads it as a stream, however long it is.
     *
     * @param texts what to look for: each at least eight letters, digits and {@code . _ * / -}, which are written the
     *     same in a glob, in YAML and in JSON
     * @throws IllegalArgumentException for other texts
     */
    public Answer<Optional<String>> loadedConfigHolds(Collection<String> texts) {
        List<ByteSearch> searches = new ArrayList<>();
        for (String text : texts) {
            if (!SEARCHABLE.matcher(text).matches()) {
                throw new IllegalArgumentException("not a text that is written the same everywhere: " + text);
            }
            searches.add(new ByteSearch(text));
        }
        return transport.get(
                "/api/v1/status/config",
                Optional.empty(),
                limits.large(),
                limits.largeBytes(),
                body -> startsWithSuccess(body)
                        ? new Answer.Ok<>(ByteSearch.first(searches, body))
                        : new Answer.Unintelligible<>("not an answer of Prometheus's HTTP API"),
                Transport::refused);
    }

    private static boolean startsWithSuccess(InputStream body) throws IOException {
        byte[] start = body.readNBytes(SUCCESS.length());
        return new String(start, StandardCharsets.US_ASCII).equals(SUCCESS);
    }

    /** Returns the active targets, counted by scrape pool, with those that {@code query} asks for. */
    public Answer<TargetReport> targets(TargetQuery query) {
        return get(
                "/api/v1/targets",
                "state=active"
                        + query.pool()
                                .map(pool -> "&scrapePool=" + encoded(pool))
                                .orElse(""),
                true,
                data -> new TargetsReader(query).read(data));
    }

    /**
     * Returns the scrape pools that there are ({@code /api/v1/scrape_pools}, from 2.42). From 3.0 on there is one of each job,
     * also without targets, and a job that has none some seconds after it was loaded is one for which Prometheus couldn't make
     * it; before, a job for which nothing was ever discovered has none either (discovery/legacymanager).
     */
    public Answer<Set<String>> scrapePools() {
        return get("/api/v1/scrape_pools", "", true, data -> {
            Set<String> pools = new HashSet<>();
            ApiReader.fields(data, (name, json) -> {
                if (name.equals("scrapePools")) {
                    ApiReader.elements(json, pool -> pools.add(ApiReader.text(pool)));
                } else {
                    json.skipChildren();
                }
            });
            return Set.copyOf(pools);
        });
    }

    /** Returns the loaded rule groups and how they went. An agent refuses. */
    public Answer<RuleReport> rules() {
        return get("/api/v1/rules", "exclude_alerts=true", true, data -> new RulesReader().read(data));
    }

    /**
     * Returns how many Alertmanagers it has discovered ({@code /api/v1/alertmanagers}); their addresses are read over. An
     * agent refuses.
     */
    public Answer<AlertmanagerReport> alertmanagers() {
        return get("/api/v1/alertmanagers", "", true, data -> {
            int[] counts = new int[2];
            ApiReader.fields(data, (name, json) -> {
                switch (name) {
                    case "activeAlertmanagers" -> counts[0] = ApiReader.count(json);
                    case "droppedAlertmanagers" -> counts[1] = ApiReader.count(json);
                    default -> json.skipChildren();
                }
            });
            return new AlertmanagerReport(counts[0], counts[1]);
        });
    }

    /**
     * Returns whether the text is PromQL to this server. Asks {@code /api/v1/parse_query} (from 3.0), else {@code
     * /api/v1/format_query}: both parse alike and answer the same error. An agent refuses.
     */
    public Answer<QueryVerdict> checkQuery(String text) {
        if (parsesQueries) {
            Answer<QueryVerdict> answer = checkQuery("/api/v1/parse_query", text);
            if (!(answer instanceof Answer.Refused<QueryVerdict>(int status, String message) && status == 404)) {
                return answer;
            }
            parsesQueries = false;
        }
        return checkQuery("/api/v1/format_query", text);
    }

    /**
     * Returns what this server's parser makes of the text: {@code /api/v1/parse_query}, from 3.0. An agent and an older
     * release refuse.
     */
    public Answer<QueryVerdict> parseQuery(String text) {
        return parsed("/api/v1/parse_query", text, data -> QueryTreeReader.read(TREES.readTree(data)));
    }

    private Answer<QueryVerdict> checkQuery(String path, String text) {
        return parsed(path, text, data -> {
            data.skipChildren();
            return new QueryVerdict.Valid();
        });
    }

    private Answer<QueryVerdict> parsed(String path, String text, ApiReader.DataReader<QueryVerdict> reader) {
        return transport.post(
                path,
                "query=" + encoded(text),
                limits.large(),
                limits.largeBytes(),
                ApiReader.of(reader),
                refusal -> refusal.status() == 400 && refusal.message().startsWith(QUERY_ERROR)
                        ? new Answer.Ok<>(
                                QueryErrors.read(text, refusal.message().substring(QUERY_ERROR.length())))
                        : Transport.refused(refusal));
    }

    /**
     * Returns what an instant query finds: a vector or a scalar.
     *
     * @param time the time to evaluate it at; empty for the server's now
     */
    public Answer<QueryResult> query(String promql, Optional<Instant> time) {
        return transport.post(
                "/api/v1/query",
                "query=" + encoded(promql)
                        + time.map(t -> "&time=" + encoded(t.toString())).orElse(""),
                limits.large(),
                limits.largeBytes(),
                ApiReader.of(data -> new QueryReader().read(data)),
                Transport::refused);
    }

    private <T> Answer<T> get(String path, String query, boolean large, ApiReader.DataReader<T> reader) {
        return transport.get(
                path,
                Optional.of(query).filter(q -> !q.isEmpty()),
                large ? limits.large() : limits.small(),
                large ? limits.largeBytes() : limits.smallBytes(),
                ApiReader.of(reader),
                Transport::refused);
    }

    private static SortedMap<String, String> texts(JsonParser data) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        ApiReader.fields(data, (name, json) -> texts.put(name, ApiReader.text(json)));
        return texts;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Closes the connections; what is being asked is answered as unreachable. */
    @Override
    public void close() {
        transport.close();
    }
}
