package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A kind made up for tests, whose specification is bound to plain JSON. */
final class Widgets {

    static final ResourceReader READER = new ResourceReader(
            List.of(new ResourceKind("Widget", JsonNode.class, "io/narthex/compiler/yaml/widgets.yaml", "v1alpha1")),
            new RuleTwins(Map.of(
                    "!has(self.low) || !has(self.high) || self.low <= self.high",
                    self -> self.has("low")
                                    && self.has("high")
                                    && self.get("low").asLong()
                                            > self.get("high").asLong()
                            ? Optional.of(new RuleTwins.Breach("high", "", "", "swap them"))
                            : Optional.empty())));

    static final String HEAD = """
            apiVersion: monitoring.narthex.io/v1alpha1
            kind: Widget
            metadata:
              name: one
            spec:
              title: hello
            """;

    private Widgets() {}

    static ReadResult read(String yaml) {
        return READER.read("w.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the diagnostics of a widget with these further lines of its specification, from line 7. */
    static List<String> problems(String spec) {
        return read(HEAD + spec.indent(2)).diagnostics().stream()
                .map(Widgets::brief)
                .toList();
    }

    /** Returns the specification of a widget with these further lines. */
    static JsonNode spec(String spec) {
        ReadResult result = read(HEAD + spec.indent(2));
        if (result.resources().size() != 1) {
            throw new AssertionError(result.diagnostics().toString());
        }
        Declared<?> declared = result.resources().getFirst();
        return (JsonNode) declared.spec();
    }

    /** Returns {@code line:column+length code field: message [allowed] remedy}. */
    static String brief(Diagnostic diagnostic) {
        String place = diagnostic
                .position()
                .map(position -> position.line() + ":" + position.column() + "+" + position.length())
                .orElse("?");
        return place + " " + diagnostic.code() + " " + diagnostic.field() + ": " + diagnostic.message() + " ["
                + diagnostic.allowed() + "] " + diagnostic.remedy();
    }
}
