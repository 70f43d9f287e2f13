package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An expression that nobody can parse in time keeps the others waiting no longer than once. */
class QueryKnowledgeTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    private static final Set<String> SLOW = Set.of("slow_a", "slow_b", "slow_c");

    private final List<String> answered = new ArrayList<>();

    /** Gives up at the second that takes too long. */
    private Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, QueryParser.Server about) {
        Map<String, QueryVerdict> verdicts = new LinkedHashMap<>();
        int failures = 0;
        for (String text : texts) {
            if (SLOW.contains(text)) {
                if (++failures == 2) {
                    break;
                }
            } else {
                verdicts.put(text, new QueryVerdict.Valid());
                answered.add(text);
            }
        }
        return verdicts;
    }

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    @Test
    void whatTakesTooLongIsAskedLast() {
        StringBuilder rules = new StringBuilder("{groups: [{name: g, rules: [");
        List.of("slow_a", "slow_b", "slow_c", "a", "b")
                .forEach(text -> rules.append("{record: r_")
                        .append(text)
                        .append(", expr: ")
                        .append(text)
                        .append("},"));
        ResourceKey key = new ResourceKey("RuleSet", "default", "r");
        Inventory inventory = Inventory.EMPTY
                .with(declared(SERVER, PrometheusServerSpec.class, "{}"))
                .with(declared(key, RuleSetSpec.class, rules.append("]}]}").toString()));
        QueryKnowledge knowledge = new QueryKnowledge(this::parse);
        for (int round = 0; round < 4; round++) {
            knowledge.compile(Compiler.create(), inventory, SERVER, OPTIONS, Set.of(key), Optional.empty());
        }
        assertThat(answered).containsExactlyInAnyOrder("a", "b");
    }
}
