package io.narthex.compiler.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads resources from YAML (or JSON, its subset). A file may hold several documents, and lists of kind {@code List}.
 * Whatever the bytes are, the answer is resources and diagnostics, never an exception. Immutable and safe for use by
 * many threads.
 */
public final class ResourceReader {

    /** The most bytes that a file may have: 8 MiB. Some 10,000 Monitors fit in. */
    public static final int MOST_BYTES = 8 << 20;

    private static final Set<String> FIELDS = Set.of("apiVersion", "kind", "metadata", "spec", "status");

    private final Map<String, ResourceKind> kinds;
    private final RuleTwins twins;
    private final String usualNamespace;
    private final ObjectMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** A reader of the kinds PrometheusServer, Monitor and RuleSet. */
    public ResourceReader() {
        this(MetadataChecker.DEFAULT_NAMESPACE);
    }

    /**
     * A reader of the kinds PrometheusServer, Monitor and RuleSet.
     *
     * @param usualNamespace the namespace of resources that name none
     */
    public ResourceReader(String usualNamespace) {
        this(Kinds.ALL, Kinds.TWINS, usualNamespace);
    }

    ResourceReader(List<ResourceKind> kinds, RuleTwins twins) {
        this(kinds, twins, MetadataChecker.DEFAULT_NAMESPACE);
    }

    private ResourceReader(List<ResourceKind> kinds, RuleTwins twins, String usualNamespace) {
        this.usualNamespace = usualNamespace;
        this.kinds = kinds.stream()
                .collect(Collectors.toMap(ResourceKind::name, kind -> kind, (a, b) -> a, LinkedHashMap::new));
        this.twins = twins;
    }

    /**
     * Reads a file.
     *
     * @param file the file as the user named it, {@code -} for standard input; only shown
     * @param content its bytes, at most {@link #MOST_BYTES}; more are refused with a diagnostic
     */
    public ReadResult read(String file, byte[] content) {
        Problems problems = new Problems(file);
        List<Declared<?>> resources = new ArrayList<>();
        if (content.length > MOST_BYTES) {
            problems.addForFile(
                    DiagnosticCode.FILE_TOO_LARGE,
                    "the file has " + content.length + " bytes",
                    "at most " + MOST_BYTES + " (8 MiB)",
                    "split it into several files");
        } else {
            SourceText source = SourceText.of(content, problems);
            if (source != null) {
                new Reading(source, problems, resources).readAll();
            }
        }
        return new ReadResult(resources, problems.all());
    }

    /** The reading of one file. */
    private final class Reading {
        private final SourceText source;
        private final Problems problems;
        private final List<Declared<?>> resources;

        Reading(SourceText source, Problems problems, List<Declared<?>> resources) {
            this.source = source;
            this.problems = problems;
            this.resources = resources;
        }

        void readAll() {
            List<Integer> badLines = source.reportBadCharacters(problems);
            TreeBuilder.AliasBudget aliases = new TreeBuilder.AliasBudget();
            Map<String, String> keys = new HashMap<>();
            boolean empty = true;
            for (DocumentText document : DocumentText.split(source)) {
                if (badLines.stream().anyMatch(line -> line >= document.firstLine() && line <= document.lastLine())) {
                    empty = false;
                    continue;
                }
                int before = problems.errors();
                YamlNode root = new TreeBuilder(source, document, problems, aliases, keys).build();
                if (root == null) {
                    empty &= problems.errors() == before;
                } else if (!isNull(root)) {
                    empty = false;
                    readDocument(root, before);
                }
                problems.speakOf(Optional.empty());
            }
            if (empty && problems.errors() == 0) {
                problems.addForFile(
                        DiagnosticCode.FILE_EMPTY, "the file holds no resource", "", "write one, or delete the file");
            }
        }

        private void readDocument(YamlNode root, int errorsBefore) {
            if (!(root instanceof YamlNode.Mapping mapping)) {
                problems.add(
                        DiagnosticCode.NOT_A_RESOURCE,
                        root.span(),
                        "the document is " + (root instanceof YamlNode.Sequence ? "a list" : "a single value")
                                + ", not a resource",
                        "apiVersion, kind, metadata, spec",
                        root instanceof YamlNode.Sequence
                                ? "separate resources by ---, or put them under items of a kind: List"
                                : "start with apiVersion: " + ApiGroup.API_VERSION);
                return;
            }
            String apiVersion = text(mapping, "apiVersion");
            String kind = text(mapping, "kind");
            if ((kind.equals("List") && apiVersion.equals("v1"))
                    || (apiVersion.equals(ApiGroup.API_VERSION)
                            && kind.endsWith("List")
                            && kinds.containsKey(kind.substring(0, kind.length() - 4)))) {
                readList(mapping);
                return;
            }
            readResource(mapping, apiVersion, kind, errorsBefore);
        }

