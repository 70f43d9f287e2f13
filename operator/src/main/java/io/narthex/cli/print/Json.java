package io.narthex.cli.print;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import java.util.Collection;
import java.util.Locale;

/** The JSON of the command line. Every document, and every line of a stream, begins with its schema's version. */
public final class Json {

    /** The version of the shapes; raised when a field goes or changes its meaning, not when one is added. */
    public static final int SCHEMA_VERSION = 1;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter PRETTY = MAPPER.writerWithDefaultPrettyPrinter();

    private Json() {}

    /** Returns a new document of one kind, such as {@code lint}. */
    public static ObjectNode document(String kind) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("kind", kind);
    }

    /** Returns the document over several lines, without a last line end. */
    public static String pretty(JsonNode document) {
        try {
            return PRETTY.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of values is always JSON", e);
        }
    }

    /** Returns the document on one line, without a line end. */
    public static String line(JsonNode document) {
        try {
            return MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of values is always JSON", e);
        }
    }

    /** Adds the list {@code diagnostics} to {@code document}. */
    public static void putDiagnostics(ObjectNode document, Collection<Diagnostic> diagnostics) {
        var list = document.putArray("diagnostics");
        for (Diagnostic diagnostic : diagnostics) {
            list.add(of(diagnostic));
        }
    }

    /** Returns one diagnostic; a field without a value is left out. */
    public static ObjectNode of(Diagnostic diagnostic) {
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("code", diagnostic.code().id())
                .put("severity", diagnostic.severity().name().toLowerCase(Locale.ROOT))
                .put("title", diagnostic.code().title())
                .put("message", diagnostic.message());
        if (!diagnostic.allowed().isEmpty()) {
            node.put("allowed", diagnostic.allowed());
        }
        if (!diagnostic.remedy().isEmpty()) {
            node.put("remedy", diagnostic.remedy());
        }
        diagnostic.resource().ifPresent(key -> node.set("resource", of(key)));
        if (!diagnostic.field().equals(FieldPath.ROOT)) {
            node.put("field", diagnostic.field().toString());
        }
        diagnostic
                .position()
                .ifPresent(position -> node.put("file", position.file())
                        .put("line", position.line())
                        .put("column", position.column())
                        .put("length", position.length()));
        return node;
    }

    /** Returns a resource's identity. */
    public static ObjectNode of(ResourceKey key) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", key.kind())
                .put("namespace", key.namespace())
                .put("name", key.name());
    }
}
