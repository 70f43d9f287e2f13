package io.narthex.cli.print;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps credentials that stand in a user's file, where they don't belong, out of what is printed. */
final class Concealed {

    /** A key that names a credential, and all that is written after it, since it may hold any character; a mapping or a reference is none. */
    private static final Pattern CREDENTIAL = Pattern.compile(
            "(?:pass(?:word|wd|phrase)?|pwd|token|secret|credentials?|authorization|bearer|cookie"
                    + "|(?:access|private|secret|api|account)[-_]?key)"
                    // Without a quote before it, a colon alone is part of a text.
                    + "(?:[\"']\\s*:\\s*|\\s*:(?:\\s+|(?=[\"'])))[\"']?(?![{\\[&*|>#\\s])(\\S.*)",
            Pattern.CASE_INSENSITIVE);
    /** User and password before a URL's host. */
    private static final Pattern USER_INFO = Pattern.compile("://([^/\\s\"':]*+:[^/\\s\"']*)@");

    private Concealed() {}

    /**
     * Returns {@code line} as it may be shown beside {@code diagnostic}: credentials as stars, in the same columns; empty
     * where the line is about a credential.
     */
    static Optional<String> line(Diagnostic diagnostic, String line) {
        if (diagnostic.code() == DiagnosticCode.CREDENTIAL_INLINE) {
            return Optional.empty();
        }
        return Optional.of(stars(USER_INFO, stars(CREDENTIAL, line)));
    }

    private static String stars(Pattern pattern, String line) {
        return pattern.matcher(line).replaceAll(found -> {
            int before = found.start(1) - found.start();
            String hidden = found.group(1);
            // One star for each code point, so that the columns stay.
            String replaced = found.group().substring(0, before)
                    + "*".repeat(hidden.codePointCount(0, hidden.length()))
                    + found.group().substring(before + hidden.length());
            return Matcher.quoteReplacement(replaced);
        });
    }
}
