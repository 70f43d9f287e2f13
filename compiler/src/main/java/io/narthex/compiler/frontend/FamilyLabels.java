package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.frontend.LabelAliases.Family;
import io.narthex.compiler.frontend.LabelAliases.Meaning;
import io.narthex.compiler.model.DiagnosticCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A service's labels of one family that other programs made up: which endpoints they declare, with which settings. */
final class FamilyLabels {

    private static final LabelSetting SCRAPE = LabelSetting.of(LabelField.SCRAPE);

    private final Family family;
    private final LabelReading reading;
    private final Report report;
    /** What is set, by endpoint. */
    private final Map<String, Map<LabelSetting, FoundLabel>> settings = new TreeMap<>();
    /** The first label of each endpoint that asks for a scrape by being there. */
    private final Map<String, FoundLabel> enabling = new TreeMap<>();
    /** The names of the labels that mean the opposite of what they say. */
    private final Set<String> negated = new HashSet<>();

    FamilyLabels(Family family, LabelReading reading, Report report) {
        this.family = family;
        this.reading = reading;
        this.report = report;
    }

    /** Takes a label of this family, of which the first of its meaning counts. */
    void take(Meaning meaning, LabelReading.Written written) {
        LabelField field = meaning.field();
        if (field.isNamed() && !LabelReading.isName(meaning.name())) {
            report.add(
                    DiagnosticCode.LABEL_NOT_TRANSLATED,
                    written.place(),
                    Quoting.quote(meaning.name()) + " is no name that Prometheus takes; the label is ignored",
                    "letters, digits and underscores",
                    "use " + LabelField.PREFIX + field.text() + "NAME");
            return;
        }
        FoundLabel found = reading.read(written);
        FoundLabel first = settings.computeIfAbsent(meaning.endpoint(), id -> new LinkedHashMap<>())
                .putIfAbsent(new LabelSetting(field, meaning.name()), found);
        if (first != null) {
            reading.compare(first, found, "the former counts");
            return;
        }
        if (meaning.negated()) {
            negated.add(written.key());
        }
        if (meaning.enables()) {
            enabling.putIfAbsent(meaning.endpoint(), found);
        }
    }

    /** Returns the endpoints that are to be scraped. */
    List<EndpointLabels> endpoints() {
        FoundLabel scrape =
                settings.getOrDefault(EndpointLabels.DEFAULT_ID, Map.of()).get(SCRAPE);
        if (scrape != null) {
            Boolean asked = reading.bool(scrape);
            if (asked == null || asked == negated.contains(scrape.key())) {
                return List.of();
            }
        }
        List<EndpointLabels> endpoints = new ArrayList<>();
        settings.forEach((id, all) -> {
            Map<LabelSetting, FoundLabel> own = new LinkedHashMap<>(all);
            own.remove(SCRAPE);
            FoundLabel declaring = scrape != null ? scrape : enabling.get(id);
            // A label that only asks for a scrape declares an endpoint where nothing else does.
            if (declaring != null && (!own.isEmpty() || settings.size() == 1)) {
                boolean target = family == Family.PROMETHEUS && !id.equals(EndpointLabels.DEFAULT_ID);
                endpoints.add(new EndpointLabels(id, target ? id : "", own, declaring.place(), false));
            }
        });
        return endpoints;
    }
}
