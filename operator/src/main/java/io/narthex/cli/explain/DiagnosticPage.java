package io.narthex.cli.explain;

import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What the manual says of a diagnostic: a page of Markdown among the compiler's resources.
 *
 * @param code the code that it explains
 * @param text the page, whose first line is {@code # NXnnnn title}
 */
public record DiagnosticPage(DiagnosticCode code, String text) {

    /** Where the pages lie on the class path. */
    static final String FOLDER = "/io/narthex/compiler/diagnostics/";

    /** Returns the page of {@code code}; empty where there is none, which the tests don't let happen. */
    public static Optional<DiagnosticPage> of(DiagnosticCode code) {
        try (InputStream in = DiagnosticCode.class.getResourceAsStream(FOLDER + code.id() + ".md")) {
            return in == null
                    ? Optional.empty()
                    : Optional.of(new DiagnosticPage(code, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the code that {@code text} names in whatever case; empty for none. */
    static Optional<DiagnosticCode> codeOf(String text) {
        String id = text.toUpperCase(Locale.ROOT);
        for (DiagnosticCode code : DiagnosticCode.values()) {
            if (code.id().equals(id)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }

    /** Returns the page without its first line. */
    String body() {
        int end = text.indexOf('\n');
        return end < 0 ? "" : text.substring(end + 1).strip();
    }
}
