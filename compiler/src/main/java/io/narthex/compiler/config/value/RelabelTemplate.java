package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text that relabeling writes, with references to the regular expression's groups: {@code $1}, {@code ${1}}, {@code
 * ${name}}; {@code $$} is a dollar sign (Prometheus documentation, "Configuration", "relabel_config"; the rules are
 * those of Go's {@code Regexp.Expand}).
 *
 * @param text the template as written
 * @param references the groups that it refers to, by number or name, in order
 */
public record RelabelTemplate(String text, List<String> references) {

    public RelabelTemplate {
        references = List.copyOf(references);
    }

    /** Reads a template; any text is one: a dollar sign that starts no reference stands for itself. */
    public static RelabelTemplate of(String text) {
        List<String> references = new ArrayList<>();
        int at = text.indexOf('$');
        while (at >= 0 && at + 1 < text.length()) {
            int next = at + 1;
            if (text.charAt(next) == '$') {
                next++;
            } else {
                boolean braces = text.charAt(next) == '{';
                int start = braces ? next + 1 : next;
                int end = start;
                while (end < text.length() && isWord(text.codePointAt(end))) {
                    end += Character.charCount(text.codePointAt(end));
                }
                if (end > start && (!braces || text.startsWith("}", end))) {
                    references.add(text.substring(start, end));
                    next = braces ? end + 1 : end;
                }
            }
            at = text.indexOf('$', next);
        }
        return new RelabelTemplate(text, references);
    }

    /** Returns a template that writes exactly this text. */
    public static RelabelTemplate literally(String text) {
        return of(text.replace("$", "$$"));
    }

    private static boolean isWord(int point) {
        return point == '_' || Character.isLetter(point) || Character.getType(point) == Character.DECIMAL_DIGIT_NUMBER;
    }

    /**
     * Returns the reference that {@code regex} has no group for, if there is one. Prometheus takes such a template and
     * writes nothing in its place, which is hardly ever meant: {@code $1st} refers to a group named {@code 1st}.
     */
    public Optional<Problem> missingGroup(PrometheusRegex regex) {
        for (String reference : references) {
            boolean number = Ascii.isNumber(reference);
            if (number && (reference.length() > 4 || Integer.parseInt(reference) > regex.groupCount())) {
                return Optional.of(new Problem(
                        "the replacement " + quote(text) + " refers to group " + reference
                                + ", but the regular expression has " + regex.groupCount(),
                        regex.groupCount() == 0 ? "$0" : "$0 to $" + regex.groupCount(),
                        "write $$ for a dollar sign, or add the group to the regular expression"));
            }
            if (!number && !regex.namedGroups().containsKey(reference)) {
                int digits = 0;
                while (Ascii.isDigit(reference.charAt(digits))) {
                    digits++;
                }
                return Optional.of(new Problem(
                        "the replacement " + quote(text) + " refers to a group named " + quote(reference)
                                + ", which the regular expression lacks",
                        "a group's number or name",
                        digits > 0
                                ? "write ${" + reference.substring(0, digits) + "}" + reference.substring(digits)
                                : "write $$ for a dollar sign, or name a group with (?P<" + reference + ">...)"));
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
