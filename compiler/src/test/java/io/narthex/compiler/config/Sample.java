package io.narthex.compiler.config;

import io.narthex.compiler.model.PrometheusVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small piece of configuration that Prometheus takes by itself, in a file of its kind.
 *
 * @param section the section of the documentation that it belongs to, which names the golden files
 * @param name what it shows
 * @param part the piece
 */
record Sample(String section, String name, Part part) {

    /** Which file of Prometheus a sample stands in. */
    enum Kind {
        /** {@code prometheus.yml}. */
        CONFIG,
        /** A file of rules. */
        RULES,
        /** {@code web.yml}. */
        WEB
    }

    /** A line of a sample's file, and the field of the version table that stands on it first, if one does. */
    record Line(int number, String path, List<ConfigField> fields) {}

    /** The fields by their places in a file, the most specific place first. */
    private static final List<Place> PLACES = places();

    private record Place(ConfigField field, Pattern pattern) {}

    private static List<Place> places() {
        List<Place> places = new ArrayList<>();
        for (ConfigField field : ConfigField.values()) {
            String path = field.toString().replace(".*", ".#");
            String pattern = "(?:.*[._])?\\Q" + path.replace("#", "\\E[^.]+\\Q") + "\\E";
            places.add(new Place(field, Pattern.compile(pattern)));
        }
        places.sort((a, b) -> Integer.compare(
                b.field().toString().length(), a.field().toString().length()));
        return places;
    }

    Kind kind() {
        return switch (part) {
            case RuleGroupConfig _ -> Kind.RULES;
            case WebConfig _ -> Kind.WEB;
            default -> Kind.CONFIG;
        };
    }

    /** Returns the file for a release. */
    String text(PrometheusVersion version) {
        ConfigWriter out = write(version, false);
        return head() + new String(out.result().bytes(), StandardCharsets.UTF_8);
    }

    /** Returns what the release lacks of it. */
    List<Finding> findings(PrometheusVersion version) {
        return write(version, false).result().findings();
    }

    /** Returns whether it is used with a release, or refused as a whole. */
    boolean isUsed(PrometheusVersion version) {
        return findings(version).stream()
                .noneMatch(finding ->
                        finding.kind() == Finding.Kind.FIELD_REFUSED || finding.kind() == Finding.Kind.VALUE_REFUSED);
    }

    /** Returns the lines of its file for a release. */
    List<Line> lines(PrometheusVersion version) {
        String at = head().isEmpty() ? "" : head().replace(":\n", "[].");
        int before = head().isEmpty() ? 0 : 1;
        List<Line> lines = new ArrayList<>();
        for (ConfigLine line : write(version, true).lines()) {
            String path = at + line.path().replaceAll("\\[\\d+\\]", "[]");
            lines.add(new Line(line.line() + before, path, fields(path)));
        }
        return lines;
    }

    private static List<ConfigField> fields(String path) {
        for (Place place : PLACES) {
            Matcher matcher = place.pattern().matcher(path);
            if (matcher.matches()) {
                return List.of(place.field());
            }
        }
        return List.of();
    }

    private String head() {
        return switch (part) {
            case ScrapeConfig _ -> Dialect.SCRAPE_CONFIGS;
            case RuleGroupConfig _ -> Dialect.GROUPS;
            default -> "";
        };
    }

    private ConfigWriter write(PrometheusVersion version, boolean tracksLines) {
        ConfigWriter out = new ConfigWriter(Dialect.of(version), tracksLines);
        if (head().isEmpty()) {
            part.writeTo(out);
        } else {
            out.item(part);
        }
        return out;
    }

    @Override
    public String toString() {
        return section + "/" + name;
    }
}
