package io.narthex.compiler.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.config.ServerFlag;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.yaml.YamlTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes over how a compose or stack file starts Prometheus: image, flags, volumes, ports, networks, placement. */
final class ComposeImport {

    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*+)\"|'([^']*)'|(\\S+)");
    private static final Pattern SHORT_PORT =
            Pattern.compile("(?:(?:\\[[^\\]]*\\]|\\d+(?:\\.\\d+){3}):)?(?:(\\d+):)?(\\d+)(?:/(\\w+))?");

    /** Flags that a field of the PrometheusServer stands for, as paths in it. */
    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("storage.tsdb.retention.time", "/retention/time"),
            Map.entry("storage.tsdb.retention", "/retention/time"),
            Map.entry("storage.tsdb.retention.size", "/retention/size"),
            Map.entry("web.external-url", "/externalUrl"),
            Map.entry("web.route-prefix", "/routePrefix"),
            Map.entry("web.page-title", "/web/pageTitle"),
            Map.entry("web.cors.origin", "/web/corsOrigin"),
            Map.entry("web.read-timeout", "/web/readTimeout"),
            Map.entry("query.timeout", "/query/timeout"),
            Map.entry("query.lookback-delta", "/query/lookbackDelta"),
            Map.entry("rules.alert.resend-delay", "/rules/resendDelay"),
            Map.entry("rules.alert.for-outage-tolerance", "/rules/forOutageTolerance"),
            Map.entry("rules.alert.for-grace-period", "/rules/forGracePeriod"),
            Map.entry("log.level", "/log/level"),
            Map.entry("log.format", "/log/format"));

    private static final Map<String, String> NUMBERS = Map.of(
            "web.max-connections", "/web/maxConnections",
            "query.max-concurrency", "/query/maxConcurrency",
            "query.max-samples", "/query/maxSamples",
            "alertmanager.notification-queue-capacity", "/notifications/queueCapacity");

    private static final List<String> OWNED =
            List.of("config.", "web.", "storage.", "query.", "rules.", "log.", "alertmanager.", "agent");

    private final ImportInput.Source source;
    private final Interpolation variables;
    private final Optional<String> given;
    private final ImportReport report;
    private final ObjectNode server;
    private String stack = "";

    ComposeImport(
            ImportInput.Source source,
            Map<String, String> environment,
            Optional<String> stack,
            ImportReport report,
            ObjectNode server) {
        this.source = source;
        this.variables = new Interpolation(environment);
        this.given = stack;
        this.report = report;
        this.server = server;
    }

    void run() {
        YamlTree.Parsed parsed = YamlTree.parse(source.name(), source.content());
        report.addAll(parsed.diagnostics());
        if (!parsed.diagnostics().isEmpty()) {
            return;
        }
        Position start = new Position(source.name(), 1, 1, 1);
        if (parsed.documents().size() != 1) {
            report.error(
                    DiagnosticCode.IMPORT_COMPOSE,
                    start,
                    "the file is no compose file",
                    "one mapping with services",
                    "");
            return;
        }
        YamlTree root = parsed.documents().getFirst();
        stack = given.or(() -> root.get("name").flatMap(this::text)).orElse("");
        List<YamlTree.Entry> found = root.get("services").map(YamlTree::entries).orElse(List.of()).stream()
                .filter(entry -> isPrometheus(entry.value()))
                .toList();
        if (found.size() != 1) {
            report.error(
                    DiagnosticCode.IMPORT_COMPOSE,
                    start,
                    found.isEmpty()
                            ? "no service of the file runs Prometheus"
                            : "several services run Prometheus: "
                                    + String.join(
                                            ", ",
                                            found.stream()
                                                    .map(YamlTree.Entry::key)
                                                    .toList()),
                    "one service with the image prom/prometheus, or with the flag --config.file",
                    found.isEmpty()
                            ? "name the file that starts it"
                            : "import them one by one, from files of their own");
            return;
        }
        service(root, found.getFirst().key(), found.getFirst().value());
        variables
                .unset()
                .forEach(name -> report.differs("the variable " + name, "it isn't set, and so taken as empty"));
        variables
                .demanded()
                .forEach((name, words) -> report.error(
                        DiagnosticCode.IMPORT_COMPOSE,
                        start,
                        "the variable " + name + " isn't set" + (words.isEmpty() ? "" : ": " + words),
                        "a variable of the environment or of .env",
                        "set it"));
    }

    private boolean isPrometheus(YamlTree service) {
        String image = service.get("image").flatMap(this::text).orElse("");
        String name = image.split("@", 2)[0];
        name = name.substring(name.lastIndexOf('/') + 1).split(":", 2)[0];
        return name.equals("prometheus") || command(service).stream().anyMatch(word -> word.contains("--config.file"));
    }

    private Optional<String> text(YamlTree value) {
        return value.text().map(variables::apply);
    }

    private List<String> command(YamlTree service) {
        YamlTree command = service.get("command").orElse(null);
        if (command == null) {
            return List.of();
        }
        List<String> words = new ArrayList<>();
        if (command.isList()) {
            command.items().forEach(item -> text(item).ifPresent(words::add));
            return words;
        }
        Matcher matcher = WORD.matcher(text(command).orElse(""));
        while (matcher.find()) {
            words.add(
                    matcher.group(1) != null
                            ? matcher.group(1).replaceAll("\\\\(.)", "$1")
                            : matcher.group(2) != null ? matcher.group(2) : matcher.group(3));
        }
        return words;
    }

    private void service(YamlTree root, String name, YamlTree service) {
        String data = "/prometheus";
        for (Map.Entry<String, String> flag : flags(command(service)).entrySet()) {
            if (flag.getKey().equals("storage.tsdb.path")) {
                data = flag.getValue().replaceAll("/$", "");
            }
            flag(flag.getKey(), flag.getValue());
        }
        for (YamlTree.Entry entry : service.entries()) {
            switch (entry.key()) {
                case "image" ->
                    text(entry.value()).ifPresent(image -> {
                        server.put("image", image);
                        report.same("image", image);
                    });
                case "command" -> {}
                case "volumes" -> volumes(root, entry.value(), data);
                case "ports" -> entry.value().items().forEach(this::port);
                case "networks" -> networks(root, entry.value());
                case "deploy" -> deploy(entry.value());
                case "stop_grace_period" ->
                    text(entry.value()).ifPresent(period -> {
                        server.withObject("/swarm").put("stopGracePeriod", period);
                        report.same("stop_grace_period", "swarm.stopGracePeriod");
                    });
                case "restart", "container_name", "hostname", "expose" ->
                    report.differs(entry.key(), "Narthex decides this for the service that it makes");
                case "depends_on", "healthcheck", "logging" ->
                    report.notMapped(entry.key(), "Narthex's own service has its own");
                default -> report.notMapped(entry.key() + " of the service " + name, "Narthex has no field for it");
            }
        }
        if (service.get("networks").isEmpty() && !stack.isEmpty()) {
            server.withObject("/swarm").withArray("networks").add(stack + "_default");
            report.same("the network default", "swarm.networks: " + stack + "_default");
        }
        if (stack.isEmpty()) {
            report.differs(
                    "the stack's name",
                    "not known, so names of volumes and networks stand as in the file; give --stack");
        }
    }

    private static Map<String, String> flags(List<String> words) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-")) {
                continue;
            }
            String plain = word.replaceFirst("^--?", "");
            int equals = plain.indexOf('=');
            boolean valueFollows =
                    equals < 0 && i + 1 < words.size() && !words.get(i + 1).startsWith("-");
            flags.put(
                    equals < 0 ? plain : plain.substring(0, equals),
                    equals >= 0 ? plain.substring(equals + 1) : valueFollows ? words.get(++i) : "");
        }
        return flags;
    }

    private void flag(String name, String value) {
        String text = TEXTS.get(name);
        String number = NUMBERS.get(name);
        if (text != null) {
            int slash = text.lastIndexOf('/');
            at(text.substring(0, slash)).put(text.substring(slash + 1), value);
            report.same("--" + name, text.substring(1).replace('/', '.'));
        } else if (number != null && value.matches("\\d{1,9}")) {
            int slash = number.lastIndexOf('/');
            at(number.substring(0, slash)).put(number.substring(slash + 1), Integer.parseInt(value));
            report.same("--" + name, number.substring(1).replace('/', '.'));
        } else {
            switch (name) {
                case "config.file", "storage.tsdb.path" ->
                    report.differs("--" + name, "Narthex chooses where its files lie; the volume stays the same");
                case "web.listen-address" -> listen(value);
                case "enable-feature" -> {
                    for (String feature : value.split(",", -1)) {
                        server.withArray("/features").add(feature);
                    }
                    report.same("--enable-feature", "features");
                }
                case "web.enable-remote-write-receiver" -> {
                    server.putObject("remoteWriteReceiver");
                    report.same("--" + name, "remoteWriteReceiver");
                }
                case "web.enable-otlp-receiver" -> {
                    server.putObject("otlp");
                    report.same("--" + name, "otlp");
                }
                case "web.enable-lifecycle", "web.enable-admin-api" ->
                    report.notMapped("--" + name, "Narthex reloads and restarts the server itself");
                default -> {
                    if (ServerFlag.find(name).isPresent() && isOwned(name)) {
                        report.notMapped("--" + name, "Narthex sets it, or a field of the PrometheusServer does");
                    } else {
                        server.withObject("/extraFlags").put(name, value);
                        report.same("--" + name, "extraFlags");
                    }
                }
            }
        }
    }

    private ObjectNode at(String pointer) {
        return pointer.isEmpty() ? server : server.withObject(pointer);
    }

    private static boolean isOwned(String name) {
        return OWNED.stream().anyMatch(name::startsWith) && !name.startsWith("web.console.");
    }

    private void listen(String value) {
        int colon = value.lastIndexOf(':');
        String port = value.substring(colon + 1);
        if (!port.matches("\\d{1,5}")) {
            report.notMapped("--web.listen-address", value + " is no address");
            return;
        }
        ObjectNode listen = server.putObject("listen");
        String host = colon < 0 ? "" : value.substring(0, colon);
        if (!host.isEmpty() && !host.equals("0.0.0.0")) {
            listen.put("address", host);
        }
        listen.put("port", Integer.parseInt(port));
        report.same("--web.listen-address", "listen");
    }

    private void volumes(YamlTree root, YamlTree volumes, String data) {
        for (YamlTree volume : volumes.items()) {
            Optional<String> written = text(volume);
            String from;
            String to;
            if (written.isPresent()) {
                String[] parts = written.get().split(":", -1);
                from = parts.length > 1 ? parts[0] : "";
                to = parts.length > 1 ? parts[1] : parts[0];
            } else {
                from = volume.get("source").flatMap(this::text).orElse("");
                to = volume.get("target").flatMap(this::text).orElse("");
            }
            String target = to.replaceAll("/$", "");
            boolean named = !from.isEmpty() && !from.startsWith(".") && !from.startsWith("/") && !from.startsWith("~");
            if (target.equals(data) && named) {
                String real = named(root, "volumes", from);
                ObjectNode into = server.withObject("/storage/volume");
                into.put("name", real).put("existing", true);
                report.same("the volume " + from, "storage.volume " + real + ", which stays as it is");
            } else if (target.equals(data)) {
                report.notMapped(
                        "the data in " + (from.isEmpty() ? "an unnamed volume" : from),
                        "Narthex uses named volumes; copy the data into one");
            } else if (target.equals("/etc/prometheus") || target.startsWith("/etc/prometheus/")) {
                report.differs(from + ":" + to, "the configuration comes from the resources now");
            } else {
                report.notMapped("the volume " + from + ":" + to, "Narthex mounts the database alone");
            }
        }
    }

    /** Returns the name that Docker gives a volume or network of the file. */
    private String named(YamlTree root, String kind, String name) {
        Optional<YamlTree> declared = root.get(kind).flatMap(all -> all.get(name));
        Optional<String> own = declared.flatMap(one -> one.get("name")).flatMap(this::text);
        Optional<YamlTree> external = declared.flatMap(one -> one.get("external"));
        if (external.isPresent()
                && !external.get().text().orElse("").toLowerCase(Locale.ROOT).equals("false")) {
            return own.or(() -> external.get().get("name").flatMap(this::text)).orElse(name);
        }
        return own.orElse(stack.isEmpty() ? name : stack + "_" + name);
    }

    private void port(YamlTree port) {
        Optional<String> written = text(port);
        String target;
        String published;
        String mode = "Ingress";
        if (written.isPresent()) {
            Matcher matcher = SHORT_PORT.matcher(written.get());
            if (!matcher.matches()) {
                report.notMapped("the port " + written.get(), "it is no pair of ports");
                return;
            }
            target = matcher.group(2);
            published = matcher.group(1) == null ? "" : matcher.group(1);
        } else {
            target = port.get("target").flatMap(this::text).orElse("");
            published = port.get("published").flatMap(this::text).orElse("");
            mode = port.get("mode")
                    .flatMap(this::text)
                    .filter("host"::equals)
                    .map(host -> "Host")
                    .orElse(mode);
        }
        String listened = server.path("listen").path("port").asText("9090");
        if (!target.equals(listened)) {
            report.notMapped("the port " + published + ":" + target, "Prometheus listens at " + listened);
            return;
        }
        server.withObject("/swarm").put("publish", mode);
        if (published.equals(target)) {
            report.same("the port " + published + ":" + target, "swarm.publish: " + mode);
        } else {
            report.differs(
                    "the port " + published + ":" + target, "swarm.publish: " + mode + " publishes it as " + target);
        }
    }

    private void networks(YamlTree root, YamlTree networks) {
        List<String> names = networks.isList()
                ? networks.items().stream().flatMap(item -> text(item).stream()).toList()
                : networks.entries().stream().map(YamlTree.Entry::key).toList();
        for (String name : names) {
            String real = named(root, "networks", name);
            server.withObject("/swarm").withArray("networks").add(real);
            report.same("the network " + name, "swarm.networks: " + real);
        }
    }

    private void deploy(YamlTree deploy) {
        for (YamlTree.Entry entry : deploy.entries()) {
            switch (entry.key()) {
                case "placement" -> placement(entry.value());
                case "resources" -> resources(entry.value());
                case "labels" -> report.differs("deploy.labels", "Narthex's own service is labelled by swarm.labels");
                case "replicas" ->
                    text(entry.value())
                            .filter(replicas -> !replicas.equals("1"))
                            .ifPresent(replicas -> report.notMapped(
                                    "deploy.replicas " + replicas, "replicas of one volume would fight for it"));
                case "mode" ->
                    text(entry.value())
                            .filter(mode -> !mode.equals("replicated"))
                            .ifPresent(mode ->
                                    report.notMapped("deploy.mode " + mode, "Narthex runs a replicated service"));
                default ->
                    report.differs("deploy." + entry.key(), "Narthex decides this for the service that it makes");
            }
        }
    }

    private void placement(YamlTree placement) {
        placement
                .get("constraints")
                .ifPresent(constraints -> constraints
                        .items()
                        .forEach(constraint -> text(constraint).ifPresent(one -> {
                            server.withObject("/swarm").withArray("constraints").add(one);
                            report.same("the constraint " + one, "swarm.constraints");
                        })));
        for (String other : List.of("preferences", "max_replicas_per_node")) {
            if (placement.get(other).isPresent()) {
                report.notMapped("deploy.placement." + other, "Narthex has no field for it");
            }
        }
    }

    private void resources(YamlTree resources) {
        resources.get("limits").ifPresent(limits -> {
            limits.get("cpus")
                    .flatMap(this::text)
                    .filter(cpus -> cpus.matches("\\d+(\\.\\d+)?"))
                    .ifPresent(cpus -> {
                        server.withObject("/swarm").put("cpus", Double.parseDouble(cpus));
                        report.same("deploy.resources.limits.cpus", "swarm.cpus");
                    });
            limits.get("memory").flatMap(this::text).ifPresent(memory -> {
                server.withObject("/swarm").put("memory", bytes(memory));
                report.same("deploy.resources.limits.memory", "swarm.memory");
            });
        });
        if (resources.get("reservations").isPresent()) {
            report.notMapped("deploy.resources.reservations", "Narthex has no field for it");
        }
    }

    /** Returns a size of a compose file as Prometheus and Narthex write sizes: 512m is 512MB, of 1024 each. */
    private static String bytes(String size) {
        Matcher matcher = Pattern.compile("(\\d+)\\s*([bkmgtBKMGT]?)[bB]?").matcher(size.strip());
        if (!matcher.matches()) {
            return size;
        }
        String unit = matcher.group(2).toUpperCase(Locale.ROOT);
        return matcher.group(1) + (unit.isEmpty() || unit.equals("B") ? "B" : unit + "B");
    }
}