        private void readList(YamlNode.Mapping list) {
            YamlNode items = list.get("items");
            if (!(items instanceof YamlNode.Sequence sequence)) {
                YamlNode.Entry entry = list.entry("items");
                problems.add(
                        DiagnosticCode.FIELD_MISSING,
                        FieldPath.of("items"),
                        entry == null ? SchemaChecker.start(list) : entry.keySpan(),
                        "the list has no items",
                        "a list of resources",
                        "write the resources below items, each after \"- \"");
                return;
            }
            for (YamlNode item : sequence.items()) {
                problems.speakOf(Optional.empty());
                if (item instanceof YamlNode.Mapping mapping
                        && !text(mapping, "kind").equals("List")) {
                    readResource(mapping, text(mapping, "apiVersion"), text(mapping, "kind"), problems.errors());
                } else {
                    problems.add(
                            DiagnosticCode.NOT_A_RESOURCE,
                            SchemaChecker.start(item),
                            "an item of the list is no resource",
                            "apiVersion, kind, metadata, spec",
                            "");
                }
            }
        }

        private void readResource(YamlNode.Mapping root, String apiVersion, String kindName, int errorsBefore) {
            ResourceKind kind = new KindFinder(kinds.keySet(), problems).find(root, apiVersion, kindName)
                    ? kinds.get(kindName)
                    : null;
            if (kind == null) {
                return;
            }
            Span start = entrySpan(root, "kind");
            MetadataChecker metadataChecker = new MetadataChecker(problems, usualNamespace);
            problems.speakOf(metadataChecker
                    .peek(root)
                    .map(metadata -> new ResourceKey(kindName, metadata.namespace(), metadata.name())));
            MetadataChecker.Metadata metadata = metadataChecker.read(root, start);
            Schema schema = kind.schema();
            SchemaChecker checker = new SchemaChecker(schema, kindName, twins, problems);
            for (YamlNode.Entry entry : root.entries()) {
                if (!FIELDS.contains(entry.key())) {
                    checker.reportUnknown(entry, FIELDS);
                }
            }
            JsonNode spec = spec(root, schema, checker, start);
            if (spec == null || problems.errors() > errorsBefore) {
                return;
            }
            ObjectNode whole = JsonTree.NODES.objectNode();
            whole.set("metadata", JsonTree.NODES.objectNode().put("name", metadata.name()));
            whole.set("spec", spec);
            checker.checkRules(root, whole, schema, Place.ROOT, start);
            if (problems.errors() > errorsBefore) {
                return;
            }
            Object bound = bind(spec, kind, start);
            if (bound != null) {
                resources.add(new Declared<>(
                        new ResourceKey(kindName, metadata.namespace(), metadata.name()),
                        metadata.labels(),
                        metadata.annotations(),
                        bound,
                        CompactSourceMap.of(problems.file(), root)));
            }
        }

        private @Nullable JsonNode spec(YamlNode.Mapping root, Schema schema, SchemaChecker checker, Span start) {
            Schema specSchema = schema.properties().get("spec");
            if (specSchema == null) {
                throw new IllegalStateException("the definition has no spec");
            }
            YamlNode.Entry entry = root.entry("spec");
            boolean absent = entry == null || isNull(entry.value());
            if (absent && schema.required().contains("spec")) {
                problems.add(
                        DiagnosticCode.FIELD_MISSING,
                        FieldPath.of("spec"),
                        entry == null ? start : entry.keySpan(),
                        entry == null ? "spec is missing" : "spec has no value",
                        "",
                        "add what is wanted below spec:");
                return null;
            }
            YamlNode node = entry == null || isNull(entry.value())
                    ? new YamlNode.Mapping(start, 1, false, List.of())
                    : entry.value();
            return checker.check(node, specSchema, Place.ROOT.field("spec"), entry == null ? start : entry.keySpan());
        }

        private @Nullable Object bind(JsonNode spec, ResourceKind kind, Span start) {
            try {
                return mapper.treeToValue(spec, kind.spec());
            } catch (JsonProcessingException | IllegalArgumentException e) {
                String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
                problems.add(
                        DiagnosticCode.NOT_BOUND,
                        start,
                        "the resource can't be read: "
                                + Shown.plain(String.valueOf(message)
                                        .lines()
                                        .findFirst()
                                        .orElse("")),
                        "",
                        "");
                return null;
            }
        }
    }

    private static String text(YamlNode.Mapping mapping, String field) {
        return mapping.get(field) instanceof YamlNode.Scalar scalar && !isNull(scalar) ? scalar.text() : "";
    }

    static Span entrySpan(YamlNode.Mapping mapping, String field) {
        YamlNode.Entry entry = mapping.entry(field);
        return entry == null ? SchemaChecker.start(mapping) : entry.keySpan();
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof ScalarValue.Null;
    }
}
