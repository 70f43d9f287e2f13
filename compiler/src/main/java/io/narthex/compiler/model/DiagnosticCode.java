package io.narthex.compiler.model;

import java.util.Locale;

/**
 * The stable codes of all diagnostics. A code is never given another meaning; one that is no longer used stays
 * reserved.
 *
 * <p>Each has a page, {@code diagnostics/NXnnnn.md} among this module's resources, from which {@code
 * docs/diagnostics.md} and {@code narthex explain} are made.
 */
public enum DiagnosticCode {
    // NX1000-1099: files and YAML.
    /** The file holds something else than text. */
    FILE_NOT_TEXT(1001, Severity.ERROR, "the file is not text"),
    /** The file's bytes are not UTF-8. */
    FILE_NOT_UTF8(1002, Severity.ERROR, "the file is not UTF-8"),
    /** The file holds no resource. */
    FILE_EMPTY(1003, Severity.WARNING, "the file holds no resource"),
    /** A line is indented with tabs. */
    TAB_INDENTATION(1004, Severity.ERROR, "tabs indent a line"),
    /** The text is not YAML. */
    YAML_SYNTAX(1005, Severity.ERROR, "the text is not YAML"),
    /** A mapping holds the same key twice. */
    DUPLICATE_KEY(1006, Severity.ERROR, "a key is set twice"),
    /** An alias names no anchor. */
    ALIAS_UNKNOWN(1007, Severity.ERROR, "an alias names no anchor"),
    /** The aliases of a file would make too much of it. */
    ALIASES_EXPAND(1008, Severity.ERROR, "aliases expand to too much"),
    /** Mappings and lists nest too deeply. */
    NESTED_TOO_DEEPLY(1009, Severity.ERROR, "the nesting is too deep"),
    /** A control character stands in the text. */
    CONTROL_CHARACTER(1010, Severity.ERROR, "a control character stands in the text"),
    /** An invisible character makes the text look other than it is. */
    HIDDEN_CHARACTER(1011, Severity.ERROR, "a hidden character stands in the text"),
    /** The text is a template for YAML. */
    TEMPLATE_BRACES(1012, Severity.ERROR, "template braces stand in the text"),
    /** A key is no text. */
    KEY_NOT_TEXT(1013, Severity.ERROR, "a key is not a text"),
    /** A YAML tag can't be applied. */
    YAML_TAG(1014, Severity.ERROR, "a YAML tag can't be applied"),
    /** More problems than are shown. */
    TOO_MANY_PROBLEMS(1015, Severity.INFO, "not all problems are shown"),
    /** The file is larger than what is read. */
    FILE_TOO_LARGE(1052, Severity.ERROR, "the file is too large"),

    // NX1100-1199: a resource's shape: kinds, fields, types, what the schema allows.
    /** A document is a list or a single value. */
    NOT_A_RESOURCE(1101, Severity.ERROR, "the document is no resource"),
    /** A document lacks apiVersion or kind. */
    KIND_MISSING(1102, Severity.ERROR, "apiVersion or kind is missing"),
    /** The apiVersion isn't one that Narthex has. */
    API_VERSION_UNKNOWN(1103, Severity.ERROR, "the apiVersion is unknown"),
    /** The kind isn't one that Narthex has. */
    KIND_UNKNOWN(1104, Severity.ERROR, "the kind is unknown"),
    /** The kind is one of monitoring.coreos.com. */
    KIND_NOT_READ(1105, Severity.ERROR, "the kind isn't read yet"),
    /** The kind belongs to somebody else. */
    KIND_FOREIGN(1106, Severity.WARNING, "the kind belongs to another program"),
    /** A field isn't in the schema. */
    FIELD_UNKNOWN(1107, Severity.ERROR, "the field is unknown"),
    /** A value has another type than its field. */
    TYPE_WRONG(1108, Severity.ERROR, "the value has the wrong type"),
    /** A field that must be there isn't. */
    FIELD_MISSING(1109, Severity.ERROR, "a required field is missing"),
    /** A value isn't among those allowed. */
    VALUE_NOT_ALLOWED(1110, Severity.ERROR, "the value is not among those allowed"),
    /** A text hasn't the form that its field asks for. */
    TEXT_FORM(1111, Severity.ERROR, "the text has the wrong form"),
    /** A text is too short or too long. */
    TEXT_LENGTH(1112, Severity.ERROR, "the text has the wrong length"),
    /** A list or a map has too few or too many elements. */
    COUNT_OUT_OF_RANGE(1113, Severity.ERROR, "there are too few or too many elements"),
    /** A number is too small or too large. */
    NUMBER_OUT_OF_RANGE(1114, Severity.ERROR, "the number is out of range"),
    /** Two elements of a list are the same, or have the same name. */
    ENTRY_DUPLICATE(1115, Severity.ERROR, "an element of a list appears twice"),
    /** A field is named but given no value. */
    VALUE_ABSENT(1116, Severity.WARNING, "a field has no value"),
    /** The resource has no name. */
    NAME_MISSING(1117, Severity.ERROR, "the resource has no name"),
    /** The name of the resource or its namespace isn't one that Kubernetes allows. */
    NAME_INVALID(1118, Severity.ERROR, "the name is not allowed"),
    /** A label or an annotation isn't one that Kubernetes allows. */
    LABEL_INVALID(1119, Severity.ERROR, "a label or annotation is not allowed"),
    /** A text that YAML reads as a number or a boolean, for want of quotes. */
    QUOTES_MISSING(1120, Severity.ERROR, "a text lacks quotes"),
    /** Fields contradict each other, or one needs another. */
    RULE_BROKEN(1121, Severity.ERROR, "the fields don't fit together"),
    /** The resource fits its schema but can't be read all the same. */
    NOT_BOUND(1122, Severity.ERROR, "the resource can't be read"),

    // NX1200-1299: Monitors.
    /** An endpoint's timeout is longer than its interval. */
    TIMEOUT_EXCEEDS_INTERVAL(1204, Severity.ERROR, "timeout is longer than the interval"),

    // NX1300-1399: PrometheusServers.

    // NX1400-1499: RuleSets.

    // NX1500-1599: credentials and trust.
    /** A credential stands in the resource itself. The line that holds it must never be shown. */
    CREDENTIAL_INLINE(1520, Severity.ERROR, "a credential stands in the resource"),

    // NX1600-1699: what the version of Prometheus can't do.

    // NX2000-2999: rolling out.

    // NX3000-3999: targets, as Prometheus reports them.
    /** A target answers 400: for a Django application its ALLOWED_HOSTS. */
    TARGET_BAD_REQUEST(3101, Severity.WARNING, "the target answers HTTP 400");

    // NX4000-4999: the environment: programs, ports, access.

    private final String id;
    private final Severity severity;
    private final String title;

    DiagnosticCode(int number, Severity severity, String title) {
        this.id = String.format(Locale.ROOT, "NX%04d", number);
        this.severity = severity;
        this.title = title;
    }

    /** Returns the code as users see it, such as {@code NX1204}. */
    public String id() {
        return id;
    }

    /** Returns the usual severity. */
    public Severity severity() {
        return severity;
    }

    /** Returns what the code means in a few words, without a capital or a full stop. */
    public String title() {
        return title;
    }
}
