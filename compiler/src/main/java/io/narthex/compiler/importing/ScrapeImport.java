package io.narthex.compiler.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.config.value.TargetAddress;
import io.narthex.compiler.yaml.YamlTree;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a Monitor of a scrape job; a job that a Monitor can't say is kept in Prometheus's own form, so that none is
 * lost.
 */
final class ScrapeImport {

    /** The name and the entry of the secret that holds the jobs which are kept as they are. */
    static final String RAW = "scrape-configs";

    private static final SortedMap<String, String> TEXTS = new TreeMap<>(Map.of(
            "scrape_interval", "interval",
            "scrape_timeout", "timeout",
            "metrics_path", "path",
            "scheme", "scheme"));
    private static final SortedMap<String, String> FLAGS = new TreeMap<>(Map.of(
            "honor_labels", "honorLabels",
            "honor_timestamps", "honorTimestamps",
            "track_timestamps_staleness", "trackTimestampsStaleness",
            "enable_compression", "enableCompression",
            "follow_redirects", "followRedirects",
            "enable_http2", "enableHttp2"));
    private static final SortedMap<String, String> LIMITS = new TreeMap<>(Map.of(
            "body_size_limit", "bodySize",
            "sample_limit", "samples",
            "target_limit", "targets",
            "label_limit", "labels",
            "label_name_length_limit", "labelNameLength",
            "label_value_length_limit", "labelValueLength",
            "keep_dropped_targets", "keptDroppedTargets"));

    private final Fields fields;
    private final ImportReport report;
    private final Resources resources;
    private final ClientImport clients;
    private final ArrayNode raw = Resources.JSON.arrayNode();

    ScrapeImport(Fields fields, ImportReport report, Resources resources, ClientImport clients) {
        this.fields = fields;
        this.report = report;
        this.resources = resources;
        this.clients = clients;
    }

    /** Returns the jobs that are kept as they are. */
    ArrayNode raw() {
        return raw;
    }

    void job(YamlTree tree) {
        Map<String, YamlTree> job = fields.of(tree, "a scrape job", ConfigKeys.discovery("scrape_configs[]"), "");
        String name =
                Optional.ofNullable(job.get("job_name")).flatMap(YamlTree::text).orElse("");
        if (name.isEmpty()) {
            if (tree.isMapping()) {
                fields.wrong(tree, "a scrape job without job_name", "a job with a name");
            }
            return;
        }
        checkInside(job);
        Optional<String> hindrance = hindrance(job);
        if (hindrance.isPresent()) {
            ObjectNode kept = Resources.JSON.objectNode();
            job.forEach((key, value) -> kept.set(key, value.json()));
            raw.add(kept);
            report.same("job " + name, "additionalScrapeConfigs, as it is: " + hindrance.get());
            return;
        }
        String monitor = resources.name(ApiKinds.MONITOR, name);
        ObjectNode spec = Resources.JSON.objectNode();
        if (!monitor.equals(name)) {
            spec.put("job", name);
        }
        spec.set("source", source(job, monitor));
        ObjectNode endpoint = spec.putArray("endpoints").addObject();
        endpoint.put("name", "metrics");
        port(job).ifPresent(port -> endpoint.put("port", port));
        TEXTS.forEach((from, to) -> text(job, from).ifPresent(value -> endpoint.put(to, value)));
        YamlTree params = job.get("params");
        if (params != null) {
            endpoint.set("params", params.json());
        }
        FLAGS.forEach((from, to) -> {
            YamlTree flag = job.get(from);
            if (flag != null) {
                endpoint.set(to, flag.json());
            }
        });
        ObjectNode limits = Resources.JSON.objectNode();
        LIMITS.forEach((from, to) -> {
            YamlTree limit = job.get(from);
            if (limit != null) {
                limits.set(
                        to,
                        to.equals("bodySize")
                                ? Resources.JSON.textNode(limit.text().orElse(""))
                                : limit.json());
            }
        });
        if (!limits.isEmpty()) {
            endpoint.set("limits", limits);
        }
        clients.put(job, endpoint, monitor);
        relabelings(job.get("relabel_configs"), "relabelings", endpoint);
        relabelings(job.get("metric_relabel_configs"), "metricRelabelings", endpoint);
        resources.add("monitors.yaml", ApiKinds.MONITOR, monitor, spec);
        report.same("job " + name, "Monitor " + monitor);
        report.differs(
                "job " + name, "its pool is now called monitor/default/" + monitor + "/metrics; the label job stays");
    }

