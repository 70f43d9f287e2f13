package io.narthex.prometheus;

import io.narthex.compiler.model.QueryVerdict;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Prometheus's parser says against an expression: {@code 1:5: parse error: unexpected end of input}
 * (promql/parser, {@code ParseErr.Error}).
 */
public final class QueryErrors {

    private static final Pattern WORDS = Pattern.compile(
            "(?:(?:(\\d{1,9}):(\\d{1,9})|(?:unknown|invalid) position): )?(?:parse error: )?(.*)", Pattern.DOTALL);

    private QueryErrors() {}

    /**
     * Returns what is meant.
     *
     * @param query the expression
     * @param words what the parser says
     */
    public static QueryVerdict.Refused read(String query, String words) {
        Matcher error = WORDS.matcher(words);
        return error.matches()
                ? new QueryVerdict.Refused(Transport.oneLine(String.valueOf(error.group(3))), place(query, error))
                : new QueryVerdict.Refused(Transport.oneLine(words), Optional.empty());
    }

    private static Optional<QueryVerdict.Place> place(String query, Matcher error) {
        if (error.group(1) == null) {
            return Optional.empty();
        }
        int line = Integer.parseInt(error.group(1));
        int column = Integer.parseInt(error.group(2));
        String[] lines = query.split("\n", -1);
        String text = line >= 1 && line <= lines.length ? lines[line - 1] : "";
        // Prometheus counts bytes.
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String before = new String(bytes, 0, Math.clamp(column - 1L, 0, bytes.length), StandardCharsets.UTF_8);
        return Optional.of(new QueryVerdict.Place(Math.max(1, line), before.codePointCount(0, before.length()) + 1));
    }
}
