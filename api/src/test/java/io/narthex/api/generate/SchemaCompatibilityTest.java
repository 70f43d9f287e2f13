package io.narthex.api.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The schemas take whatever the released ones took. What is released lies in {@code src/test/resources/released}; a
 * release renews it by {@code mvn -pl api test -Dtest=SchemaCompatibilityTest -Dnarthex.release=true}.
 */
class SchemaCompatibilityTest {
    private static final Path CRDS = Path.of("../crds");
    private static final Path RELEASED = Path.of("src/test/resources/released");

    /** Rules that took another's place and let through all that it did, which their text can't show. */
    private static final Set<String> WIDENED = Set.of(
            // Before, exactly one of services and api; where there is no selector it still says the same.
            ".spec.source.swarm: a rule was added: [has(self.services) && self.services.size() > 0, has(self.selector),"
                    + " has(self.api)].filter(x, x).size() == 1");

    @ParameterizedTest
    @CsvSource({"monitors", "prometheusservers", "rulesets"})
    void whatWasReleasedStaysValid(String plural) throws IOException {
        Path released = RELEASED.resolve(plural + ".yaml");
        Path current = CRDS.resolve(plural + ".yaml");
        if (Boolean.getBoolean("narthex.release")) {
            Files.createDirectories(RELEASED);
            Files.writeString(released, Files.readString(current));
        }

        YAMLMapper yaml = new YAMLMapper();
        assertThat(SchemaCompatibility.ofCrds(yaml.readTree(released.toFile()), yaml.readTree(current.toFile())))
                .filteredOn(violation -> !WIDENED.contains(violation))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{type: string} | {type: integer} | .: the type changed from string to integer",
                "{type: array, items: {type: string}} | {type: array, items: {type: integer}} | .[]: the type changed",
                "{type: number} | {type: integer} | .: the type changed from number to integer",
                "{properties: {a: {}}} | {properties: {}} | .a: the field is gone",
                "{properties: {a: {properties: {b: {}}}}} | {properties: {a: {properties: {}}}} | .a.b: the field is",
                "{properties: {a: {}}} | {properties: {a: {}}, required: [a]} | .a: the field is required now",
                "{properties: {}} | {properties: {a: {}}, required: [a]} | .a: the field is required now",
                "{enum: [a, b]} | {enum: [a]} | .: the value b is gone",
                "{type: string} | {type: string, enum: [a]} | .: only certain values are still allowed",
                "{pattern: a} | {pattern: b} | .: pattern changed",
                "{type: string} | {type: string, pattern: a} | .: pattern changed",
                "{maxLength: 9} | {maxLength: 8} | .: maxLength narrowed from 9 to 8",
                "{type: array} | {type: array, maxItems: 8} | .: maxItems narrowed",
                "{minimum: 1} | {minimum: 2} | .: minimum narrowed from 1 to 2",
                "{maximum: 1} | {maximum: 0.5} | .: maximum narrowed",
                "{minimum: 0} | {minimum: 0, exclusiveMinimum: true} | .: exclusiveMinimum was added",
                "{default: 1} | {default: 2} | .: the default changed from 1 to 2",
                "{default: 1} | {type: integer} | .: the default changed",
                "{type: integer} | {type: integer, default: 1} | .: the default changed",
                "{x-kubernetes-list-type: set} | {x-kubernetes-list-type: atomic} | .: x-kubernetes-list-type changed",
                "{x-kubernetes-list-map-keys: [a]} | {x-kubernetes-list-map-keys: [b]} | .: x-kubernetes-list-map-keys",
                "{type: object, x-kubernetes-preserve-unknown-fields: true} | {type: object} | .: unknown fields",
                "{additionalProperties: {maxLength: 2}} | {additionalProperties: {maxLength: 1}} | .{}: maxLength",
                "{additionalProperties: {type: string}} | {properties: {a: {}}} | .{}: additionalProperties is gone",
                "{nullable: true} | {nullable: false} | .: null is no longer allowed",
                "{type: object} | {type: object, x-kubernetes-validations: [{rule: r}]} | .: a rule was added: r"
            })
    void aChangeThatBreaksIsFound(String before, String after, String violation) throws JsonProcessingException {
        assertThat(SchemaCompatibility.ofSchemas(schema(before), schema(after)))
                .anyMatch(found -> found.replaceFirst("^\\.?", ".").startsWith(violation.strip()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{type: string, description: a} | {type: string, description: b}",
                "{properties: {}} | {properties: {a: {type: string, maxLength: 1, default: x}}}",
                "{properties: {a: {}}, required: [a]} | {properties: {a: {}}}",
                "{properties: {}} | {properties: {a: {default: 1}}, required: [a]}",
                "{enum: [a]} | {enum: [a, b]}",
                "{type: string, enum: [a]} | {type: string}",
                "{type: string, pattern: a} | {type: string}",
                "{maxLength: 8} | {maxLength: 9}",
                "{minimum: 2} | {minimum: 1}",
                "{type: integer} | {type: number}",
                "{type: integer} | {x-kubernetes-int-or-string: true}",
                "{x-kubernetes-validations: [{rule: r, message: a}]} | {x-kubernetes-validations: [{rule: r, message: b}]}",
                "{x-kubernetes-validations: [{rule: r}]} | {type: any}"
            })
    void aChangeThatWidensIsLetThrough(String before, String after) throws JsonProcessingException {
        assertThat(SchemaCompatibility.ofSchemas(schema(before), schema(after))).isEmpty();
    }

    @Test
    void aCrdKeepsItsNamesVersionsAndSubresources() throws JsonProcessingException {
        JsonNode before = schema("""
                spec:
                  group: a
                  names: {kind: A, plural: as, shortNames: [x, y]}
                  versions: [{name: v1, served: true, subresources: {status: {}}}, {name: v2, served: true}]
                """);
        JsonNode after = schema("""
                spec:
                  group: b
                  names: {kind: A, plural: as, shortNames: [y]}
                  versions: [{name: v1, served: true}, {name: v2, served: false}]
                """);

        assertThat(SchemaCompatibility.ofCrds(before, after))
                .isEqualTo(List.of(
                        "/spec/group changed from \"a\" to \"b\"",
                        "the short name x is gone",
                        "the subresource status is gone",
                        "the version v2 is gone"));
        assertThat(SchemaCompatibility.ofCrds(before, before)).isEmpty();
    }

    /** YAML, as JSON numbers and booleans would have it. */
    private static JsonNode schema(String yaml) throws JsonProcessingException {
        return new ObjectMapper().readTree(new YAMLMapper().readTree(yaml).toString());
    }
}
