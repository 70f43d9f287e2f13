package io.narthex.compiler.importing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.config.value.TargetAddress;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.yaml.YamlTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes resources of a Prometheus's configuration, its rule files and the compose file that starts it. What can't be
 * said by a resource is reported; nothing is left out silently.
 */
public final class ConfigImport {

    /** The name of the PrometheusServer that is made. */
    public static final String SERVER = "main";

    private static final List<String> DISCOVERY = List.of("static_configs", "dns_sd_configs");

    private final ImportInput input;
    private final ImportReport report = new ImportReport();
    private final Resources resources = new Resources();
    private final Fields fields;
    private final ClientImport clients;
    private final ScrapeImport scrapes;

    private ConfigImport(ImportInput input) {
        this.input = input;
        this.fields = new Fields(report, input.fix());
        this.clients = new ClientImport(fields, report, resources);
        this.scrapes = new ScrapeImport(fields, report, resources, clients);
    }

    /** Returns the patterns of rule files that a configuration names, as they stand there; none where it can't be read. */
    public static List<String> ruleFiles(ImportInput.Source config) {
        return YamlTree.parse(config.name(), config.content()).documents().stream()
                .flatMap(document -> document.get("rule_files").stream())
                .flatMap(list -> list.items().stream())
                .flatMap(item -> item.text().stream())
                .toList();
    }

    /** Returns what {@code input} becomes. Never throws for a user's mistake. */
    public static Imported of(ImportInput input) {
        return new ConfigImport(input).run();
    }

    private Imported run() {
        ObjectNode server = Resources.JSON.objectNode();
        YamlTree.Parsed parsed =
                YamlTree.parse(input.config().name(), input.config().content());
        report.addAll(parsed.diagnostics());
        if (parsed.diagnostics().isEmpty()) {
            if (parsed.documents().size() != 1 || !parsed.documents().getFirst().isMapping()) {
                report.error(
                        DiagnosticCode.IMPORT_NO_CONFIG,
                        new Position(input.config().name(), 1, 1, 1),
                        "the file holds " + (parsed.documents().size() > 1 ? "several documents" : "no mapping"),
                        "a configuration of Prometheus",
                        "name the file that --config.file of Prometheus names");
            } else {
                config(parsed.documents().getFirst(), server);
            }
        }
        input.ruleFiles().forEach(this::rules);
        input.compose()
                .ifPresent(compose ->
                        new ComposeImport(compose, input.environment(), input.stack(), report, server).run());
        resources.add("server.yaml", ApiKinds.SERVER, SERVER, server);
        List<Diagnostic> problems =
                report.problems().stream().distinct().sorted(Diagnostic.ORDER).toList();
        return new Imported(
                problems.isEmpty() ? resources.yaml() : new TreeMap<>(),
                new TreeMap<>(problems.isEmpty() ? resources.secrets() : Map.of()),
                report.lines(),
                problems,
                report.notes(),
                report.fixable());
    }

    private void config(YamlTree root, ObjectNode server) {
        Map<String, YamlTree> config = fields.of(root, "the configuration", ConfigKeys.root(), "");
        YamlTree global = config.get("global");
        if (global != null) {
            global(fields.of(global, "global", ConfigKeys.of("global"), ""), server);
        }
        YamlTree alerting = config.get("alerting");
        if (alerting != null) {
            alerting(fields.of(alerting, "alerting", ConfigKeys.of("alerting"), ""), server);
        }
        fields.list(config, "scrape_configs").forEach(scrapes::job);
        if (!scrapes.raw().isEmpty()) {
            server.set(
                    "additionalScrapeConfigs",
                    resources.secret(ScrapeImport.RAW, ScrapeImport.RAW + ".yml", Resources.yaml(scrapes.raw())));
        }
        int number = 0;
        for (YamlTree write : fields.list(config, "remote_write")) {
            remote(write, "remote_write", "remoteWrite", number++, server);
        }
        number = 0;
        for (YamlTree read : fields.list(config, "remote_read")) {
            remote(read, "remote_read", "remoteRead", number++, server);
        }
        for (String other : List.of("runtime", "storage", "tracing", "otlp", "scrape_config_files")) {
            if (config.containsKey(other)) {
                report.notMapped(other, "set the fields of the PrometheusServer that mean it by hand");
            }
        }
    }

    private void global(Map<String, YamlTree> global, ObjectNode server) {
        Map<String, String> texts = Map.of(
                "scrape_interval", "scrapeInterval",
                "scrape_timeout", "scrapeTimeout",
                "evaluation_interval", "evaluationInterval");
        for (Map.Entry<String, YamlTree> entry : global.entrySet()) {
            String name = entry.getKey();
            String to = texts.get(name);
            if (to != null) {
                entry.getValue().text().ifPresent(text -> server.put(to, text));
                report.same("global." + name, to);
            } else if (name.equals("external_labels")) {
                Map<String, String> labels = fields.map(entry.getValue(), "external_labels");
                server.set("externalLabels", ScrapeImport.map(labels));
                if (labels.values().stream().anyMatch(value -> value.contains("$"))) {
                    report.differs(
                            "global.external_labels", "$ is an ordinary character now; variables aren't expanded");
                } else {
                    report.same("global.external_labels", "externalLabels");
                }
            } else if (name.equals("query_log_file")) {
                server.putObject("query").put("log", true);
                report.differs("global.query_log_file", "query.log; the file lies beside the database");
            } else {
                report.notMapped("global." + name, "see scrapeDefaults and query of the PrometheusServer");
            }
        }
    }

