package io.narthex.compiler.frontend;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The labels of other programs that Narthex understands, so that services labelled for them need no change. Each family
 * is read by itself; they come after Narthex's own labels, in the order of {@link Family}.
 */
final class LabelAliases {

    /** Who made a label up, in the order in which they count. */
    enum Family {
        /** {@code io.prometheus.}, of stacks that configure Prometheus's own discovery of a Swarm so. */
        IO_PROMETHEUS("io.prometheus.*"),
        /** {@code prometheus.} and {@code prometheus-}, of Prometheus's guide to Swarm and of writers of target files. */
        PROMETHEUS("prometheus.*"),
        /** {@code com.df.}, of Docker Flow Monitor. */
        DOCKER_FLOW("com.df.*");

        private final String text;

        Family(String text) {
            this.text = text;
        }

        /** Returns the family's name for messages. */
        String text() {
            return text;
        }
    }

    /**
     * What a label means.
     *
     * @param family whose it is
     * @param endpoint the endpoint
     * @param field the setting
     * @param name the setting's own name; empty text for fields without
     * @param enables whether its mere presence asks for a scrape
     * @param negated whether {@code true} means false
     */
    record Meaning(Family family, String endpoint, LabelField field, String name, boolean enables, boolean negated) {}

    private static final Map<String, LabelField> IO = Map.ofEntries(
            Map.entry("enabled", LabelField.SCRAPE),
            Map.entry("enable", LabelField.SCRAPE),
            Map.entry("scrape", LabelField.SCRAPE),
            Map.entry("scrape_port", LabelField.PORT),
            Map.entry("port", LabelField.PORT),
            Map.entry("metrics_path", LabelField.PATH),
            Map.entry("path", LabelField.PATH),
            Map.entry("scrape_scheme", LabelField.SCHEME),
            Map.entry("scheme", LabelField.SCHEME),
            Map.entry("job_name", LabelField.JOB),
            Map.entry("job", LabelField.JOB),
            Map.entry("scrape_interval", LabelField.INTERVAL),
            Map.entry("scrape_timeout", LabelField.TIMEOUT));
    private static final Map<String, LabelField> PLAIN = Map.ofEntries(
            Map.entry("enable", LabelField.SCRAPE),
            Map.entry("enabled", LabelField.SCRAPE),
            Map.entry("scrape", LabelField.SCRAPE),
            Map.entry("disabled", LabelField.SCRAPE),
            Map.entry("port", LabelField.PORT),
            Map.entry("path", LabelField.PATH),
            Map.entry("scheme", LabelField.SCHEME),
            Map.entry("job", LabelField.JOB),
            Map.entry("network", LabelField.NETWORK),
            Map.entry("interval", LabelField.INTERVAL),
            Map.entry("timeout", LabelField.TIMEOUT));
    private static final Map<String, LabelField> FLOW = Map.of(
            "scrapePort", LabelField.PORT,
            "metricsPath", LabelField.PATH,
            "scrapeInterval", LabelField.INTERVAL,
            "scrapeTimeout", LabelField.TIMEOUT,
            "serviceName", LabelField.JOB);
    private static final Map<String, LabelField> TARGET = Map.of(
            "port", LabelField.PORT,
            "path", LabelField.PATH,
            "scheme", LabelField.SCHEME,
            "networks", LabelField.NETWORK);

    private static final Pattern PLAIN_LABEL = Pattern.compile("prometheus[.-](.+)", Pattern.DOTALL);
    private static final Pattern TARGET_LABEL =
            Pattern.compile("targets\\.([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)\\.(.+)", Pattern.DOTALL);
    private static final Pattern FLOW_LABEL = Pattern.compile("([a-zA-Z]+)(?:\\.(\\d{1,4}))?");

    private LabelAliases() {}

    /** Returns what the label {@code key} means; empty where it isn't one of these families. */
    static Optional<Meaning> meaning(String key) {
        if (key.startsWith("io.prometheus.")) {
            return io(key.substring("io.prometheus.".length()));
        }
        if (key.startsWith("com.df.")) {
            return flow(key.substring("com.df.".length()));
        }
        Matcher plain = PLAIN_LABEL.matcher(key);
        return plain.matches() ? plain(plain.group(1)) : Optional.empty();
    }

    private static Optional<Meaning> io(String rest) {
        LabelField field = IO.get(rest);
        if (field != null) {
            return of(Family.IO_PROMETHEUS, field, false, false);
        }
        return rest.startsWith("param_") || rest.startsWith("param.")
                ? named(Family.IO_PROMETHEUS, EndpointLabels.DEFAULT_ID, LabelField.PARAM, rest.substring(6))
                : Optional.empty();
    }

    private static Optional<Meaning> plain(String rest) {
        LabelField field = PLAIN.get(rest);
        if (field != null) {
            // Prometheus's guide to Swarm keeps the tasks that have the label prometheus-job.
            return of(Family.PROMETHEUS, field, field == LabelField.JOB, rest.equals("disabled"));
        }
        if (rest.startsWith("labels.")) {
            return named(
                    Family.PROMETHEUS, EndpointLabels.DEFAULT_ID, LabelField.LABEL, rest.substring("labels.".length()));
        }
        Matcher target = TARGET_LABEL.matcher(rest);
        if (!target.matches()) {
            return Optional.empty();
        }
        String id = target.group(1);
        String key = target.group(2);
        LabelField ofTarget = TARGET.get(key);
        if (ofTarget != null) {
            return Optional.of(new Meaning(Family.PROMETHEUS, id, ofTarget, "", false, false));
        }
        if (key.startsWith("params.")) {
            return named(Family.PROMETHEUS, id, LabelField.PARAM, key.substring("params.".length()));
        }
        return key.startsWith("labels.")
                ? named(Family.PROMETHEUS, id, LabelField.LABEL, key.substring("labels.".length()))
                : Optional.empty();
    }

    private static Optional<Meaning> flow(String rest) {
        Matcher label = FLOW_LABEL.matcher(rest);
        LabelField field = label.matches() ? FLOW.get(label.group(1)) : null;
        if (field == null) {
            return Optional.empty();
        }
        String index = label.group(2);
        return Optional.of(new Meaning(
                Family.DOCKER_FLOW,
                index == null ? EndpointLabels.DEFAULT_ID : index,
                field,
                "",
                field == LabelField.PORT,
                false));
    }

    private static Optional<Meaning> of(Family family, LabelField field, boolean enables, boolean negated) {
        return Optional.of(new Meaning(family, EndpointLabels.DEFAULT_ID, field, "", enables, negated));
    }

    private static Optional<Meaning> named(Family family, String endpoint, LabelField field, String name) {
        return Optional.of(new Meaning(family, endpoint, field, name, false, false));
    }
}
