package io.narthex.compiler.config;

import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.RelabelTemplate;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes configuration as YAML for one release of Prometheus: leaves out what the release lacks and tells so, and, on
 * request, says what each line holds.
 *
 * <p>For one fragment, by one thread.
 */
public final class ConfigWriter {

    /** Parsers take keys of up to 1024 characters, counted as written; longer ones need a line of their own. */
    private static final int LONGEST_PLAIN_KEY = 1000;

    /** Without features; 2.55 takes it with utf8-names. */
    private static final Gate UTF8 = Gate.since(3, 0);

    private final Dialect dialect;
    private final YamlText out = new YamlText();
    private final List<Finding> findings = new ArrayList<>(0);
    private final @Nullable List<ConfigLine> lines;
    /** Fields, keys of maps, and indexes, from the outermost. */
    private final List<Object> path = new ArrayList<>();

    private int indent;
    private boolean dash;
    private int lineStart;

    ConfigWriter(Dialect dialect, boolean tracksLines) {
        this.dialect = dialect;
        this.lines = tracksLines ? new ArrayList<>() : null;
    }

    Rendered result() {
        return new Rendered(out.toBytes(), findings);
    }

    List<ConfigLine> lines() {
        return lines == null ? List.of() : List.copyOf(lines);
    }

    /** Writes one item of a list of mappings. */
    void item(Part part) {
        dash = true;
        indent += 2;
        part.writeTo(this);
        if (dash) {
            beginLine();
            out.raw("{}");
            endLine();
        }
        indent -= 2;
    }

    /** Returns whether the entries being written are those of {@code global}. */
    boolean isGlobal() {
        return !path.isEmpty() && path.getLast() == ConfigField.ROOT_GLOBAL;
    }

    /** Returns what to write for {@code follow_redirects}. */
    @Nullable
    Boolean followRedirects(HttpClientConfig http) {
        if (http.followRedirects() == null && http.hasCredentials() && dialect.redirectsResendCredentials()) {
            path.add(ConfigField.HTTP_FOLLOW_REDIRECTS);
            find(Finding.Kind.REDIRECTS_NOT_FOLLOWED, ConfigField.HTTP_FOLLOW_REDIRECTS, "", Gate.ALWAYS);
            path.removeLast();
            return false;
        }
        return http.followRedirects();
    }

    void write(ConfigField field, @Nullable String value) {
        if (value != null && open(field)) {
            out.raw(' ');
            out.string(value);
            close();
        }
    }

    void write(ConfigField field, @Nullable Boolean value) {
        if (value != null) {
            writeBare(field, value ? "true" : "false");
        }
    }

    void write(ConfigField field, @Nullable Long value) {
        if (value != null) {
            writeBare(field, Long.toString(value));
        }
    }

    void write(ConfigField field, @Nullable Double value) {
        if (value != null) {
            // Without an exponent, which not every parser takes for a number.
            writeBare(field, new BigDecimal(value.toString()).toPlainString());
        }
    }

    void write(ConfigField field, @Nullable PrometheusDuration value) {
        if (value != null) {
            writeBare(field, value.toString());
        }
    }

    void write(ConfigField field, @Nullable ByteSize value) {
        if (value != null) {
            writeBare(field, value.toString());
        }
    }

    void write(ConfigField field, @Nullable PrometheusRegex value) {
        write(field, value == null ? null : value.text());
    }

    void write(ConfigField field, @Nullable RelabelTemplate value) {
        write(field, value == null ? null : value.text());
    }

    void write(ConfigField field, @Nullable HttpUrl value) {
        write(field, value == null ? null : value.text());
    }

    void write(ConfigField field, @Nullable NameScheme value) {
        if (value == NameScheme.UTF8 && dialect.nameScheme() == NameScheme.LEGACY && allows(field)) {
            path.add(field);
            find(Finding.Kind.VALUE_LEFT_OUT, field, value.text(), UTF8);
            path.removeLast();
        } else if (value != null) {
            writeBare(field, value.text());
        }
    }

    void write(ConfigField field, @Nullable Token value) {
        if (value != null && allows(field) && allows(field, value)) {
            writeBare(field, value.text());
        }
    }

    private void writeBare(ConfigField field, String ascii) {
        if (open(field)) {
            out.raw(' ');
            out.raw(ascii);
            close();
        }
    }

    /** Writes a mapping; one with nothing in it as such, unless all of it had to be left out. */
    void write(ConfigField field, @Nullable Part value) {
        if (value != null && allows(field)) {
            path.add(field);
            mapping(field.key(dialect.version()), value);
            path.removeLast();
        }
    }

    private void mapping(String key, Part value) {
        int start = out.length();
        boolean withDash = dash;
        int before = findings.size();
        int linesBefore = lines == null ? 0 : lines.size();
        beginLine();
        key(key);
        int afterKey = out.length();
        int lineStartBefore = lineStart;
        endLine();
        int empty = out.length();
        indent += 2;
        value.writeTo(this);
        indent -= 2;
        if (out.length() == empty) {
            if (lines != null) {
                lines.subList(linesBefore, lines.size()).clear();
            }
            lineStart = lineStartBefore;
            if (findings.size() > before) {
                out.cut(start);
                dash = withDash;
            } else {
                out.cut(afterKey);
                out.raw(" {}");
                endLine();
            }
        }
    }

