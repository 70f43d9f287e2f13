package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.frontend.LabelAliases.Family;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.swarm.SwarmService;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a service's labels: which endpoints and alerts they declare, and with which settings. What the values mean is
 * checked later; here it is decided which label counts.
 *
 * <p>The grammar and the order in which labels count are promised to users in {@code docs/swarm-labels.md}.
 */
final class ServiceLabels {

    /** The most bytes that a service's labels may have, names and values. */
    private static final int MOST_BYTES = 64 * 1024;

    /** The most endpoints of a service. */
    private static final int MOST_ENDPOINTS = 16;

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
            @Nullable FoundLabel server) {
        static final Declared NOTHING = new Declared(List.of(), List.of(), null);
    }

    private final Report report;
    private final LabelReading reading;
    private final AlertLabelReader alerts;
    private final OwnLabels own;
    private final Map<Family, FamilyLabels> others = new EnumMap<>(Family.class);

    private ServiceLabels(Report report) {
        this.report = report;
        this.reading = new LabelReading(report);
        this.alerts = new AlertLabelReader(reading, report);
        this.own = new OwnLabels(reading, alerts, report);
    }

    /** Returns whether any label of {@code service} may mean something here. */
    static boolean concern(SwarmService service) {
        return anyConcerns(service.labels()) || anyConcerns(service.containerLabels());
    }

    private static boolean anyConcerns(Map<String, String> labels) {
        return labels.keySet().stream()
                .anyMatch(key -> key.startsWith(LabelField.PREFIX)
                        || LabelAliases.meaning(key).isPresent()
                        || AlertLabelReader.isFlow(key));
    }

    /** Returns what the labels of {@code service} declare. */
    static Declared read(SwarmService service, Report report) {
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
        return new ServiceLabels(report).all(service);
    }

    private static long size(Map<String, String> labels) {
        long size = 0;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            size += label.getKey().getBytes(StandardCharsets.UTF_8).length
                    + label.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return size;
    }

    private Declared all(SwarmService service) {
        // The service's own first: what is found already isn't replaced.
        take(service.labels(), FieldPath.of("labels"), false);
        take(service.containerLabels(), FieldPath.of("containerLabels"), true);
        reading.end();
        return new Declared(endpoints(), alerts.alerts(), own.server());
    }

    private void take(Map<String, String> labels, FieldPath at, boolean onContainer) {
        // In the order of their names, whatever the map's: of two that mean the same the first counts.
        new TreeMap<>(labels)
                .forEach((key, value) -> take(new LabelReading.Written(key, value, at.field(key), onContainer)));
    }

    private void take(LabelReading.Written written) {
        if (written.key().startsWith(LabelField.PREFIX)) {
            own.take(written);
        } else if (!alerts.takeFlow(written)) {
            LabelAliases.meaning(written.key())
                    .ifPresent(meaning -> others.computeIfAbsent(
                                    meaning.family(), family -> new FamilyLabels(family, reading, report))
                            .take(meaning, written));
        }
    }

    private List<EndpointLabels> endpoints() {
        Map<String, EndpointLabels> declared = new LinkedHashMap<>();
        own.endpoints().forEach(endpoint -> declared.put(endpoint.id(), endpoint));
        if (!own.isSwitchedOff()) {
            // An own scrape=false also answers for what other families say of the endpoint.
            Set<String> decided = own.decided();
            others.forEach((family, labels) -> labels.endpoints().forEach(endpoint -> {
                if (decided.contains(endpoint.id()) || declared.containsKey(endpoint.id())) {
                    outdone(family, endpoint, declared.get(endpoint.id()));
                } else {
                    declared.put(endpoint.id(), endpoint);
                }
            }));
        }
        FoundLabel idle = own.idle();
        if (declared.isEmpty() && idle != null) {
            report.add(
                    DiagnosticCode.LABELS_WITHOUT_SCRAPE,
                    idle.place(),
                    "the label " + Quoting.quote(idle.key()) + " is there, but nothing asks for a scrape",
                    "",
                    "add the label " + LabelField.PREFIX + "scrape: \"true\"");
        }
        return first(List.copyOf(declared.values()));
    }

    private List<EndpointLabels> first(List<EndpointLabels> declared) {
        if (declared.size() > MOST_ENDPOINTS) {
            report.add(
                    DiagnosticCode.LABELS_TOO_MANY,
                    declared.get(MOST_ENDPOINTS).place(),
                    "the labels declare " + declared.size() + " endpoints; the first " + MOST_ENDPOINTS
                            + " by name are scraped",
                    "at most " + MOST_ENDPOINTS,
                    "declare a Monitor for the others");
        }
        return declared.stream()
                .sorted(Comparator.comparing(EndpointLabels::id))
                .limit(MOST_ENDPOINTS)
                .toList();
    }

    /** Tells where another family's labels say something else than the labels that count. */
    private void outdone(Family family, EndpointLabels endpoint, @Nullable EndpointLabels counting) {
        for (Map.Entry<LabelSetting, FoundLabel> other : endpoint.settings().entrySet()) {
            FoundLabel first = counting == null ? null : counting.settings().get(other.getKey());
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
}