    /** Looks for fields that Prometheus would refuse below those of the job itself. */
    private void checkInside(Map<String, YamlTree> job) {
        fields.list(job, "static_configs")
                .forEach(one -> fields.of(one, "static_configs", Set.of("targets", "labels"), ""));
        fields.list(job, "dns_sd_configs")
                .forEach(one -> fields.of(one, "dns_sd_configs", ConfigKeys.of("dns_sd_configs[]"), ""));
        for (String steps : List.of("relabel_configs", "metric_relabel_configs")) {
            fields.list(job, steps).forEach(one -> fields.of(one, steps, ConfigKeys.of("relabel_configs[]"), ""));
        }
        clients.check(job);
    }

    /** Returns why a Monitor can't say the job; empty where it can. */
    private Optional<String> hindrance(Map<String, YamlTree> job) {
        List<String> sources = job.keySet().stream()
                .filter(key -> key.endsWith("_configs") && !key.endsWith("relabel_configs"))
                .toList();
        if (sources.size() != 1) {
            return Optional.of(sources.isEmpty() ? "it has no source of targets" : "it has several sources of targets");
        }
        for (String key : job.keySet()) {
            if (!key.equals("job_name")
                    && !key.equals("params")
                    && !key.endsWith("relabel_configs")
                    && !sources.contains(key)
                    && !TEXTS.containsKey(key)
                    && !FLAGS.containsKey(key)
                    && !LIMITS.containsKey(key)
                    && !ClientImport.FIELDS.contains(key)) {
                return Optional.of("it sets " + key);
            }
        }
        Optional<String> client = clients.hindrance(job);
        if (client.isPresent()) {
            return client;
        }
        if (clients.hasCredentials(job) && redirects(job)) {
            return Optional.of("it sends credentials where relabeling says");
        }
        return sourceHindrance(job, sources.getFirst());
    }

    private Optional<String> sourceHindrance(Map<String, YamlTree> job, String source) {
        List<YamlTree> all =
                Optional.ofNullable(job.get(source)).map(YamlTree::items).orElse(List.of());
        return switch (source) {
            case "static_configs" ->
                all.isEmpty()
                        ? Optional.of("it has no targets")
                        : all.stream()
                                .flatMap(group -> groupHindrance(group).stream())
                                .findFirst();
            case "dns_sd_configs" -> all.size() == 1 ? Optional.empty() : Optional.of("it has several dns_sd_configs");
            case "http_sd_configs" ->
                all.size() == 1
                                && all.getFirst()
                                        .get("url")
                                        .filter(ClientImport::holdsUser)
                                        .isEmpty()
                                && all.getFirst().entries().stream()
                                        .allMatch(entry -> entry.key().equals("url")
                                                || entry.key().equals("refresh_interval"))
                        ? Optional.empty()
                        : Optional.of(
                                "its http_sd_configs say more than an address, or its url holds a user or password");
            case "file_sd_configs" -> {
                report.notMapped(
                        "files of " + source, "Narthex mounts no files of targets; use another source of targets");
                yield Optional.of("its targets stand in files");
            }
            default -> Optional.of("a Monitor has no " + source + " of this kind");
        };
    }

    private static Optional<String> groupHindrance(YamlTree group) {
        if (group.get("labels").stream()
                .flatMap(labels -> labels.entries().stream())
                .anyMatch(label -> label.key().equals("job") || label.key().startsWith("__"))) {
            return Optional.of("its targets have a label of Prometheus's own");
        }
        List<YamlTree> targets = group.get("targets").map(YamlTree::items).orElse(List.of());
        boolean addresses = targets.stream()
                .allMatch(target -> target.text()
                        .map(text -> TargetAddress.parse(text).isValid())
                        .orElse(false));
        return targets.isEmpty() || !addresses ? Optional.of("its targets are no addresses") : Optional.empty();
    }

