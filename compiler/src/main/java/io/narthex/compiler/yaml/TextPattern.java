package io.narthex.compiler.yaml;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/** A regular expression of a schema: RE2's syntax, as in the API server, compiled when first needed. */
final class TextPattern {

    private final String expression;
    /** Compiling twice does no harm, so no lock. */
    private volatile @Nullable Pattern compiled;

    TextPattern(String expression) {
        this.expression = expression;
    }

    String expression() {
        return expression;
    }

    /** Returns whether some part of {@code text} matches; anchors in the expression make it the whole. */
    boolean admits(String text) {
        Pattern pattern = compiled;
        if (pattern == null) {
            pattern = Pattern.compile(expression);
            compiled = pattern;
        }
        return pattern.matcher(text).find();
    }
}