    private void alerting(Map<String, YamlTree> alerting, ObjectNode server) {
        if (alerting.containsKey("alert_relabel_configs")) {
            scrapes.relabelings(
                    alerting.get("alert_relabel_configs"), "relabelings", server.withObject("/notifications"));
            report.same("alerting.alert_relabel_configs", "notifications.relabelings");
        }
        List<YamlTree> all = fields.list(alerting, "alertmanagers");
        ArrayNode list = Resources.JSON.arrayNode();
        for (int i = 0; i < all.size(); i++) {
            alertmanager(all.get(i), i, note(all, i), list);
        }
        if (!list.isEmpty()) {
            server.set("alertmanagers", list);
        }
    }

    /** A dash too many makes two elements of one: the commonest slip in this list. */
    private static String note(List<YamlTree> all, int index) {
        boolean hasTargets = isDiscovered(all.get(index));
        boolean nextHas = index + 1 < all.size() && isDiscovered(all.get(index + 1));
        return !hasTargets && nextHas
                ? "items " + (index + 1) + " and " + (index + 2)
                        + " of alertmanagers are two Alertmanagers; the first has no targets"
                : "";
    }

    private static boolean isDiscovered(YamlTree alertmanager) {
        return alertmanager.entries().stream().anyMatch(entry -> entry.key().endsWith("_configs"));
    }

    private void alertmanager(YamlTree tree, int index, String note, ArrayNode list) {
        String what = "item " + (index + 1) + " of alertmanagers";
        Map<String, YamlTree> one = fields.of(tree, what, ConfigKeys.discovery("alerting.alertmanagers[]"), note);
        clients.check(one);
        List<String> sources = one.keySet().stream()
                .filter(key -> key.endsWith("_configs") && !key.contains("relabel"))
                .toList();
        if (sources.isEmpty()) {
            report.differs(what, "left out: it has no targets, so Prometheus sends it nothing");
            return;
        }
        Optional<String> hindrance = sources.size() > 1 || !DISCOVERY.contains(sources.getFirst())
                ? Optional.of("an Alertmanager takes targets or dns")
                : clients.hindrance(one);
        List<YamlTree> groups = one.getOrDefault(sources.getFirst(), tree).items();
        if (hindrance.isEmpty() && groups.size() != 1) {
            hindrance = Optional.of("it has several " + sources.getFirst());
        }
        if (hindrance.isEmpty() && groups.getFirst().get("labels").isPresent()) {
            hindrance = Optional.of("its targets have labels");
        }
        if (hindrance.isEmpty()) {
            hindrance = one.keySet().stream()
                    .filter(key -> !sources.contains(key)
                            && !ClientImport.FIELDS.contains(key)
                            && !Set.of(
                                            "scheme",
                                            "path_prefix",
                                            "timeout",
                                            "api_version",
                                            "relabel_configs",
                                            "alert_relabel_configs",
                                            "follow_redirects",
                                            "enable_http2")
                                    .contains(key))
                    .findFirst()
                    .map(key -> "it sets " + key);
        }
        if (hindrance.isPresent()) {
            report.notMapped(what, hindrance.get());
            return;
        }
        ObjectNode into = list.addObject();
        String name = list.size() == 1 ? "default" : "alertmanager-" + list.size();
        into.put("name", name);
        YamlTree group = groups.getFirst();
        if (sources.getFirst().equals("static_configs")) {
            fields.of(group, "static_configs", Set.of("targets", "labels"), "");
            List<String> targets = group.get("targets").map(fields::texts).orElse(List.of());
            into.set("targets", ScrapeImport.strings(targets));
            targets.stream()
                    .filter(target -> !TargetAddress.parse(target).isValid())
                    .findFirst()
                    .ifPresent(target -> report.notMapped(what, target + " is no address"));
        } else {
            Map<String, YamlTree> dns = fields.of(group, "dns_sd_configs", ConfigKeys.of("dns_sd_configs[]"), "");
            ObjectNode to = into.putObject("dns");
            YamlTree names = dns.get("names");
            if (names != null) {
                to.set("names", ScrapeImport.strings(fields.texts(names)));
            }
            text(dns, "type").ifPresent(type -> to.put("type", type));
            text(dns, "refresh_interval").ifPresent(interval -> to.put("refreshInterval", interval));
            YamlTree port = dns.get("port");
            if (port != null) {
                to.set("port", port.json());
            }
        }
        text(one, "scheme").ifPresent(scheme -> into.put("scheme", scheme));
        text(one, "path_prefix").ifPresent(prefix -> into.put("pathPrefix", prefix));
        text(one, "timeout").ifPresent(timeout -> into.put("timeout", timeout));
        clients.put(one, into, "alertmanager-" + name);
        scrapes.relabelings(one.get("relabel_configs"), "relabelings", into);
        scrapes.relabelings(one.get("alert_relabel_configs"), "alertRelabelings", into);
        report.same(what, "alertmanagers[" + name + "]");
    }

