package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** An expression that no parser answers costs no more than a question now and then, and keeps nobody waiting. */
class QueryKnowledgeTest {

    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final ResourceKey RULES = new ResourceKey("RuleSet", "shop", "r");
    private static final CompileOptions OPTIONS =
            CompileOptions.local(PrometheusVersion.NEWEST_KNOWN, new Layout("/config", "/data"));

    private final Compiler compiler = Compiler.create();
    private final List<String> asked = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private boolean away;
    private final QueryKnowledge knowledge = new QueryKnowledge(this::parse, () -> now);

    private Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, QueryParser.Server about) {
        Map<String, QueryVerdict> verdicts = new LinkedHashMap<>();
        if (!away) {
            asked.addAll(texts);
            texts.forEach(text -> verdicts.put(
                    text,
                    text.startsWith("slow") ? new QueryVerdict.Unanswered("it is slow") : new QueryVerdict.Valid()));
        }
        return verdicts;
    }

    private static <T> Declared<T> declared(ResourceKey key, Class<T> type, String spec) {
        return new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, type), SourceMap.NONE);
    }

    /** Compiles rules of another namespace for a server. */
    private Compilation compile(String tenancy, String... expressions) {
        StringBuilder rules = new StringBuilder("{groups: [{name: g, rules: [");
        for (String text : expressions) {
            rules.append("{record: r_")
                    .append(text)
                    .append(", expr: ")
                    .append(text)
                    .append("},");
        }
        Inventory inventory = Inventory.EMPTY
                .with(declared(
                        SERVER, PrometheusServerSpec.class, "{ruleSets: {namespaceSelector: {}}" + tenancy + "}"))
                .with(declared(RULES, RuleSetSpec.class, rules.append("]}]}").toString()));
        return knowledge.compile(compiler, inventory, SERVER, OPTIONS, Set.of(RULES), Optional.empty());
    }

    private List<String> askedNow() {
        List<String> since = List.copyOf(asked);
        asked.clear();
        return since;
    }

    @Test
    void whatNobodyAnswersIsAskedAgainLaterAndLater() {
        compile("", "slow_a", "b");
        assertThat(askedNow()).containsExactly("slow_a", "b");
        compile("", "slow_a", "b", "c");
        assertThat(askedNow()).containsExactly("c");

        for (int minutes : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
            now = now.plus(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(knowledge.isDue()).as("before %d min", minutes).isFalse();
            compile("", "slow_a", "b", "c");
            now = now.plusMillis(1);
            assertThat(knowledge.isDue()).as("after %d min", minutes).isTrue();
            compile("", "slow_a", "b", "c");
            assertThat(askedNow()).as("after %d min", minutes).containsExactly("slow_a");
        }
    }

    @Test
    void ofManyOneIsAskedAgainAtATime() {
        compile("", "slow_a", "slow_b", "slow_c");
        askedNow();
        now = now.plus(Duration.ofMinutes(1));
        compile("", "slow_a", "slow_b", "slow_c", "d");
        assertThat(askedNow()).containsExactly("d", "slow_a");
        compile("", "slow_a", "slow_b", "slow_c", "d");
        assertThat(askedNow()).containsExactly("slow_b");
        // What nobody uses any more is forgotten.
        compile("", "slow_a", "d");
        assertThat(askedNow()).isEmpty();
        assertThat(knowledge.isDue()).isFalse();
    }

    /** Whoever waits for a parser is compiled again and again; one that takes long doesn't hold the server there. */
    @Test
    void rulesThatMustBeConfinedWaitForAParserAndNotForASlowExpression() {
        String tenancy = ", tenancy: {enforcedLabels: {team: shop}}";
        away = true;
        compile(tenancy, "slow_a");
        assertThat(knowledge.isWaiting()).isTrue();
        assertThat(knowledge.isDue()).isFalse();
        away = false;
        Compilation compilation = compile(tenancy, "slow_a");
        assertThat(knowledge.isWaiting()).isFalse();
        assertThat(compilation.diagnostics())
                .singleElement()
                .satisfies(found -> assertThat(found.code()).isEqualTo(DiagnosticCode.RULES_NOT_CONFINED))
                .extracting(Diagnostic::message)
                .asString()
                .endsWith("it is slow");
    }
}
