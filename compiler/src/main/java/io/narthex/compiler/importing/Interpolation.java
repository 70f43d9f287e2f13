package io.narthex.compiler.importing;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces variables in the texts of a compose file (Compose Specification, "Interpolation"). */
final class Interpolation {

    /** A variable's beginning; that of one in braces ends before its operand. */
    private static final Pattern VARIABLE =
            Pattern.compile("\\$(?:(\\$)|([A-Za-z_][A-Za-z0-9_]*+)|\\{([A-Za-z_][A-Za-z0-9_]*+)(?:(:?[-?+])|(?=\\})))");

    private final Map<String, String> variables;
    private final Set<String> unset = new TreeSet<>();
    private final Map<String, String> demanded = new TreeMap<>();

    Interpolation(Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
    }

    /** Returns {@code text} with its variables replaced; one that isn't set becomes nothing. */
    String apply(String text) {
        Matcher matcher = VARIABLE.matcher(text);
        StringBuilder result = new StringBuilder();
        int lastBrace = text.lastIndexOf('}');
        int done = 0;
        while (matcher.find(done)) {
            result.append(text, done, matcher.start());
            int end = matcher.end();
            if (matcher.group(1) != null) {
                result.append('$');
            } else if (matcher.group(2) != null) {
                result.append(value(matcher.group(2), "", ""));
            } else if (end <= lastBrace) {
                String operator = matcher.group(4) == null ? "" : matcher.group(4);
                int brace = text.indexOf('}', end);
                result.append(value(matcher.group(3), operator, text.substring(end, brace)));
                end = brace + 1;
            } else {
                result.append(matcher.group());
            }
            done = end;
        }
        return result.append(text, done, text.length()).toString();
    }

    private String value(String name, String operator, String operand) {
        Optional<String> value = Optional.ofNullable(variables.get(name));
        boolean there =
                value.isPresent() && !(operator.startsWith(":") && value.get().isEmpty());
        return switch (operator) {
            case "-", ":-" -> there ? value.orElse("") : apply(operand);
            case "+", ":+" -> there ? apply(operand) : "";
            case "?", ":?" -> {
                if (!there) {
                    demanded.put(name, operand);
                }
                yield value.orElse("");
            }
            default -> {
                if (!there) {
                    unset.add(name);
                }
                yield value.orElse("");
            }
        };
    }

    /** Returns the variables that were asked for and aren't set. */
    Set<String> unset() {
        return unset;
    }

    /** Returns the variables that must be set and aren't, and what the file says of them. */
    Map<String, String> demanded() {
        return demanded;
    }
}
