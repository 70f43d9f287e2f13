package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.Nearest;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Narthex's own labels of a service: which endpoints they declare, with which settings. */
final class OwnLabels {

    private static final String ENDPOINT = "endpoint.";
    private static final Pattern ID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    /** In place of an endpoint's name: what holds for all of them. */
    private static final String ALL = "";

    private static final LabelSetting SCRAPE = LabelSetting.of(LabelField.SCRAPE);

    private final LabelReading reading;
    private final AlertLabelReader alerts;
    private final Report report;
    /** What is set, by endpoint. */
    private final Map<String, Map<LabelSetting, FoundLabel>> settings = new TreeMap<>();
    /** The first label of each endpoint. */
    private final Map<String, FieldPath> places = new TreeMap<>();

    private final Set<String> broken = new HashSet<>();
    /** The first label that asks for no scrape and is of no endpoint. */
    private @Nullable FoundLabel bare;

    OwnLabels(LabelReading reading, AlertLabelReader alerts, Report report) {
        this.reading = reading;
        this.alerts = alerts;
        this.report = report;
    }

    /** Takes a label, of which the first of its name counts; one of an alert goes to the alerts. */
    void take(LabelReading.Written written) {
        String rest = written.key().substring(LabelField.PREFIX.length());
        String endpoint = ALL;
        if (rest.startsWith(ENDPOINT)) {
            int dot = rest.indexOf('.', ENDPOINT.length());
            endpoint = dot < 0 ? rest.substring(ENDPOINT.length()) : rest.substring(ENDPOINT.length(), dot);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
            if (!ID.matcher(endpoint).matches()) {
                reading.unknown(
                        Severity.ERROR,
                        written.place(),
                        Quoting.quote(endpoint) + " is no name of an endpoint",
                        "small letters, digits and dashes, at most 32",
                        "rename the endpoint");
                return;
            }
        }
        if (rest.startsWith(AlertLabelReader.PREFIX)) {
            alerts.take(rest, written);
            return;
        }
        Optional<LabelSetting> setting = setting(rest);
        if (setting.isEmpty()) {
            unknown(rest, endpoint, written.place());
        } else {
            set(endpoint, setting.get(), written);
        }
    }

    private static Optional<LabelSetting> setting(String rest) {
        for (LabelField field : LabelField.values()) {
            if (field.isNamed() ? rest.startsWith(field.text()) : rest.equals(field.text())) {
                return Optional.of(new LabelSetting(
                        field, field.isNamed() ? rest.substring(field.text().length()) : ""));
            }
        }
        return Optional.empty();
    }

    private void set(String endpoint, LabelSetting setting, LabelReading.Written written) {
        if (!endpoint.equals(ALL)) {
            places.putIfAbsent(endpoint, written.place());
        }
        LabelField field = setting.field();
        if (field.isNamed() && !LabelReading.isName(setting.name())) {
            report.add(
                    DiagnosticCode.LABEL_VALUE_INVALID,
                    written.place(),
                    Quoting.quote(setting.name()) + " is no name of a "
                            + (field == LabelField.PARAM ? "parameter" : "label"),
                    LabelReading.NAMES,
                    "rename it");
            broken.add(endpoint);
            return;
        }
        FoundLabel found = reading.read(written);
        if (bare == null && endpoint.equals(ALL) && field != LabelField.SCRAPE) {
            bare = found;
        }
        FoundLabel first =
                settings.computeIfAbsent(endpoint, id -> new LinkedHashMap<>()).putIfAbsent(setting, found);
        reading.compare(first, found, "the label of the service counts");
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
        String prefix = LabelField.PREFIX + (endpoint.equals(ALL) ? "" : ENDPOINT + endpoint + ".");
        String remedy =
                nearest.map(name -> "did you mean " + prefix + name + "?").orElse("remove it");
        if (guarded.isPresent()) {
            broken.add(endpoint);
            reading.unknown(
                    Severity.ERROR,
                    place,
                    "there is no label " + Quoting.quote(prefix + rest) + "; "
                            + (endpoint.equals(ALL)
                                    ? "nothing of the service is scraped by labels"
                                    : "the endpoint " + endpoint + " isn't scraped")
                            + ", since a guess could scrape the wrong thing",
                    String.join(", ", known),
                    remedy);
            return;
        }
        reading.unknown(
                Severity.WARNING,
                place,
                "there is no label " + Quoting.quote(prefix + rest) + "; it is ignored",
                String.join(", ", known),
                remedy);
    }

    private @Nullable FoundLabel find(String endpoint, LabelSetting setting) {
        return settings.getOrDefault(endpoint, Map.of()).get(setting);
    }

    /** Returns the label that names the server; null for none. */
    @Nullable
    FoundLabel server() {
        return find(ALL, LabelSetting.of(LabelField.SERVER));
    }

    /** Returns whether the service itself says that nothing of it is scraped: that goes before all else. */
    boolean isSwitchedOff() {
        FoundLabel scrape = find(ALL, SCRAPE);
        return scrape != null
                && scrape.place().equals(FieldPath.of("labels").field(scrape.key()))
                && Boolean.FALSE.equals(LabelReading.bool(scrape.value()));
    }

    /** Returns the endpoints of which it is said whether they are scraped. */
    Set<String> decided() {
        Set<String> ids = new HashSet<>();
        settings.forEach((endpoint, set) -> {
            if (set.containsKey(SCRAPE)) {
                ids.add(endpoint.equals(ALL) ? EndpointLabels.DEFAULT_ID : endpoint);
            }
        });
        return ids;
    }

    /** Returns a label that would set something if anything asked for a scrape; null where there is none, or one asks. */
    @Nullable
    FoundLabel idle() {
        return decided().isEmpty() ? bare : null;
    }

    /** Returns the endpoints that are to be scraped. */
    List<EndpointLabels> endpoints() {
        FoundLabel scrape = find(ALL, SCRAPE);
        Boolean byDefault = scrape == null ? null : reading.bool(scrape);
        if (isSwitchedOff() || (scrape != null && byDefault == null)) {
            return List.of();
        }
        Map<String, FieldPath> all = new TreeMap<>(places);
        if (Boolean.TRUE.equals(byDefault) && scrape != null) {
            all.putIfAbsent(EndpointLabels.DEFAULT_ID, scrape.place());
        }
        List<EndpointLabels> endpoints = new ArrayList<>();
        all.forEach((id, place) -> {
            FoundLabel asked = find(id, SCRAPE);
            Boolean wanted = asked != null ? reading.bool(asked) : byDefault == null ? Boolean.TRUE : byDefault;
            if (!Boolean.TRUE.equals(wanted)) {
                return;
            }
            Map<LabelSetting, FoundLabel> own = new LinkedHashMap<>(settings.getOrDefault(ALL, Map.of()));
            own.putAll(settings.getOrDefault(id, Map.of()));
            endpoints.add(new EndpointLabels(id, "", own, place, broken.contains(ALL) || broken.contains(id)));
        });
        return endpoints;
    }
}
