package io.narthex.compiler.config;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import java.util.Optional;

/**
 * Something that was asked for and that the release of Prometheus lacks, or does in a way that had to be avoided.
 *
 * @param kind what it is
 * @param path the place inside the rendered fragment, as in {@link ConfigLine}
 * @param field the field
 * @param value the value, for {@link Kind#VALUE_LEFT_OUT} and {@link Kind#VALUE_REFUSED}; else empty
 * @param gate the releases that have it
 * @param version the release that was rendered for
 */
public record Finding(Kind kind, String path, ConfigField field, String value, Gate gate, PrometheusVersion version) {

    /** What became of it. */
    public enum Kind {
        /** The release lacks the field; it was left out. */
        FIELD_LEFT_OUT,
        /** The release has the field but not this value of it; it was left out. */
        VALUE_LEFT_OUT,
        /** The release lacks the field, and what was asked for can't do without: the fragment must not be used. */
        FIELD_REFUSED,
        /** The release has the field but not this value of it: the fragment must not be used. */
        VALUE_REFUSED,
        /** The release would send the credentials wherever a redirect leads; redirects are not followed. */
        REDIRECTS_NOT_FOLLOWED
    }

    /**
     * Returns it in words for the user.
     *
     * @param resource the resource that asked for it
     * @param at the field of the resource that asked for it
     * @param source where that resource's fields stand
     */
    public Diagnostic toDiagnostic(ResourceKey resource, FieldPath at, SourceMap source) {
        DiagnosticCode code = switch (kind) {
            case FIELD_LEFT_OUT -> DiagnosticCode.FIELD_NOT_IN_VERSION;
            case VALUE_LEFT_OUT -> DiagnosticCode.VALUE_NOT_IN_VERSION;
            case FIELD_REFUSED, VALUE_REFUSED -> DiagnosticCode.NEEDED_NOT_IN_VERSION;
            case REDIRECTS_NOT_FOLLOWED -> DiagnosticCode.REDIRECTS_NOT_FOLLOWED;
        };
        String release = "Prometheus " + Gate.name(version);
        String message = switch (kind) {
            case FIELD_LEFT_OUT -> release + " has no " + field.key() + "; it is left out";
            case VALUE_LEFT_OUT -> release + " has no value " + value + " for " + field.key() + "; it is left out";
            case FIELD_REFUSED -> release + " has no " + field.key() + ", which can't be left out";
            case VALUE_REFUSED ->
                release + " has no value " + value + " for " + field.key() + ", which can't be left out";
            case REDIRECTS_NOT_FOLLOWED ->
                release + " sends credentials wherever a redirect leads; redirects are not followed";
        };
        String remedy = switch (kind) {
            case FIELD_LEFT_OUT, VALUE_LEFT_OUT, FIELD_REFUSED, VALUE_REFUSED -> gate.remedy();
            case REDIRECTS_NOT_FOLLOWED -> "run Prometheus 3.13 or later, or set followRedirects to say which you want";
        };
        return new Diagnostic(
                code,
                code.severity(),
                Optional.of(resource),
                at,
                source.locate(at),
                message,
                kind == Kind.REDIRECTS_NOT_FOLLOWED ? "" : "Prometheus " + gate,
                remedy);
    }
}