    private static boolean redirects(Map<String, YamlTree> job) {
        YamlTree steps = job.get("relabel_configs");
        return steps != null
                && steps.items().stream()
                        .flatMap(step -> step.get("target_label").flatMap(YamlTree::text).stream())
                        .anyMatch(label -> label.startsWith("__"));
    }

    private JsonNode source(Map<String, YamlTree> job, String monitor) {
        ObjectNode source = Resources.JSON.objectNode();
        YamlTree statics = job.get("static_configs");
        YamlTree dns = job.get("dns_sd_configs");
        YamlTree http = job.get("http_sd_configs");
        if (statics != null) {
            ObjectNode into = source.putObject("static");
            List<YamlTree> groups = statics.items();
            if (groups.size() == 1) {
                group(groups.getFirst(), into, monitor);
            } else {
                ArrayNode list = into.putArray("groups");
                groups.forEach(one -> group(one, list.addObject(), monitor));
            }
        } else if (dns != null) {
            ObjectNode into = source.putObject("dns");
            YamlTree one = dns.items().getFirst();
            one.get("names").ifPresent(names -> into.set("names", strings(fields.texts(names))));
            one.get("type").flatMap(YamlTree::text).ifPresent(type -> into.put("type", type));
            one.get("refresh_interval")
                    .flatMap(YamlTree::text)
                    .ifPresent(interval -> into.put("refreshInterval", interval));
        } else if (http != null) {
            ObjectNode into = source.putObject("http");
            YamlTree one = http.items().getFirst();
            one.get("url").flatMap(YamlTree::text).ifPresent(url -> into.put("url", url));
            one.get("refresh_interval")
                    .flatMap(YamlTree::text)
                    .ifPresent(interval -> into.put("refreshInterval", interval));
        }
        return source;
    }

    private void group(YamlTree group, ObjectNode into, String monitor) {
        group.get("targets").ifPresent(targets -> into.set("targets", strings(fields.texts(targets))));
        group.get("labels")
                .filter(labels -> !labels.isNull())
                .ifPresent(labels -> into.set("labels", map(fields.map(labels, "labels of " + monitor))));
    }

    private static Optional<Integer> port(Map<String, YamlTree> job) {
        YamlTree dns = job.get("dns_sd_configs");
        return dns == null || dns.items().isEmpty()
                ? Optional.empty()
                : dns.items()
                        .getFirst()
                        .get("port")
                        .flatMap(YamlTree::text)
                        .filter(port -> port.matches("\\d{1,5}"))
                        .map(Integer::parseInt);
    }

    /** Adds steps of relabeling to {@code to} as {@code name}, where there are some. */
    void relabelings(@Nullable YamlTree steps, String name, ObjectNode to) {
        if (steps == null || steps.items().isEmpty()) {
            return;
        }
        ArrayNode list = to.putArray(name);
        for (YamlTree step : steps.items()) {
            Map<String, YamlTree> one = fields.of(step, "a step of relabeling", ConfigKeys.of("relabel_configs[]"), "");
            ObjectNode into = list.addObject();
            text(one, "action").ifPresent(action -> into.put("action", action.toLowerCase(Locale.ROOT)));
            YamlTree labels = one.get("source_labels");
            if (labels != null) {
                into.set("sourceLabels", strings(fields.texts(labels)));
            }
            text(one, "separator").ifPresent(text -> into.put("separator", text));
            text(one, "regex").ifPresent(text -> into.put("regex", text));
            YamlTree modulus = one.get("modulus");
            if (modulus != null) {
                into.set("modulus", modulus.json());
            }
            text(one, "target_label").ifPresent(text -> into.put("targetLabel", text));
            text(one, "replacement").ifPresent(text -> into.put("replacement", text));
        }
    }

    static ArrayNode strings(List<String> texts) {
        ArrayNode array = Resources.JSON.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    static ObjectNode map(Map<String, String> texts) {
        ObjectNode object = Resources.JSON.objectNode();
        texts.forEach(object::put);
        return object;
    }

    private static Optional<String> text(Map<String, YamlTree> job, String key) {
        return Optional.ofNullable(job.get(key)).flatMap(YamlTree::text);
    }
}
