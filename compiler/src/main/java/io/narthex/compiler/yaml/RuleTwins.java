package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * The rules that the resources' definitions state in CEL, once more in Java, by their expression. A resource from a
 * file is held to the same rules as one that the API server checks.
 */
final class RuleTwins {

    /** A rule in Java. */
    @FunctionalInterface
    interface Twin {
        /**
         * Returns what breaks the rule in {@code self}, a value that its schema allows, defaults filled in; empty where
         * it holds.
         */
        Optional<Breach> check(JsonNode self);
    }

    /**
     * How a rule is broken.
     *
     * @param field the field of the value that shows it best, such as {@code metadata.name}; empty for the value itself
     * @param message what is wrong; empty for the rule's own message
     * @param allowed what is allowed; may be empty
     * @param remedy what to do; may be empty
     */
    record Breach(String field, String message, String allowed, String remedy) {}

    private final Map<String, Twin> twins;

    RuleTwins(Map<String, Twin> twins) {
        this.twins = Map.copyOf(twins);
    }

    /** Returns the twin of {@code rule}. */
    Optional<Twin> find(Schema.Rule rule) {
        return Optional.ofNullable(twins.get(rule.rule()));
    }
}
