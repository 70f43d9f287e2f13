package io.narthex.compiler.model;

import java.util.Comparator;
import java.util.Optional;

/**
 * One thing to tell the user about an input: what is wrong, where, what is allowed and the remedy. Never holds a
 * secret.
 *
 * @param code the stable code
 * @param severity how much it matters; {@link DiagnosticCode#severity()} unless raised or lowered on purpose
 * @param resource the resource spoken of; empty where the input couldn't be read as one
 * @param field the field spoken of; the root for the whole resource
 * @param position the place in the file; empty where the input is no file
 * @param message what was found, a phrase without a capital or a full stop
 * @param allowed what is allowed there, short enough to stand beside a caret; may be empty
 * @param remedy what to do, an imperative phrase; may be empty
 */
public record Diagnostic(
        DiagnosticCode code,
        Severity severity,
        Optional<ResourceKey> resource,
        FieldPath field,
        Optional<Position> position,
        String message,
        String allowed,
        String remedy) {

    /** By place in the files, then by code: the order in which users read them, whatever order they were found in. */
    public static final Comparator<Diagnostic> ORDER = Comparator.comparing(
                    (Diagnostic d) -> d.position().map(Position::file).orElse(""))
            .thenComparing(d -> d.position().map(Position::line).orElse(0))
            .thenComparing(d -> d.position().map(Position::column).orElse(0))
            .thenComparing(d -> d.resource().map(ResourceKey::toString).orElse(""))
            .thenComparing(d -> d.code().id())
            .thenComparing(d -> d.field().toString())
            .thenComparing(Diagnostic::message);
}
