package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a custom resource's definition allows at one place: a structural schema as Kubernetes has it, descriptions left
 * out. Immutable; the limits that aren't set hold the widest value.
 *
 * @param type the type of the value
 * @param nullable whether null is a value there
 * @param open whether fields that it doesn't name are kept ({@code x-kubernetes-preserve-unknown-fields})
 * @param properties the fields of an object
 * @param required the names of fields that must be there
 * @param additional what a map's values must be; null where it is no map
 * @param items what a list's elements must be; null where it is no list
 * @param allowed the only values allowed, as JSON; empty for no such limit
 * @param pattern what a text must contain a match of; null for no such limit
 * @param text the length of a text in code points
 * @param count how many elements a list, or fields a map, may have
 * @param range the range of a number; null for no such limit
 * @param listType how a list's elements are told apart
 * @param listKeys the fields that tell apart the elements of a list of type {@link ListType#MAP}
 * @param defaultValue the value where none is given; null for none
 * @param rules the CEL rules on the value
 */
record Schema(
        Type type,
        boolean nullable,
        boolean open,
        Map<String, Schema> properties,
        Set<String> required,
        @Nullable Schema additional,
        @Nullable Schema items,
        List<JsonNode> allowed,
        @Nullable TextPattern pattern,
        Bounds text,
        Bounds count,
        @Nullable Range range,
        ListType listType,
        List<String> listKeys,
        @Nullable JsonNode defaultValue,
        List<Rule> rules) {

    /** The type of a value. */
    enum Type {
        OBJECT("a mapping"),
        ARRAY("a list"),
        STRING("a text"),
        INTEGER("a whole number"),
        NUMBER("a number"),
        BOOLEAN("true or false"),
        INT_OR_STRING("a number or a text"),
        ANY("any value");

        private final String words;

        Type(String words) {
            this.words = words;
        }

        /** Returns the type in words, with its article. */
        String words() {
            return words;
        }
    }

    /** How a list's elements are told apart. */
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /**
     * An inclusive range of sizes.
     *
     * @param least the smallest
     * @param most the largest
     */
    record Bounds(int least, int most) {
        static final Bounds NONE = new Bounds(0, Integer.MAX_VALUE);

        boolean admit(int size) {
            return size >= least && size <= most;
        }

        /** Returns the range in words, such as {@code at most 63}. */
        String words() {
            if (least == most) {
                return "exactly " + least;
            }
            if (most == Integer.MAX_VALUE) {
                return "at least " + least;
            }
            return least == 0 ? "at most " + most : least + " to " + most;
        }
    }

    /**
     * A range of numbers.
     *
     * @param least the smallest; null for none
     * @param aboveLeast whether the smallest itself is excluded
     * @param most the largest; null for none
     * @param belowMost whether the largest itself is excluded
     */
    record Range(
            @Nullable BigDecimal least,
            boolean aboveLeast,
            @Nullable BigDecimal most,
            boolean belowMost) {

        boolean admit(BigDecimal value) {
            int low = least == null ? 1 : value.compareTo(least);
            int high = most == null ? -1 : value.compareTo(most);
            return (aboveLeast ? low > 0 : low >= 0) && (belowMost ? high < 0 : high <= 0);
        }

        /** Returns the range in words, such as {@code 1 to 65535}. */
        String words() {
            String low = least == null ? "" : (aboveLeast ? "above " : "at least ") + least.toPlainString();
            String high = most == null ? "" : (belowMost ? "below " : "at most ") + most.toPlainString();
            if (least != null && most != null && !aboveLeast && !belowMost) {
                return least.toPlainString() + " to " + most.toPlainString();
            }
            return low.isEmpty() || high.isEmpty() ? low + high : low + " and " + high;
        }
    }

    /**
     * A rule in CEL, which is checked by its twin in Java, see {@link RuleTwins}.
     *
     * @param path the place of the value that it is on, such as {@code spec.endpoints[]}
     * @param rule the expression
     * @param message what is said where it doesn't hold
     */
    record Rule(String path, String rule, String message) {}
}
