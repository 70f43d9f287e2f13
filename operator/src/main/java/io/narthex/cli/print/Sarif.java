package io.narthex.cli.print;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.Severity;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** Diagnostics as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for code scanning services. */
public final class Sarif {

    private Sarif() {}

    /**
     * Returns the log of one run.
     *
     * @param diagnostics what was found
     * @param version Narthex's version
     */
    public static ObjectNode log(Collection<Diagnostic> diagnostics, String version) {
        ObjectNode log = JsonNodeFactory.instance
                .objectNode()
                .put("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
                .put("version", "2.1.0");
        ObjectNode run = log.putArray("runs").addObject();
        ObjectNode driver =
                run.putObject("tool").putObject("driver").put("name", "narthex").put("version", version);
        run.put("columnKind", "unicodeCodePoints");
        Map<DiagnosticCode, Integer> rules = rules(driver.putArray("rules"), diagnostics);
        ArrayNode results = run.putArray("results");
        for (Diagnostic diagnostic : diagnostics) {
            add(results.addObject(), diagnostic, rules);
        }
        return log;
    }

    private static Map<DiagnosticCode, Integer> rules(ArrayNode list, Collection<Diagnostic> diagnostics) {
        Map<DiagnosticCode, Integer> indexes = new EnumMap<>(DiagnosticCode.class);
        diagnostics.stream().map(Diagnostic::code).distinct().sorted().forEach(code -> {
            indexes.put(code, list.size());
            ObjectNode rule = list.addObject().put("id", code.id());
            rule.putObject("shortDescription").put("text", code.title());
            rule.putObject("help").put("text", "narthex explain " + code.id());
            rule.putObject("defaultConfiguration").put("level", level(code.severity()));
        });
        return indexes;
    }

    private static void add(ObjectNode result, Diagnostic diagnostic, Map<DiagnosticCode, Integer> rules) {
        result.put("ruleId", diagnostic.code().id());
        result.put("ruleIndex", rules.getOrDefault(diagnostic.code(), -1));
        result.put("level", level(diagnostic.severity()));
        result.putObject("message").put("text", text(diagnostic));
        ObjectNode location = null;
        if (diagnostic.position().isPresent()) {
            Position position = diagnostic.position().get();
            location = result.putArray("locations").addObject();
            ObjectNode physical = location.putObject("physicalLocation");
            physical.putObject("artifactLocation").put("uri", uri(position.file()));
            physical.putObject("region")
                    .put("startLine", position.line())
                    .put("startColumn", position.column())
                    .put("endColumn", position.column() + position.length());
        }
        if (diagnostic.resource().isPresent()) {
            location = location == null ? result.putArray("locations").addObject() : location;
            String field = diagnostic.field().toString();
            location.putArray("logicalLocations")
                    .addObject()
                    .put("fullyQualifiedName", diagnostic.resource().get() + (field.isEmpty() ? "" : " " + field));
        }
    }

    private static String text(Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder(diagnostic.message());
        if (!diagnostic.allowed().isEmpty()) {
            text.append("; allowed: ").append(diagnostic.allowed());
        }
        if (!diagnostic.remedy().isEmpty()) {
            text.append("; ").append(diagnostic.remedy());
        }
        return text.toString();
    }

    private static String level(Severity severity) {
        return switch (severity) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case INFO -> "note";
        };
    }

    /** A relative reference, percent-encoded, as services that map results to a repository's files need it. */
    private static String uri(String file) {
        if (file.equals("-")) {
            return "stdin";
        }
        try {
            return Path.of(file).isAbsolute()
                    ? new URI("file", "", Path.of(file).toUri().getPath(), null).toASCIIString()
                    : new URI(null, null, file.replace('\\', '/'), null).toASCIIString();
        } catch (URISyntaxException e) {
            return "unnamed";
        }
    }
}
