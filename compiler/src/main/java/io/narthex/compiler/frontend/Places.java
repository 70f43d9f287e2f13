package io.narthex.compiler.frontend;

import io.narthex.compiler.model.FieldPath;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells for a line of a scrape job which field of the Monitor asked for it. */
final class Places {

    private static final Map<String, String> ENDPOINT = Map.ofEntries(
            Map.entry("scrape_interval", "interval"),
            Map.entry("scrape_timeout", "timeout"),
            Map.entry("metrics_path", "path"),
            Map.entry("scheme", "scheme"),
            Map.entry("params", "params"),
            Map.entry("honor_labels", "honorLabels"),
            Map.entry("honor_timestamps", "honorTimestamps"),
            Map.entry("track_timestamps_staleness", "trackTimestampsStaleness"),
            Map.entry("enable_compression", "enableCompression"),
            Map.entry("scrape_failure_log_file", "logFailures"),
            Map.entry("scrape_protocols", "scrapeProtocols"),
            Map.entry("fallback_scrape_protocol", "fallbackScrapeProtocol"),
            Map.entry("scrape_native_histograms", "nativeHistograms.scrape"),
            Map.entry("always_scrape_classic_histograms", "nativeHistograms.alwaysScrapeClassic"),
            Map.entry("scrape_classic_histograms", "nativeHistograms.alwaysScrapeClassic"),
            Map.entry("convert_classic_histograms_to_nhcb", "nativeHistograms.convertClassic"),
            Map.entry("native_histogram_bucket_limit", "nativeHistograms.bucketLimit"),
            Map.entry("native_histogram_min_bucket_factor", "nativeHistograms.minBucketFactor"),
            Map.entry("metric_name_validation_scheme", "nameValidation"),
            Map.entry("metric_name_escaping_scheme", "nameEscaping"),
            Map.entry("extra_scrape_metrics", "extraScrapeMetrics"),
            Map.entry("body_size_limit", "limits.bodySize"),
            Map.entry("sample_limit", "limits.samples"),
            Map.entry("target_limit", "limits.targets"),
            Map.entry("label_limit", "limits.labels"),
            Map.entry("label_name_length_limit", "limits.labelNameLength"),
            Map.entry("label_value_length_limit", "limits.labelValueLength"),
            Map.entry("keep_dropped_targets", "limits.keptDroppedTargets"),
            Map.entry("basic_auth", "auth.basic"),
            Map.entry("authorization", "auth.authorization"),
            Map.entry("oauth2", "auth.oauth2"),
            Map.entry("tls_config", "tls"),
            Map.entry("proxy_url", "proxy.url"),
            Map.entry("no_proxy", "proxy.noProxy"),
            Map.entry("proxy_from_environment", "proxy.fromEnvironment"),
            Map.entry("follow_redirects", "followRedirects"),
            Map.entry("enable_http2", "enableHttp2"),
            Map.entry("http_headers", "headers"));
    private static final Map<String, String> SOURCE = Map.of(
            "static_configs", "static",
            "dns_sd_configs", "dns",
            "http_sd_configs", "http",
            "file_sd_configs", "file");
    private static final Pattern STEP = Pattern.compile("(metric_)?relabel_configs\\[(\\d+)\\].*");
    private static final FieldPath SPEC = FieldPath.of("spec");

    private final FieldPath endpoint;
    private final boolean declared;
    private final boolean probed;
    private final int firstStep;
    private final int steps;
    private final int metricSteps;

    /**
     * Makes one for a job.
     *
     * @param endpoint the endpoint's path
     * @param declared whether it is declared at all, and not only implied
     * @param probed whether a prober stands in between
     * @param firstStep how many steps of relabeling come before the user's own
     * @param steps how many of the user's own there are
     * @param metricSteps how many of the user's own there are for samples
     */
    Places(FieldPath endpoint, boolean declared, boolean probed, int firstStep, int steps, int metricSteps) {
        this.endpoint = endpoint;
        this.declared = declared;
        this.probed = probed;
        this.firstStep = firstStep;
        this.steps = steps;
        this.metricSteps = metricSteps;
    }

    /** Returns the field that asked for what stands at {@code path}; empty where Narthex adds it by itself. */
    Optional<FieldPath> field(String path) {
        Matcher step = STEP.matcher(path);
        if (step.matches()) {
            int number = Integer.parseInt(step.group(2));
            if (step.group(1) != null) {
                return number < metricSteps
                        ? Optional.of(endpoint.field("metricRelabelings").index(number))
                        : Optional.empty();
            }
            return number >= firstStep && number < firstStep + steps
                    ? Optional.of(endpoint.field("relabelings").index(number - firstStep))
                    : Optional.empty();
        }
        int end = 0;
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        String key = path.substring(0, end);
        if (path.contains("labels.job") || path.contains("labels[\"job\"]")) {
            return Optional.of(SPEC.field("job"));
        }
        String source = SOURCE.get(key);
        if (source != null) {
            return Optional.of(MonitorSource.AT.field(source));
        }
        if (key.endsWith("_sd_configs")) {
            return Optional.of(MonitorSource.AT);
        }
        if (probed && (key.equals("metrics_path") || key.equals("scheme"))) {
            return Optional.of(SPEC.field("prober"));
        }
        String field = ENDPOINT.get(key);
        if (field == null || !declared) {
            return Optional.empty();
        }
        FieldPath found = endpoint;
        for (String part : field.split("\\.", -1)) {
            found = found.field(part);
        }
        return Optional.of(found);
    }
}