    private void remote(YamlTree tree, String section, String field, int index, ObjectNode server) {
        String what = section + "[" + index + "]";
        Map<String, YamlTree> one = fields.of(tree, what, ConfigKeys.client(section + "[]"), "");
        clients.check(one);
        Set<String> known = Set.of(
                "url",
                "name",
                "remote_timeout",
                "write_relabel_configs",
                "send_exemplars",
                "send_native_histograms",
                "read_recent",
                "follow_redirects",
                "enable_http2");
        Optional<String> hindrance = one.keySet().stream()
                .filter(key -> !known.contains(key) && !ClientImport.FIELDS.contains(key))
                .findFirst()
                .map(key -> "it sets " + key)
                .or(() -> clients.hindrance(one));
        if (hindrance.isPresent()) {
            report.notMapped(what, hindrance.get() + "; set " + field + " of the PrometheusServer by hand");
            return;
        }
        String name = resources.name(section, text(one, "name").orElse(index == 0 ? "default" : field + index));
        ObjectNode into = server.withArray("/" + field).addObject();
        into.put("name", name);
        text(one, "url").ifPresent(url -> into.put("url", url));
        text(one, "remote_timeout").ifPresent(timeout -> into.put("timeout", timeout));
        for (Map.Entry<String, String> flag : new TreeMap<>(Map.of(
                        "send_exemplars", "sendExemplars",
                        "send_native_histograms", "sendNativeHistograms",
                        "read_recent", "readRecent",
                        "follow_redirects", "followRedirects",
                        "enable_http2", "enableHttp2"))
                .entrySet()) {
            YamlTree value = one.get(flag.getKey());
            if (value != null) {
                into.set(flag.getValue(), value.json());
            }
        }
        scrapes.relabelings(one.get("write_relabel_configs"), "relabelings", into);
        clients.put(one, into, section.replace('_', '-') + "-" + name);
        report.same(what, field + "[" + name + "]");
    }

    private void rules(String path, byte[] content) {
        YamlTree.Parsed parsed = YamlTree.parse(path, content);
        report.addAll(parsed.diagnostics());
        for (YamlTree document : parsed.documents()) {
            Map<String, YamlTree> file = fields.of(document, "a rule file", Set.of("groups"), "");
            List<YamlTree> groups = fields.list(file, "groups");
            if (groups.isEmpty()) {
                continue;
            }
            ObjectNode spec = Resources.JSON.objectNode();
            ArrayNode list = spec.putArray("groups");
            groups.forEach(group -> group(group, list.addObject()));
            int slash = path.replace('\\', '/').lastIndexOf('/');
            String stem = path.substring(slash + 1)
                    .replaceAll("\\.(ya?ml|rules)$", "")
                    .replaceAll("\\.rules$", "");
            String name = resources.name(ApiKinds.RULE_SET, stem);
            resources.add("rules.yaml", ApiKinds.RULE_SET, name, spec);
            report.same("rule file " + path, "RuleSet " + name);
        }
    }

    private void group(YamlTree tree, ObjectNode into) {
        Map<String, YamlTree> group = fields.of(tree, "a rule group", ConfigKeys.of("groups[]"), "");
        text(group, "name").ifPresent(name -> into.put("name", name));
        text(group, "interval").ifPresent(interval -> into.put("interval", interval));
        text(group, "query_offset").ifPresent(offset -> into.put("queryOffset", offset));
        YamlTree limit = group.get("limit");
        if (limit != null) {
            into.set("limit", limit.json());
        }
        YamlTree labels = group.get("labels");
        if (labels != null) {
            into.set("labels", ScrapeImport.map(fields.map(labels, "labels of a group")));
        }
        ArrayNode rules = into.putArray("rules");
        for (YamlTree one : fields.list(group, "rules")) {
            Map<String, YamlTree> rule = fields.of(one, "a rule", ConfigKeys.of("groups[].rules[]"), "");
            ObjectNode to = rules.addObject();
            for (String key : List.of("alert", "record", "expr", "for")) {
                text(rule, key).ifPresent(text -> to.put(key, text));
            }
            text(rule, "keep_firing_for").ifPresent(text -> to.put("keepFiringFor", text));
            for (String key : List.of("labels", "annotations")) {
                YamlTree texts = rule.get(key);
                if (texts != null) {
                    to.set(key, ScrapeImport.map(fields.map(texts, key + " of a rule")));
                }
            }
        }
    }

    private static Optional<String> text(Map<String, YamlTree> fields, String key) {
        return Optional.ofNullable(fields.get(key)).flatMap(YamlTree::text);
    }
}
