package io.narthex.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A running Prometheus, asked by its HTTP API. */
final class AskedPrometheus {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final UnaryOperator<String> get;

    /**
     * Makes it.
     *
     * @param get fetches a path, such as {@code /api/v1/targets}, and returns the body
     */
    AskedPrometheus(UnaryOperator<String> get) {
        this.get = get;
    }

    private JsonNode data(String path) {
        String body = get.apply(path);
        try {
            return JSON.readTree(body).path("data");
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new AssertionError("Prometheus answers " + path + " with " + body, e);
        }
    }

    /** Returns the value of an expression that has one now; empty where it has none. */
    Optional<Double> value(String expression) {
        return first(data("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8)));
    }

    /** Returns the value that an expression had. */
    Optional<Double> value(String expression, Instant at) {
        return first(
                data("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8) + "&time=" + at.getEpochSecond()));
    }

    private static Optional<Double> first(JsonNode data) {
        JsonNode sample = data.path("result").path(0).path("value").path(1);
        return sample.isMissingNode() ? Optional.empty() : Optional.of(Double.valueOf(sample.asText()));
    }

    /** Returns the scrape intervals of the targets whose label {@code job} is this. */
    List<String> intervals(String job) {
        List<String> intervals = new ArrayList<>();
        for (JsonNode target : data("/api/v1/targets?state=active").path("activeTargets")) {
            if (target.path("labels").path("job").asText().equals(job)) {
                intervals.add(target.path("scrapeInterval").asText());
            }
        }
        return intervals;
    }

    /** Returns the values of the label {@code job} of all targets, each once. */
    List<String> jobs() {
        Set<String> jobs = new TreeSet<>();
        data("/api/v1/targets?state=active")
                .path("activeTargets")
                .forEach(target -> jobs.add(target.path("labels").path("job").asText()));
        return List.copyOf(jobs);
    }

    /** Returns the configuration that is loaded. */
    String configuration() {
        return data("/api/v1/status/config").path("yaml").asText();
    }

    /** Returns the release that runs. */
    String version() {
        return data("/api/v1/status/buildinfo").path("version").asText();
    }
}
