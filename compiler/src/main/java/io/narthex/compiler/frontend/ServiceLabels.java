package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.frontend.LabelAliases.Family;
import io.narthex.compiler.frontend.LabelAliases.Meaning;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.yaml.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a service's labels: which endpoints and alerts they declare, and with which settings. What the values mean is
 * checked later; here it is decided which label counts.
 *
 * <p>The grammar and the order in which labels count are promised to users in {@code docs/swarm-labels.md}.
 */
final class ServiceLabels {

    /** The endpoint that labels without {@code endpoint.ID.} declare. */
    static final String DEFAULT_ENDPOINT = "metrics";

    /** What Narthex's own labels begin with. */
    static final String PREFIX = "prometheus.io/";

    /** The most bytes that a service's labels may have, names and values. */
    static final int MOST_BYTES = 64 * 1024;

    /** The most endpoints of a service. */
    static final int MOST_ENDPOINTS = 16;

    /** The most alerts of a service. */
    static final int MOST_ALERTS = 32;

    /** What labels of a service are told of at most; the rest would say the same. */
    private static final int MOST_UNKNOWN = 40;

    private static final String ENDPOINT = "endpoint.";
    private static final String ALERT = "alert.";
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Pattern ALERT_KEY = Pattern.compile(
            "alert\\.([^.]{1,256})\\.(expr|for|keep-firing-for|labels\\.([^.]+)|annotations\\.([^.]+))",
            Pattern.DOTALL);
    private static final Pattern FLOW_ALERT =
            Pattern.compile("com\\.df\\.(alertName|alertIf|alertFor|alertLabels|alertAnnotations)(?:\\.(\\d{1,4}))?");

    /**
     * A setting of an endpoint.
     *
     * @param field which
     * @param name its own name, for fields that have some; empty text for others
     */
    record Setting(LabelField field, String name) {
        static Setting of(LabelField field) {
            return new Setting(field, "");
        }
    }

    /**
     * A label that counts.
     *
     * @param value its value, without spaces and quotes around it
     * @param key its name
     * @param place where it stands
     */
    record Found(String value, String key, FieldPath place) {}

    /**
     * An endpoint that labels declare.
     *
     * @param id its name, unique in the service
     * @param job the label {@code job} where none is given; empty text for the service's name
     * @param settings what is set
     * @param place the label that declares it
     * @param broken whether a label of it is misspelled in such a way that it must not be scraped
     */
    record EndpointLabels(String id, String job, Map<Setting, Found> settings, FieldPath place, boolean broken) {

        @Nullable
        Found find(LabelField field) {
            return settings.get(Setting.of(field));
        }
    }

    /**
     * An alert that labels declare.
     *
     * @param name its name
     * @param expr its expression; null where there is none
     * @param hold the label {@code for}; null for none
     * @param keep the label {@code keep-firing-for}; null for none
     * @param labels its labels by name
     * @param annotations its annotations by name
     * @param place the first of its labels
     */
    record AlertLabels(
            String name,
            @Nullable Found expr,
            @Nullable Found hold,
            @Nullable Found keep,
            Map<String, Found> labels,
            Map<String, Found> annotations,
            FieldPath place) {}

    /**
     * All that a service's labels declare.
     *
     * @param endpoints its endpoints, by id
     * @param alerts its alerts, by name
     * @param server the PrometheusServer that bare labels name; null for none
     */
    record Declared(
            List<EndpointLabels> endpoints,
            List<AlertLabels> alerts,
            @Nullable Found server) {
        static final Declared NOTHING = new Declared(List.of(), List.of(), null);
    }

    /** Where labels of Narthex's own family stand: the endpoint, or empty text for all of them. */
    private record Scoped(String endpoint, Setting setting) {}

    private static final class AlertDraft {
        private final Map<String, Found> parts = new TreeMap<>();
        private final Map<String, Found> labels = new TreeMap<>();
        private final Map<String, Found> annotations = new TreeMap<>();
        private @Nullable FieldPath place;
    }

    private final SwarmService service;
    private final Report report;
    private final Map<Scoped, Found> own = new LinkedHashMap<>();
    private final Map<Family, Map<Scoped, Found>> aliases = new TreeMap<>();
    private final Map<Family, Map<String, Found>> enabling = new TreeMap<>();
    private final Set<String> negated = new HashSet<>();
    private final Map<String, AlertDraft> alerts = new TreeMap<>();
    private final Map<String, FieldPath> ids = new TreeMap<>();
    private final Set<String> broken = new HashSet<>();
    private final List<Found> bare = new ArrayList<>();
    private int unknown;
    private int misplaced;

