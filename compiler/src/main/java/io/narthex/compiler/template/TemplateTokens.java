package io.narthex.compiler.template;

import io.narthex.compiler.config.value.Quoting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tokens of a template's actions, as Go reads them (the sources of {@code text/template}, {@code parse/lex.go}). What
 * stands between the actions, and comments, are left out.
 */
final class TemplateTokens {

    /** What a token is. */
    enum Kind {
        /** The two braces that begin an action. */
        LEFT,
        /** The two braces that end an action. */
        RIGHT,
        /** A word that begins an action or ends a block, such as {@code range}. */
        KEYWORD,
        /** The name of a function. */
        WORD,
        /** A variable with its dollar sign. */
        VARIABLE,
        /** A field with its dot. */
        FIELD,
        /** A dot alone, a number, a character, {@code true}, {@code false} or {@code nil}. */
        CONSTANT,
        /** A string with its quotes. */
        STRING,
        /** An opening parenthesis. */
        OPEN,
        /** A closing parenthesis. */
        CLOSE,
        /** A pipe. */
        PIPE,
        /** {@code =} or {@code :=}. */
        ASSIGN,
        /** Any other sign, which only a comma may be. */
        SIGN,
        /** The end of the template. */
        END
    }

    /**
     * A token.
     *
     * @param kind what it is
     * @param text how it is written
     * @param spaced whether white space stands before it
     */
    record Token(Kind kind, String text, boolean spaced) {

        boolean is(Kind other) {
            return kind == other;
        }

        boolean isKeyword(String word) {
            return kind == Kind.KEYWORD && text.equals(word);
        }

        boolean beginsTerm() {
            return switch (kind) {
                case WORD, VARIABLE, FIELD, CONSTANT, STRING, OPEN -> true;
                case LEFT, RIGHT, KEYWORD, CLOSE, PIPE, ASSIGN, SIGN, END -> false;
            };
        }
    }

    private static final Set<String> KEYWORDS =
            Set.of("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");
    private static final Set<String> CONSTANTS = Set.of("true", "false", "nil");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?+(?>0[xX][0-9a-fA-F_]*+(?>\\.[0-9a-fA-F_]*+)?+(?>[pP][+-]?+[0-9_]*+)?+"
                    + "|0[oO][0-7_]*+(?>\\.[0-7_]*+)?+|0[bB][01_]*+(?>\\.[01_]*+)?+"
                    + "|[0-9_]*+(?>\\.[0-9_]*+)?+(?>[eE][+-]?+[0-9_]*+)?+)i?+");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean spaced;
    private int parentheses;
    private int deepest;

    private TemplateTokens(String text) {
        this.text = text;
    }

    /** Returns the tokens of a template, of which the last is its end. */
    static TemplateTokens of(String template) throws MalformedTemplate {
        TemplateTokens tokens = new TemplateTokens(template);
        tokens.read();
        return tokens;
    }

    List<Token> list() {
        return tokens;
    }

    /** Returns how deep parentheses lie in each other. */
    int deepest() {
        return deepest;
    }

    private void read() throws MalformedTemplate {
        int left = text.indexOf("{{");
        while (left >= 0) {
            at = left + 2;
            if (at + 1 < text.length() && text.charAt(at) == '-' && isSpace(text.charAt(at + 1))) {
                at += 2;
            }
            if (text.startsWith("/*", at)) {
                comment();
            } else {
                action();
            }
            left = text.indexOf("{{", at);
        }
        spaced = false;
        add(Kind.END, "");
    }

