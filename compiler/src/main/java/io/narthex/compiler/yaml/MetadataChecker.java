package io.narthex.compiler.yaml;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a resource's {@code metadata} by the API server's rules for names, labels and annotations. */
final class MetadataChecker {

    /** The namespace of resources that name none. */
    static final String DEFAULT_NAMESPACE = "default";

    /** The fields of Kubernetes' ObjectMeta; most are the cluster's to fill in, and mean nothing in a file. */
    private static final Set<String> FIELDS = Set.of(
            "annotations",
            "creationTimestamp",
            "deletionGracePeriodSeconds",
            "deletionTimestamp",
            "finalizers",
            "generateName",
            "generation",
            "labels",
            "managedFields",
            "name",
            "namespace",
            "ownerReferences",
            "resourceVersion",
            "selfLink",
            "uid");

    private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern NAMESPACE = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_FORM =
            Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?" + "(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*+");
    private static final Pattern QUALIFIED = Pattern.compile("[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private static final int NAME_LENGTH = 253;
    private static final int ANNOTATIONS_SIZE = 256 * 1024;

    private final Problems problems;
    private final String usualNamespace;

    /**
     * Makes a checker.
     *
     * @param problems takes what is wrong
     * @param usualNamespace the namespace of resources that name none
     */
    MetadataChecker(Problems problems, String usualNamespace) {
        this.problems = problems;
        this.usualNamespace = usualNamespace;
    }

    /**
     * What the metadata says.
     *
     * @param namespace the namespace
     * @param name the name; empty where a problem was reported
     * @param labels the labels
     * @param annotations the annotations
     */
    record Metadata(String namespace, String name, Map<String, String> labels, Map<String, String> annotations) {}

    /** Reads the name and the namespace only, without reporting anything; empty where there is no usable name. */
    Optional<Metadata> peek(YamlNode.Mapping resource) {
        if (resource.get("metadata") instanceof YamlNode.Mapping metadata
                && metadata.get("name") instanceof YamlNode.Scalar name
                && isName(name.text())) {
            String namespace = metadata.get("namespace") instanceof YamlNode.Scalar scalar
                            && NAMESPACE.matcher(scalar.text()).matches()
                    ? scalar.text()
                    : usualNamespace;
            return Optional.of(new Metadata(namespace, name.text(), Map.of(), Map.of()));
        }
        return Optional.empty();
    }

    private static boolean isName(String text) {
        return text.length() <= NAME_LENGTH && SUBDOMAIN_FORM.matcher(text).matches();
    }

    /**
     * Reads the metadata of {@code resource}.
     *
     * @param span where to report that there is none
     */
    Metadata read(YamlNode.Mapping resource, Span span) {
        FieldPath path = FieldPath.of("metadata");
        YamlNode.Entry entry = resource.entry("metadata");
        if (entry == null || isNull(entry.value())) {
            problems.add(
                    DiagnosticCode.NAME_MISSING,
                    path.field("name"),
                    entry == null ? span : entry.keySpan(),
                    "the resource has no name",
                    "",
                    "add metadata: {name: ...}");
            return new Metadata(usualNamespace, "", Map.of(), Map.of());
        }
        if (!(entry.value() instanceof YamlNode.Mapping metadata)) {
            problems.add(
                    DiagnosticCode.TYPE_WRONG,
                    path,
                    entry.value().span(),
                    "metadata is no mapping",
                    "a mapping",
                    "write metadata: {name: ...}");
            return new Metadata(usualNamespace, "", Map.of(), Map.of());
        }
        for (YamlNode.Entry field : metadata.entries()) {
            if (!FIELDS.contains(field.key())) {
                problems.add(
                        DiagnosticCode.FIELD_UNKNOWN,
                        path.field(field.key()),
                        field.keySpan(),
                        "unknown field " + Shown.plain(field.key()),
                        "",
                        Nearest.of(field.key(), FIELDS)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("delete it, or write it below labels or annotations"));
            }
        }
        return new Metadata(
                namespace(metadata, path),
                name(metadata, path, entry.keySpan()),
                texts(metadata, path, "labels", true),
                texts(metadata, path, "annotations", false));
    }

    private String name(YamlNode.Mapping metadata, FieldPath path, Span span) {
        YamlNode.Entry entry = metadata.entry("name");
        if (entry == null || isNull(entry.value())) {
            YamlNode.Entry generate = metadata.entry("generateName");
            problems.add(
                    DiagnosticCode.NAME_MISSING,
                    path.field("name"),
                    entry != null ? entry.keySpan() : generate != null ? generate.keySpan() : span,
                    generate == null ? "the resource has no name" : "generateName makes a new name each time",
                    "",
                    "add name: ... below metadata");
            return "";
        }
        String name = text(entry, path.field("name"));
        if (name == null) {
            return "";
        }
        if (!isName(name)) {
            String proposal = proposal(name);
            problems.add(
                    DiagnosticCode.NAME_INVALID,
                    path.field("name"),
                    entry.value().span(),
                    name.isEmpty()
                            ? "the name is empty"
                            : name.length() > NAME_LENGTH
                                    ? "the name has " + name.length() + " characters"
                                    : Shown.quoted(name) + " can't be a resource's name",
                    name.length() > NAME_LENGTH ? "at most " + NAME_LENGTH : "a-z, 0-9 and, between them, - and .",
                    proposal.isEmpty() ? "" : "write " + proposal);
            return "";
        }
        return name;
    }

    /** Returns a valid name that looks like {@code name}; empty where none comes to mind. */
    private static String proposal(String name) {
        String like = name.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("[-.]*\\.[-.]*", ".")
                .replaceAll("^[-.]+|[-.]+$", "");
        return like.length() <= 63 && isName(like) ? like : "";
    }

    private String namespace(YamlNode.Mapping metadata, FieldPath path) {
        YamlNode.Entry entry = metadata.entry("namespace");
        if (entry == null || isNull(entry.value())) {
            return usualNamespace;
        }
        String namespace = text(entry, path.field("namespace"));
        if (namespace == null) {
            return usualNamespace;
        }
        if (namespace.isEmpty()) {
            return usualNamespace;
        }
        if (!NAMESPACE.matcher(namespace).matches()) {
            problems.add(
                    DiagnosticCode.NAME_INVALID,
                    path.field("namespace"),
                    entry.value().span(),
                    Shown.quoted(namespace) + " can't be a namespace's name",
                    "a-z, 0-9 and, between them, -; at most 63",
                    "");
            return usualNamespace;
        }
        return namespace;
    }

    private Map<String, String> texts(YamlNode.Mapping metadata, FieldPath path, String field, boolean labels) {
        YamlNode.Entry entry = metadata.entry(field);
        if (entry == null || isNull(entry.value())) {
            return Map.of();
        }
        FieldPath below = path.field(field);
        if (!(entry.value() instanceof YamlNode.Mapping mapping)) {
            problems.add(
                    DiagnosticCode.TYPE_WRONG,
                    below,
                    entry.value().span(),
                    field + " is no mapping",
                    "a mapping of texts",
                    "write " + field + ": {key: value}");
            return Map.of();
        }
        Map<String, String> values = new LinkedHashMap<>();
        long size = 0;
        for (YamlNode.Entry item : mapping.entries()) {
            FieldPath at = below.field(item.key());
            checkKey(item, at, labels);
            String value = isNull(item.value()) ? "" : text(item, at);
            if (value == null) {
                continue;
            }
            if (labels && !value.isEmpty() && !QUALIFIED.matcher(value).matches()) {
                problems.add(
                        DiagnosticCode.LABEL_INVALID,
                        at,
                        item.value().span(),
                        Shown.quoted(value) + " can't be a label's value",
                        "letters, digits and, between them, - _ .; at most 63",
                        "write it as an annotation if it is meant for people");
            }
            size += item.key().getBytes(StandardCharsets.UTF_8).length
                    + (long) value.getBytes(StandardCharsets.UTF_8).length;
            values.put(item.key(), value);
        }
        if (!labels && size > ANNOTATIONS_SIZE) {
            problems.add(
                    DiagnosticCode.LABEL_INVALID,
                    below,
                    entry.keySpan(),
                    "the annotations have " + size + " bytes",
                    "at most " + ANNOTATIONS_SIZE,
                    "");
        }
        return values;
    }

    private void checkKey(YamlNode.Entry item, FieldPath at, boolean labels) {
        String key = labels ? item.key() : item.key().toLowerCase(Locale.ROOT);
        int slash = key.indexOf('/');
        boolean prefixFits = slash < 0 || isName(key.substring(0, slash));
        if (!prefixFits || !QUALIFIED.matcher(key.substring(slash + 1)).matches()) {
            problems.add(
                    DiagnosticCode.LABEL_INVALID,
                    at,
                    item.keySpan(),
                    Shown.quoted(item.key()) + " can't be " + (labels ? "a label's" : "an annotation's") + " key",
                    "NAME or DOMAIN/NAME of letters, digits and, between them, - _ .",
                    "");
        }
    }

    /** Returns an entry's text; null, with the problem reported, where its value is none. */
    private @Nullable String text(YamlNode.Entry entry, FieldPath at) {
        if (entry.value() instanceof YamlNode.Scalar scalar) {
            if (scalar.value() instanceof ScalarValue.Text(String text)) {
                return text;
            }
            problems.add(
                    DiagnosticCode.QUOTES_MISSING,
                    at,
                    scalar.span(),
                    Shown.plain(scalar.text()) + " is read as " + scalar.value().words() + " without quotes",
                    "a text",
                    "write " + Shown.quoted(scalar.text()));
            return null;
        }
        problems.add(
                DiagnosticCode.TYPE_WRONG,
                at,
                SchemaChecker.start(entry.value()),
                "found " + (entry.value() instanceof YamlNode.Mapping ? "a mapping" : "a list") + " instead of a text",
                "a text",
                "");
        return null;
    }

    private static boolean isNull(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.value() instanceof ScalarValue.Null;
    }
}