    private ServiceLabels(SwarmService service, Report report) {
        this.service = service;
        this.report = report;
    }

    /** Returns what the labels of {@code service} declare. */
    static Declared read(SwarmService service, Report report) {
        return new ServiceLabels(service, report).read();
    }

    /** Returns whether any label of {@code service} may mean something here. */
    static boolean concern(SwarmService service) {
        return anyConcerns(service.labels()) || anyConcerns(service.containerLabels());
    }

    private static boolean anyConcerns(Map<String, String> labels) {
        return labels.keySet().stream()
                .anyMatch(key -> key.startsWith(PREFIX)
                        || LabelAliases.meaning(key).isPresent()
                        || FLOW_ALERT.matcher(key).matches());
    }

    private Declared read() {
        if (!concern(service)) {
            return Declared.NOTHING;
        }
        long size = size(service.labels()) + size(service.containerLabels());
        if (size > MOST_BYTES) {
            report.add(
                    DiagnosticCode.LABELS_TOO_MANY,
                    FieldPath.of("labels"),
                    "the service has " + size + " bytes of labels; none of them is read",
                    "at most " + MOST_BYTES + " bytes, names and values",
                    "declare a Monitor and a RuleSet in their place");
            return Declared.NOTHING;
        }
        // The service's own first: what is found already isn't replaced.
        take(service.labels(), FieldPath.of("labels"), false);
        take(service.containerLabels(), FieldPath.of("containerLabels"), true);
        if (unknown > MOST_UNKNOWN) {
            report.add(
                    DiagnosticCode.LABEL_UNKNOWN,
                    FieldPath.of("labels"),
                    "there are " + (unknown - MOST_UNKNOWN) + " more unknown labels",
                    "",
                    "see the list of labels in docs/swarm-labels.md");
        }
        return new Declared(endpoints(), alerts(), own.get(new Scoped("", Setting.of(LabelField.SERVER))));
    }