    private void comment() throws MalformedTemplate {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
            throw new MalformedTemplate("has a comment that isn't closed", "close it with */}}");
        }
        at = end + 2;
        int right = right();
        if (right < 0) {
            throw new MalformedTemplate("has something between a comment's */ and }}", "close the comment with */}}");
        }
        at = right;
    }

    private void action() throws MalformedTemplate {
        parentheses = 0;
        add(Kind.LEFT, "{{");
        while (true) {
            int right = right();
            if (right >= 0) {
                at = right;
                if (parentheses > 0) {
                    throw new MalformedTemplate("has ( without )", "close the parenthesis before }}");
                }
                add(Kind.RIGHT, "}}");
                return;
            }
            if (at >= text.length()) {
                throw new MalformedTemplate(
                        "has {{ without }}", "close the action with }}, or write {{ \"{{\" }} for the characters");
            }
            if (isSpace(text.charAt(at))) {
                at++;
                spaced = true;
            } else {
                token();
            }
        }
    }

    /** Returns where the action's end before which {@link #at} stands is over; negative where it stands before none. */
    private int right() {
        if (text.startsWith("}}", at)) {
            return at + 2;
        }
        return at < text.length() && isSpace(text.charAt(at)) && text.startsWith("-}}", at + 1) ? at + 4 : -1;
    }

    private void token() throws MalformedTemplate {
        int start = at;
        int point = text.codePointAt(at);
        switch (point) {
            case '=' -> sign(Kind.ASSIGN);
            case '|' -> sign(Kind.PIPE);
            case '(' -> {
                deepest = Math.max(deepest, ++parentheses);
                sign(Kind.OPEN);
            }
            case ')' -> {
                if (--parentheses < 0) {
                    throw new MalformedTemplate("has ) without (", "remove it");
                }
                sign(Kind.CLOSE);
            }
            case ':' -> {
                if (!text.startsWith("=", at + 1)) {
                    throw unreadable(":");
                }
                at += 2;
                add(Kind.ASSIGN, ":=");
            }
            case '"', '\'' -> {
                quoted((char) point);
                String token = text.substring(start, at);
                if (point == '\'' && token.indexOf('\\') < 0 && token.codePointCount(0, token.length()) != 3) {
                    throw new MalformedTemplate(
                            "has " + Quoting.quote(token) + ", which is no single character",
                            "put texts between double quotes or backquotes");
                }
                add(point == '"' ? Kind.STRING : Kind.CONSTANT, token);
            }
            case '`' -> {
                int end = text.indexOf('`', at + 1);
                if (end < 0) {
                    throw new MalformedTemplate("has a string that isn't closed", "close it with `");
                }
                at = end + 1;
                add(Kind.STRING, text.substring(start, at));
            }
            case '$' -> {
                at++;
                word();
                add(Kind.VARIABLE, text.substring(start, at));
            }
            default -> other(start, point);
        }
    }

    private void other(int start, int point) throws MalformedTemplate {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : '0';
        if (point == '.' && !isDigit(next)) {
            at++;
            word();
            add(at == start + 1 ? Kind.CONSTANT : Kind.FIELD, text.substring(start, at));
        } else if (point == '.' || point == '+' || point == '-' || isDigit(point)) {
            number();
            add(Kind.CONSTANT, text.substring(start, at));
        } else if (isWordPart(point)) {
            word();
            String word = text.substring(start, at);
            add(KEYWORDS.contains(word) ? Kind.KEYWORD : CONSTANTS.contains(word) ? Kind.CONSTANT : Kind.WORD, word);
        } else if (point > ' ' && point < 0x7f) {
            sign(Kind.SIGN);
        } else {
            throw unreadable(Character.toString(point));
        }
    }

    private void sign(Kind kind) {
        at++;
        add(kind, text.substring(at - 1, at));
    }

    private void add(Kind kind, String token) {
        tokens.add(new Token(kind, token, spaced));
        spaced = false;
    }

    /** Goes behind a word, which only some characters may follow. */
    private void word() throws MalformedTemplate {
        while (at < text.length() && isWordPart(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        if (at < text.length()
                && !isSpace(text.charAt(at))
                && ".,|:)(".indexOf(text.charAt(at)) < 0
                && !text.startsWith("}}", at)) {
            throw unreadable(Character.toString(text.codePointAt(at)));
        }
    }

    private void number() throws MalformedTemplate {
        int start = at;
        scanNumber(start);
        if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            scanNumber(start);
            if (text.charAt(at - 1) != 'i') {
                throw noNumber(start);
            }
        }
    }

    private void scanNumber(int start) throws MalformedTemplate {
        Matcher matcher = NUMBER.matcher(text).region(at, text.length());
        at = matcher.lookingAt() ? matcher.end() : at;
        if (at < text.length() && isWordPart(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
            throw noNumber(start);
        }
        if (text.substring(start, at).chars().noneMatch(TemplateTokens::isDigit)) {
            throw noNumber(start);
        }
    }

    private MalformedTemplate noNumber(int start) {
        return new MalformedTemplate(
                "has " + Quoting.quote(text.substring(start, at)) + ", which is no number",
                "put names and texts into quotes, and have PromQL calculate");
    }

    /** Goes behind a string or a character in quotes, in whose text a backslash begins one of Go's escapes. */
    private void quoted(char quote) throws MalformedTemplate {
        at++;
        while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
            if (text.charAt(at) != '\\') {
                at++;
            } else if (at + 1 >= text.length() || text.charAt(at + 1) == '\n') {
                break;
            } else {
                escape(quote);
            }
        }
        if (at >= text.length() || text.charAt(at) != quote) {
            throw new MalformedTemplate("has a string that isn't closed on its line", "close it with " + quote);
        }
        at++;
    }

    private void escape(char quote) throws MalformedTemplate {
        char escaped = text.charAt(at + 1);
        if (quote == '"' && "abfnrtv\\\"xuU01234567".indexOf(escaped) < 0) {
            throw new MalformedTemplate(
                    "has a string with " + Quoting.quote("\\" + escaped) + ", which is no escape of Go's",
                    "double the backslash, or put the string between backquotes");
        }
        at += 2;
    }

    private static MalformedTemplate unreadable(String character) {
        return new MalformedTemplate(
                "has the character " + Quoting.quote(character) + " where none can be",
                "put texts into quotes, and space between words");
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isDigit(int point) {
        return point >= '0' && point <= '9';
    }

    private static boolean isWordPart(int point) {
        return point == '_' || Character.isLetterOrDigit(point);
    }
}
