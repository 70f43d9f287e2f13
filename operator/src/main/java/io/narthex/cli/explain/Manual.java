package io.narthex.cli.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Style;
import io.narthex.cli.print.TextWrap;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.yaml.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is to be known of diagnostics' codes, of kinds and of fields, wherever resources come from. */
public final class Manual {

    private static final Pattern CODE = Pattern.compile("(?i)NX\\d+");
    private static final String INDENT = "  ";

    private Manual() {}

    /** Returns whether a subject is a code, a kind or a field, not a resource. */
    public static boolean hasPageOf(String subject) {
        return subject.indexOf('/') < 0;
    }

    /**
     * Prints what is to be known of a code, a kind or a field.
     *
     * @throws Failure where there is none of this name
     */
    public static void print(Output output, String subject) {
        if (CODE.matcher(subject).matches()) {
            printCode(output, subject);
        } else {
            printField(output, subject);
        }
    }

    private static void printCode(Output output, String subject) {
        Optional<DiagnosticCode> code = DiagnosticPage.codeOf(subject);
        if (code.isEmpty()) {
            throw Failure.usage(
                    "there is no code " + subject.toUpperCase(Locale.ROOT), "docs/diagnostics.md lists all codes");
        }
        DiagnosticPage page = DiagnosticPage.of(code.get())
                .orElseThrow(() ->
                        new IllegalStateException("no page for " + code.get().id()));
        if (output.isText()) {
            output.line(output.style().bold(code.get().id() + " " + code.get().title()));
            output.line("");
            output.line(page.body());
        } else {
            output.json(Json.document("code")
                    .put("code", code.get().id())
                    .put("severity", code.get().severity().name().toLowerCase(Locale.ROOT))
                    .put("title", code.get().title())
                    .put("text", page.body()));
        }
    }

    private static void printField(Output output, String subject) {
        List<String> names = ResourceSchema.names(subject);
        String kind = ResourceSchema.kindOf(names.getFirst())
                .orElseThrow(() -> Failure.usage(
                        "there is no kind " + names.getFirst(),
                        Nearest.of(names.getFirst(), new TreeSet<>(ResourceSchema.kinds()))
                                .map(near -> "did you mean " + near + "?")
                                .orElse("kinds are " + String.join(", ", new TreeSet<>(ResourceSchema.kinds())))));
        ResourceSchema schema = ResourceSchema.of(kind).find(names.subList(1, names.size()));
        if (!output.isText()) {
            ObjectNode document = describe(schema, Json.document("field"));
            ArrayNode fields = document.putArray("fields");
            schema.fields().values().forEach(field -> describe(field, fields.addObject()));
            output.json(document);
            return;
        }
        print(output, schema);
    }

    private static ObjectNode describe(ResourceSchema schema, ObjectNode node) {
        node.put("path", schema.path())
                .put("type", schema.type())
                .put("required", schema.required())
                .put("description", schema.description());
        schema.defaultValue().ifPresent(value -> node.put("default", value));
        ArrayNode allowed = node.putArray("allowed");
        schema.allowed().forEach(allowed::add);
        return node;
    }

    private static void print(Output output, ResourceSchema schema) {
        Style style = output.style();
        int width = Math.min(output.terminal().width(), 100) - INDENT.length();
        boolean kind = schema.path().indexOf('.') < 0;
        output.line(
                style.bold(schema.path()) + INDENT + schema.type() + (schema.required() && !kind ? ", required" : ""));
        TextWrap.lines(schema.description(), width).forEach(line -> output.line(INDENT + Visible.of(line)));
        schema.defaultValue().ifPresent(value -> output.line(INDENT + style.bold("default: ") + Visible.of(value)));
        schema.allowed().forEach(phrase -> output.line(INDENT + style.bold("allowed: ") + Visible.of(phrase)));
        List<ResourceSchema> fields = (kind
                        ? Stream.ofNullable(schema.fields().get("spec"))
                                .flatMap(spec -> spec.fields().values().stream())
                        : schema.fields().values().stream())
                .toList();
        if (fields.isEmpty()) {
            return;
        }
        output.line("");
        output.line(kind ? "Fields of spec:" : "Fields:");
        int names =
                fields.stream().mapToInt(field -> name(field).length()).max().orElse(0);
        int types =
                fields.stream().mapToInt(field -> field.type().length()).max().orElse(0);
        int rest = Math.max(30, width - names - types - 2 * INDENT.length());
        for (ResourceSchema field : fields) {
            String head = INDENT + style.bold(pad(name(field), names)) + INDENT + style.dim(pad(field.type(), types));
            List<String> lines = TextWrap.lines((field.required() ? "Required. " : "") + field.summary(), rest);
            output.line((head + INDENT + Visible.of(lines.getFirst())).stripTrailing());
            lines.stream()
                    .skip(1)
                    .forEach(line -> output.line(" ".repeat(names + types + 3 * INDENT.length()) + Visible.of(line)));
        }
    }

    private static String name(ResourceSchema field) {
        return field.path().substring(field.path().lastIndexOf('.') + 1);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