    /** Writes a list of strings, tokens or mappings, if there are any. */
    void write(ConfigField field, List<?> values) {
        if (values.isEmpty() || !allows(field)) {
            return;
        }
        List<?> allowed = values.getFirst() instanceof Token ? allowedOf(field, values) : values;
        if (allowed.isEmpty() || !open(field)) {
            return;
        }
        if (field == ConfigField.RELABEL_SOURCE_LABELS || allowed.getFirst() instanceof Token) {
            String separator = " [";
            for (Object value : allowed) {
                out.raw(separator);
                if (value instanceof Token token) {
                    out.raw(token.text());
                } else {
                    out.string(value.toString());
                }
                separator = ", ";
            }
            out.raw(']');
            close();
        } else {
            endLine();
            items(allowed);
            path.removeLast();
        }
    }

    private void items(List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            path.add(i);
            if (values.get(i) instanceof Part part) {
                item(part);
            } else {
                out.indent(indent);
                out.raw("- ");
                out.string(values.get(i).toString());
                endLine();
            }
            path.removeLast();
        }
    }

    private List<?> allowedOf(ConfigField field, List<?> values) {
        List<Object> allowed = new ArrayList<>(values.size());
        for (Object value : values) {
            if (value instanceof Token token && allows(field, token)) {
                allowed.add(token);
            }
        }
        return allowed;
    }

    /** Writes a map of strings, lists of strings or mappings, if there are any, in the map's own order. */
    void write(ConfigField field, Map<String, ?> entries) {
        if (entries.isEmpty() || !open(field)) {
            return;
        }
        boolean doubled = field == ConfigField.GLOBAL_EXTERNAL_LABELS && dialect.expandsExternalLabels();
        endLine();
        indent += 2;
        entries.forEach((key, value) -> {
            path.add(key);
            switch (value) {
                case Part part -> mapping(key, part);
                case List<?> list -> {
                    beginLine();
                    key(key);
                    endLine();
                    items(list);
                }
                default -> {
                    String text = value.toString();
                    beginLine();
                    key(key);
                    out.raw(' ');
                    out.string(doubled && value instanceof String ? text.replace("$", "$$") : text);
                    endLine();
                }
            }
            path.removeLast();
        });
        indent -= 2;
        path.removeLast();
    }

    private void key(String key) {
        if (key.length() > LONGEST_PLAIN_KEY / 10) {
            int start = out.length();
            out.string(key);
            if (out.length() - start > LONGEST_PLAIN_KEY) {
                out.cut(start);
                out.raw("? ");
                out.string(key);
                endLine();
                out.indent(indent);
            }
        } else {
            out.string(key);
        }
        out.raw(':');
    }

    /** Begins the line of a field, unless the release lacks the field. */
    private boolean open(ConfigField field) {
        if (!allows(field)) {
            return false;
        }
        path.add(field);
        beginLine();
        out.raw(field.key(dialect.version()));
        out.raw(':');
        return true;
    }

    private void close() {
        endLine();
        path.removeLast();
    }

    private void beginLine() {
        if (dash) {
            out.indent(indent - 2);
            out.raw("- ");
            dash = false;
        } else {
            out.indent(indent);
        }
    }

    private void endLine() {
        if (lines != null) {
            String text = new String(out.toBytes(), lineStart, out.length() - lineStart, StandardCharsets.UTF_8);
            String shown = text.strip();
            while (shown.startsWith("- ")) {
                shown = shown.substring(2).strip();
            }
            lines.add(new ConfigLine(out.lines() + 1, pathText(), shown));
        }
        out.raw('\n');
        lineStart = out.length();
    }

    /** Returns whether the release has the field; if not, finds so. */
    private boolean allows(ConfigField field) {
        if (field.gate().allows(dialect.version())) {
            return true;
        }
        path.add(field);
        find(
                field.gate().refused() ? Finding.Kind.FIELD_REFUSED : Finding.Kind.FIELD_LEFT_OUT,
                field,
                "",
                field.gate());
        path.removeLast();
        return false;
    }

    private boolean allows(ConfigField field, Token value) {
        if (value.gate().allows(dialect.version())) {
            return true;
        }
        path.add(field);
        find(
                value.gate().refused() ? Finding.Kind.VALUE_REFUSED : Finding.Kind.VALUE_LEFT_OUT,
                field,
                value.text(),
                value.gate());
        path.removeLast();
        return false;
    }

    private void find(Finding.Kind kind, ConfigField field, String value, Gate gate) {
        findings.add(new Finding(kind, pathText(), field, value, gate, dialect.version()));
    }

    private String pathText() {
        StringBuilder text = new StringBuilder();
        for (Object step : path) {
            switch (step) {
                case Integer index -> text.append('[').append(index).append(']');
                case ConfigField field -> text.append(text.isEmpty() ? "" : ".").append(field.key(dialect.version()));
                default -> {
                    String key = step.toString();
                    if (YamlText.isPlain(key) && key.indexOf('.') < 0 && key.indexOf('/') < 0) {
                        text.append('.').append(key);
                    } else {
                        text.append("[\"")
                                .append(key.replace("\\", "\\\\").replace("\"", "\\\""))
                                .append("\"]");
                    }
                }
            }
        }
        return text.toString();
    }
}
