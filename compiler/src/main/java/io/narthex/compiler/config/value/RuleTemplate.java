package io.narthex.compiler.config.value;

import java.util.Optional;
import java.util.Set;

/**
 * The cheap part of checking a rule's label or annotation, which is a template of Go's {@code text/template}
 * (Prometheus documentation, "Template reference"): that its actions are closed and its blocks end. Functions and
 * variables are Prometheus's own business.
 */
public final class RuleTemplate {

    private static final Set<String> OPENING = Set.of("if", "range", "with", "define", "block");

    private RuleTemplate() {}

    /** Returns what is wrong with the template, if anything is seen. */
    public static Optional<Problem> problem(String template) {
        int open = 0;
        String lastOpened = "";
        int at = template.indexOf("{{");
        while (at >= 0) {
            if (template.startsWith("/*", skipTrim(template, at + 2))) {
                int end = template.indexOf("*/", at);
                int close = end < 0 ? -1 : skipTrim(template, end + 2);
                if (end < 0 || !template.startsWith("}}", close)) {
                    return bad("has a comment that isn't closed", "close it with */}}");
                }
                at = template.indexOf("{{", close + 2);
                continue;
            }
            int end = actionEnd(template, at + 2);
            if (end < 0) {
                return bad("has {{ without }}", "close the action with }}, or write {{ \"{{\" }} for the characters");
            }
            String word = firstWord(template, skipTrim(template, at + 2), end);
            if (OPENING.contains(word)) {
                open++;
                lastOpened = word;
            } else if (word.equals("end")) {
                open--;
                if (open < 0) {
                    return bad("has {{ end }} without a beginning", "remove it");
                }
            }
            at = template.indexOf("{{", end + 2);
        }
        return open > 0 ? bad("has {{ " + lastOpened + " }} without {{ end }}", "add {{ end }}") : Optional.empty();
    }

    /**
     * Returns whether a template in which nothing wrong is seen may use this function: whether its name stands in an
     * action, outside of strings and comments.
     *
     * @param template the template
     * @param function the function's name, of letters
     */
    public static boolean mentions(String template, String function) {
        int at = template.indexOf("{{");
        while (at >= 0) {
            int end;
            if (template.startsWith("/*", skipTrim(template, at + 2))) {
                end = template.indexOf("*/", at);
            } else {
                end = actionEnd(template, at + 2);
                if (end >= 0 && hasWord(template, at + 2, end, function)) {
                    return true;
                }
            }
            if (end < 0) {
                return true;
            }
            at = template.indexOf("{{", end + 2);
        }
        return false;
    }

    private static boolean hasWord(String template, int from, int to, String word) {
        for (int i = from; i < to; i++) {
            char c = template.charAt(i);
            if (isQuote(c)) {
                i = stringEnd(template, i);
            } else if (isWordPart(c)) {
                int start = i;
                while (i + 1 < to && isWordPart(template.charAt(i + 1))) {
                    i++;
                }
                if (template.substring(start, i + 1).equals(word)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isWordPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    /** Returns where the quote stands that closes the one at {@code open}; the text's length where none does. */
    private static int stringEnd(String template, int open) {
        char quote = template.charAt(open);
        int i = open + 1;
        while (i < template.length() && template.charAt(i) != quote) {
            i += quote != '`' && template.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i, template.length());
    }

    private static Optional<Problem> bad(String what, String remedy) {
        return Optional.of(new Problem("the template " + what, "a template of Go's text/template", remedy));
    }

    private static int skipTrim(String template, int at) {
        int i = at;
        while (i < template.length() && (Character.isWhitespace(template.charAt(i)) || template.charAt(i) == '-')) {
            i++;
        }
        return i;
    }

    private static String firstWord(String template, int from, int to) {
        int end = from;
        while (end < to && Character.isLetter(template.charAt(end))) {
            end++;
        }
        return from < end ? template.substring(from, end) : "";
    }

    /** Returns where the action's {@code }}} stands, outside of its strings; negative where it doesn't end. */
    private static int actionEnd(String template, int from) {
        for (int i = from; i < template.length(); i++) {
            char c = template.charAt(i);
            if (template.startsWith("}}", i)) {
                return i;
            }
            if (isQuote(c)) {
                i = stringEnd(template, i);
            }
        }
        return -1;
    }
}
