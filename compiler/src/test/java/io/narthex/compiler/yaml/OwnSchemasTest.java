package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OwnSchemasTest {

    @Test
    void everyRuleOfTheDefinitionsHasATwin() {
        List<Schema.Rule> without = new ArrayList<>();
        Set<String> rules = new LinkedHashSet<>();
        visitAll(schema -> schema.rules().forEach(rule -> {
            rules.add(rule.rule());
            if (Kinds.TWINS.find(rule).isEmpty()) {
                without.add(rule);
            }
        }));
        assertThat(without).isEmpty();
        assertThat(rules).hasSizeGreaterThan(20).hasSize(OwnRules.count());
    }

    @Test
    void everyPatternOfTheDefinitionsIsSaidInWords() {
        Set<String> without = new LinkedHashSet<>();
        visitAll(schema -> {
            TextPattern pattern = schema.pattern();
            if (pattern != null && Patterns.words(pattern.expression()).name().startsWith("of the form")) {
                without.add(pattern.expression());
            }
            if (pattern != null) {
                assertThatNoException().as("RE2 takes " + pattern.expression()).isThrownBy(() -> pattern.admits(""));
            }
        });
        assertThat(without).isEmpty();
    }

    private static void visitAll(Consumer<Schema> visitor) {
        for (ResourceKind kind : Kinds.ALL) {
            Schema spec = kind.schema().properties().get("spec");
            assertThat(spec).isNotNull();
            visit(kind.schema(), visitor, true);
        }
    }

    private static void visit(Schema schema, Consumer<Schema> visitor, boolean root) {
        visitor.accept(schema);
        schema.properties().forEach((name, property) -> {
            if (!root || !name.equals("status")) {
                visit(property, visitor, false);
            }
        });
        if (schema.items() != null) {
            visit(schema.items(), visitor, false);
        }
        if (schema.additional() != null) {
            visit(schema.additional(), visitor, false);
        }
    }
}