    private static long size(Map<String, String> labels) {
        long size = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            size += label.getKey().getBytes(StandardCharsets.UTF_8).length
                    + label.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    private void take(Map<String, String> labels, FieldPath at, boolean container) {
        // Narthex's own first, whatever the order of the names.
        new TreeMap<>(labels).forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                own(key, value, at.field(key), container);
            } else {
                alias(key, value, at.field(key), container);
            }
        });
    }

    private void own(String key, String value, FieldPath place, boolean container) {
        String rest = key.substring(PREFIX.length());
        String endpoint = "";
        if (rest.startsWith(ENDPOINT)) {
            int dot = rest.indexOf('.', ENDPOINT.length());
            endpoint = dot < 0 ? rest.substring(ENDPOINT.length()) : rest.substring(ENDPOINT.length(), dot);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
            if (!ID.matcher(endpoint).matches()) {
                tellUnknown(
                        Severity.ERROR,
                        place,
                        Quoting.quote(endpoint) + " is no name of an endpoint",
                        "small letters, digits and dashes, at most 32",
                        "rename the endpoint");
                return;
            }
        }
        if (rest.startsWith(ALERT)) {
            ownAlert(rest, key, value, place, container);
            return;
        }
        Optional<Setting> setting = setting(rest);
        if (setting.isEmpty()) {
            unknown(rest, endpoint, place);
            return;
        }
        if (!endpoint.isEmpty()) {
            ids.putIfAbsent(endpoint, place);
        }
        LabelField field = setting.get().field();
        if (field.isNamed() && !isName(setting.get().name())) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    place,
                    Quoting.quote(setting.get().name()) + " is no name of a "
                            + (field == LabelField.PARAM ? "parameter" : "label"),
                    "letters, digits and underscores, not a digit first and not two underscores",
                    "rename it");
            broken.add(endpoint);
            return;
        }
        Found found = found(key, value, place, container);
        if (endpoint.isEmpty() && field != LabelField.SCRAPE) {
            bare.add(found);
        }
        Scoped scoped = new Scoped(endpoint, setting.get());
        Found first = own.putIfAbsent(scoped, found);
        if (first != null && !first.value().equals(found.value())) {
            conflict(first, found, "the label of the service counts");
        }
    }

    private static Optional<Setting> setting(String rest) {
        for (LabelField field : LabelField.values()) {
            if (field.isNamed() ? rest.startsWith(field.text()) : rest.equals(field.text())) {
                return Optional.of(new Setting(
                        field, field.isNamed() ? rest.substring(field.text().length()) : ""));
            }
        }
        return Optional.empty();
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches() && !name.startsWith("__");
    }

    private void unknown(String rest, String endpoint, FieldPath place) {
        String lower = rest.toLowerCase(Locale.ROOT);
        Optional<LabelField> guarded = Arrays.stream(LabelField.values())
                .filter(LabelField::isGuarded)
                .filter(field ->
                        rest.length() <= field.text().length() + 2 && Nearest.distance(lower, field.text()) <= 2)
                .min((a, b) -> Nearest.distance(lower, a.text()) - Nearest.distance(lower, b.text()));
        List<String> known = new ArrayList<>();
        for (LabelField field : LabelField.values()) {
            known.add(field.isNamed() ? field.text() + "NAME" : field.text());
        }
        Optional<String> nearest = guarded.map(LabelField::text).or(() -> Nearest.of(rest, known));
        String prefix = PREFIX + (endpoint.isEmpty() ? "" : ENDPOINT + endpoint + ".");
        String remedy =
                nearest.map(name -> "did you mean " + prefix + name + "?").orElse("remove it");
        if (guarded.isPresent()) {
            broken.add(endpoint);
            tellUnknown(
                    Severity.ERROR,
                    place,
                    "there is no label " + Quoting.quote(prefix + rest) + "; "
                            + (endpoint.isEmpty() ? "nothing of the service" : "the endpoint " + endpoint + " isn't")
                            + (endpoint.isEmpty() ? " is scraped by labels" : " scraped")
                            + ", since a guess could scrape the wrong thing",
                    String.join(", ", known),
                    remedy);
            return;
        }
        tellUnknown(
                Severity.WARNING,
                place,
                "there is no label " + Quoting.quote(prefix + rest) + "; it is ignored",
                String.join(", ", known),
                remedy);
    }

    private void tellUnknown(Severity severity, FieldPath place, String message, String allowed, String remedy) {
        unknown++;
        if (unknown <= MOST_UNKNOWN) {
            report.add(DiagnosticCode.LABEL_UNKNOWN, severity, place, message, allowed, remedy);
        }
    }

    /** Returns the label as it counts: where quotes stand around its value, they came there by mistake. */
    private Found found(String key, String value, FieldPath place, boolean container) {
        if (container) {
            misplaced++;
            if (misplaced == 1) {
                report.add(
                        DiagnosticCode.LABEL_ON_CONTAINER,
                        place,
                        "the label " + Quoting.quote(key) + " stands on the container, not on the service",
                        "labels under deploy.labels",
                        "move the labels from labels to deploy.labels in the stack's file");
            }
        }
        String text = value.strip();
        if (text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0)) {
            String inner = text.substring(1, text.length() - 1).strip();
            report.add(
                    DiagnosticCode.LABEL_QUOTED,
                    place,
                    "the value holds quotes, which are taken off: " + Quoting.quote(text),
                    Quoting.quote(inner),
                    "write the labels as a map, " + Quoting.quote(key)
                            + ": VALUE; in a list, quotes go around the whole item");
            text = inner;
        }
        if (!Text.isWritable(text)) {
            report.add(DiagnosticCode.LABEL_VALUE_INVALID, place, Text.problem(text));
            text = "";
        }
        return new Found(text, key, place);
    }

    private void conflict(Found counts, Found other, String why) {
        report.add(
                DiagnosticCode.LABELS_CONFLICT,
                other.place(),
                counts.place() + " is " + Quoting.quote(counts.value()) + " and " + other.place() + " is "
                        + Quoting.quote(other.value()) + "; " + why,
                "one value",
                "remove one of the labels");
    }

    private void alias(String key, String value, FieldPath place, boolean container) {
        Matcher alert = FLOW_ALERT.matcher(key);
        if (alert.matches()) {
            flowAlert(alert.group(1), alert.group(2), found(key, value, place, container));
            return;
        }
        Optional<Meaning> meaning = LabelAliases.meaning(key);
        if (meaning.isEmpty()) {
            return;
        }
        Meaning some = meaning.get();
        if (some.field().isNamed() && !isName(some.name())) {
            report.add(
                    DiagnosticCode.LABEL_NOT_TRANSLATED,
                    place,
                    Quoting.quote(some.name()) + " is no name that Prometheus takes; the label is ignored",
                    "letters, digits and underscores",
                    "use " + PREFIX + some.field().text() + "NAME");
            return;
        }
        Found found = found(key, value, place, container);
        Scoped scoped = new Scoped(some.endpoint(), new Setting(some.field(), some.name()));
        Map<Scoped, Found> ofFamily = aliases.computeIfAbsent(some.family(), family -> new LinkedHashMap<>());
        Found first = ofFamily.putIfAbsent(scoped, found);
        if (first != null) {
            if (!first.value().equals(found.value())) {
                conflict(first, found, "the former counts");
            }
            return;
        }
        if (some.negated()) {
            negated.add(key);
        }
        if (some.enables()) {
            enabling.computeIfAbsent(some.family(), family -> new TreeMap<>()).putIfAbsent(some.endpoint(), found);
        }
    }

    private List<EndpointLabels> endpoints() {
        List<EndpointLabels> declared = new ArrayList<>(ownEndpoints());
        Set<String> taken = new TreeSet<>();
        declared.forEach(endpoint -> taken.add(endpoint.id()));
        if (!isSwitchedOff()) {
            Set<String> known = new TreeSet<>(taken);
            // An own scrape=false also answers for what other families say of the endpoint.
            own.forEach((scoped, found) -> {
                if (scoped.setting().field() == LabelField.SCRAPE) {
                    known.add(scoped.endpoint().isEmpty() ? DEFAULT_ENDPOINT : scoped.endpoint());
                }
            });
            for (Family family : Family.values()) {
                for (EndpointLabels endpoint : aliasEndpoints(family)) {
                    if (known.add(endpoint.id())) {
                        declared.add(endpoint);
                    } else {
                        outdone(family, endpoint, declared);
                    }
                }
            }
        }
        if (declared.isEmpty() && !bare.isEmpty() && !hasScrape() && !isSwitchedOff()) {
            Found first = bare.getFirst();
            report.add(
                    DiagnosticCode.LABELS_WITHOUT_SCRAPE,
                    first.place(),
                    "the label " + Quoting.quote(first.key()) + " is there, but nothing asks for a scrape",
                    "",
                    "add the label " + PREFIX + "scrape: \"true\"");
        }
        if (declared.size() > MOST_ENDPOINTS) {
            report.add(
                    DiagnosticCode.LABELS_TOO_MANY,
                    declared.get(MOST_ENDPOINTS).place(),
                    "the labels declare " + declared.size() + " endpoints; the first " + MOST_ENDPOINTS
                            + " by name are scraped",
                    "at most " + MOST_ENDPOINTS,
                    "declare a Monitor for the others");
        }
        declared.sort((a, b) -> a.id().compareTo(b.id()));
        return List.copyOf(declared.subList(0, Math.min(declared.size(), MOST_ENDPOINTS)));
    }

    private boolean hasScrape() {
        return own.keySet().stream().anyMatch(scoped -> scoped.setting().field() == LabelField.SCRAPE);
    }

    /** Whether the service itself says that nothing of it is scraped: that goes before all else. */
    private boolean isSwitchedOff() {
        Found scrape = own.get(new Scoped("", Setting.of(LabelField.SCRAPE)));
        return scrape != null
                && scrape.place().equals(FieldPath.of("labels").field(scrape.key()))
                && Boolean.FALSE.equals(bool(scrape.value()));
    }

    private List<EndpointLabels> ownEndpoints() {
        Found scrape = own.get(new Scoped("", Setting.of(LabelField.SCRAPE)));
        Boolean byDefault = scrape == null ? null : checkedBool(scrape);
        if (isSwitchedOff() || (scrape != null && byDefault == null)) {
            return List.of();
        }
        Map<String, FieldPath> all = new TreeMap<>(ids);
        if (Boolean.TRUE.equals(byDefault) && scrape != null) {
            all.putIfAbsent(DEFAULT_ENDPOINT, scrape.place());
        }
        List<EndpointLabels> endpoints = new ArrayList<>();
        all.forEach((id, place) -> {
            Found asked = own.get(new Scoped(id, Setting.of(LabelField.SCRAPE)));
            Boolean wanted = asked != null ? checkedBool(asked) : byDefault == null ? Boolean.TRUE : byDefault;
            if (!Boolean.TRUE.equals(wanted)) {
                return;
            }
            Map<Setting, Found> settings = new LinkedHashMap<>();
            own.forEach((scoped, found) -> {
                if (scoped.endpoint().isEmpty()) {
                    settings.put(scoped.setting(), found);
                }
            });
            own.forEach((scoped, found) -> {
                if (scoped.endpoint().equals(id)) {
                    settings.put(scoped.setting(), found);
                }
            });
            endpoints.add(new EndpointLabels(id, "", settings, place, broken.contains("") || broken.contains(id)));
        });
        return endpoints;
    }

    private List<EndpointLabels> aliasEndpoints(Family family) {
        Map<Scoped, Found> found = aliases.getOrDefault(family, Map.of());
        Map<String, Found> enabled = enabling.getOrDefault(family, Map.of());
        Found scrape = found.get(new Scoped(DEFAULT_ENDPOINT, Setting.of(LabelField.SCRAPE)));
        if (scrape != null) {
            Boolean asked = checkedBool(scrape);
            if (asked == null || asked == negated.contains(scrape.key())) {
                return List.of();
            }
        }
        Map<String, Map<Setting, Found>> byEndpoint = new TreeMap<>();
        Map<String, FieldPath> places = new TreeMap<>();
        found.forEach((scoped, label) -> {
            if (scoped.setting().field() != LabelField.SCRAPE) {
                byEndpoint
                        .computeIfAbsent(scoped.endpoint(), id -> new LinkedHashMap<>())
                        .put(scoped.setting(), label);
                places.putIfAbsent(scoped.endpoint(), label.place());
            }
        });
        if (scrape != null && byEndpoint.isEmpty()) {
            byEndpoint.put(DEFAULT_ENDPOINT, Map.of());
            places.put(DEFAULT_ENDPOINT, scrape.place());
        }
        List<EndpointLabels> endpoints = new ArrayList<>();
        byEndpoint.forEach((id, settings) -> {
            if (scrape != null || enabled.containsKey(id)) {
                boolean target = family == Family.PROMETHEUS && !id.equals(DEFAULT_ENDPOINT);
                FieldPath place = scrape != null
                        ? scrape.place()
                        : enabled.getOrDefault(id, unplaced(places, id)).place();
                endpoints.add(new EndpointLabels(id, target ? id : "", settings, place, false));
            }
        });
        return endpoints;
    }

    private static Found unplaced(Map<String, FieldPath> places, String id) {
        return new Found("", "", places.getOrDefault(id, FieldPath.of("labels")));
    }

    /** Tells where another family's labels say something else than the labels that count. */
    private void outdone(Family family, EndpointLabels endpoint, List<EndpointLabels> declared) {
        Optional<EndpointLabels> counting = declared.stream()
                .filter(some -> some.id().equals(endpoint.id()))
                .findFirst();
        for (Map.Entry<Setting, Found> other : endpoint.settings().entrySet()) {
            Found first =
                    counting.map(some -> some.settings().get(other.getKey())).orElse(null);
            if (first != null && first.value().equals(other.getValue().value())) {
                continue;
            }
            report.add(
                    DiagnosticCode.LABELS_CONFLICT,
                    other.getValue().place(),
                    other.getValue().place() + " is "
                            + Quoting.quote(other.getValue().value()) + " and "
                            + (first == null
                                    ? "the labels that count don't set it"
                                    : first.place() + " is " + Quoting.quote(first.value()))
                            + "; of several families of labels one counts, here not " + family.text(),
                    "labels of one family",
                    "remove the labels of " + family.text());
            return;
        }
    }

    private static @Nullable Boolean bool(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> Boolean.TRUE;
            case "false", "0", "no" -> Boolean.FALSE;
            default -> null;
        };
    }

    private @Nullable Boolean checkedBool(Found found) {
        Boolean value = bool(found.value());
        if (value == null) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    found.place(),
                    Quoting.quote(found.value()) + " is neither true nor false; nothing is scraped for it",
                    "\"true\" or \"false\"",
                    "");
        } else if (!found.value().equalsIgnoreCase(value.toString())) {
            report.add(
                    DiagnosticCode.LABEL_BOOLEAN,
                    found.place(),
                    Quoting.quote(found.value()) + " is taken for " + value,
                    "\"true\" or \"false\"",
                    "write \"" + value + "\"");
        }
        return value;
    }

    private void ownAlert(String rest, String key, String value, FieldPath place, boolean container) {
        Matcher matcher = ALERT_KEY.matcher(rest);
        if (!matcher.matches()) {
            tellUnknown(
                    Severity.WARNING,
                    place,
                    "there is no label " + Quoting.quote(key) + "; it is ignored",
                    "alert.ALERT. with expr, for, keep-firing-for, labels.NAME or annotations.NAME",
                    "correct it");
            return;
        }
        String label = matcher.group(3);
        String annotation = matcher.group(4);
        String name = label != null ? label : annotation;
        if (name != null && !isName(name)) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    place,
                    Quoting.quote(name) + " is no name of a" + (label != null ? " label" : "n annotation"),
                    "letters, digits and underscores, not a digit first and not two underscores",
                    "rename it");
            return;
        }
        Found found = found(key, value, place, container);
        AlertDraft draft = draft(matcher.group(1), place);
        Map<String, Found> parts = label != null ? draft.labels : annotation != null ? draft.annotations : draft.parts;
        Found first = parts.putIfAbsent(name == null ? matcher.group(2) : name, found);
        if (first != null && !first.value().equals(found.value())) {
            conflict(first, found, "the label of the service counts");
        }
    }

    private AlertDraft draft(String name, FieldPath place) {
        AlertDraft draft = alerts.computeIfAbsent(name, some -> new AlertDraft());
        if (draft.place == null) {
            draft.place = place;
        }
        return draft;
    }

    /** Takes a part of an alert in Docker Flow Monitor's form; it is named when all parts are there. */
    private void flowAlert(String part, @Nullable String index, Found found) {
        AlertDraft draft = draft(FLOW + (index == null ? "" : index), found.place());
        switch (part) {
            case "alertName" -> draft.parts.putIfAbsent("name", found);
            case "alertIf" -> draft.parts.putIfAbsent("expr", found);
            case "alertFor" -> draft.parts.putIfAbsent("for", found);
            default -> {
                Map<String, Found> into = part.equals("alertLabels") ? draft.labels : draft.annotations;
                for (String pair : found.value().split(",", -1)) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? "" : pair.substring(0, equals).strip();
                    if (!isName(name)) {
                        report.add(
                                DiagnosticCode.LABEL_NOT_TRANSLATED,
                                found.place(),
                                Quoting.quote(pair) + " is no pair of a name and a value; it is ignored",
                                "NAME=VALUE,NAME=VALUE",
                                "use " + PREFIX + ALERT + "ALERT.labels.NAME");
                        continue;
                    }
                    into.putIfAbsent(name, new Found(pair.substring(equals + 1).strip(), found.key(), found.place()));
                }
            }
        }
    }

    /** What stands before the number of an alert in Docker Flow Monitor's form; no name of an alert has a slash. */
    private static final String FLOW = "com.df/";

    private List<AlertLabels> alerts() {
        List<AlertLabels> declared = new ArrayList<>();
        Set<String> names = new HashSet<>();
        alerts.forEach((key, draft) -> {
            FieldPath place = draft.place == null ? FieldPath.of("labels") : draft.place;
            Found named = draft.parts.get("name");
            Found expr = draft.parts.get("expr");
            String name = named == null ? key : named.value();
            if (key.startsWith(FLOW)
                    && (named == null || (expr != null && expr.value().startsWith("@")))) {
                report.add(
                        DiagnosticCode.LABEL_NOT_TRANSLATED,
                        expr == null ? place : expr.place(),
                        named == null
                                ? "the alert has no alertName; it is left out"
                                : "the alert " + Quoting.quote(name) + " uses a shortcut of Docker Flow Monitor, "
                                        + Quoting.quote(expr == null ? "" : expr.value()) + "; it is left out",
                        "an expression in PromQL",
                        "write it as " + PREFIX + ALERT + "NAME.expr");
                return;
            }
            if (!names.add(name)) {
                report.add(
                        DiagnosticCode.LABELS_CONFLICT,
                        place,
                        "two alerts are called " + Quoting.quote(name) + "; the former counts",
                        "each name once",
                        "rename one of them");
                return;
            }
            declared.add(new AlertLabels(
                    name,
                    expr,
                    draft.parts.get("for"),
                    draft.parts.get("keep-firing-for"),
                    draft.labels,
                    draft.annotations,
                    place));
        });
        if (declared.size() > MOST_ALERTS) {
            report.add(
                    DiagnosticCode.LABELS_TOO_MANY,
                    declared.get(MOST_ALERTS).place(),
                    "the labels declare " + declared.size() + " alerts; the first " + MOST_ALERTS
                            + " by name are evaluated",
                    "at most " + MOST_ALERTS,
                    "declare a RuleSet for the others");
        }
        return List.copyOf(declared.subList(0, Math.min(declared.size(), MOST_ALERTS)));
    }
}
