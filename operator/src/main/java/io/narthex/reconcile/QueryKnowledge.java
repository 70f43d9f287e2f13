package io.narthex.reconcile;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.ServerAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of expressions, so that each is asked about once for a release and its features. What is valid is only
 * remembered here; what the compiler is to act on goes into the inventory. For one thread at a time.
 */
public final class QueryKnowledge {

    /** An answer may raise another question, and that one no more. */
    private static final int ROUNDS = 3;

    /** How many are remembered; beyond that the least recently met ones are asked about again. */
    private static final int MOST = 20_000;

    private final QueryParser parser;
    private final Map<String, QueryVerdict> valid = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, QueryVerdict> eldest) {
            return size() > MOST;
        }
    };
    private BucketMap<String, QueryVerdict> told = BucketMap.empty();
    private QueryParser.@Nullable Server about;
    private boolean waiting;

    /** What wasn't answered though what was asked later was, or stood first when nothing was: it is asked last. */
    private final Set<String> late = new LinkedHashSet<>();

    /**
     * Makes one that knows nothing yet.
     *
     * @param parser whom to ask
     */
    public QueryKnowledge(QueryParser parser) {
        this.parser = parser;
    }

    /**
     * Compiles, asks about the expressions in it that aren't known yet, and compiles again with what was said.
     *
     * @param compiler compiles
     * @param inventory what is declared
     * @param server the server to compile
     * @param options what the compiler needs to know besides
     * @param ruleSets whose expressions to ask about, besides those that wait for an answer
     * @param running where the server runs already; empty where it doesn't
     */
    public Compilation compile(
            Compiler compiler,
            Inventory inventory,
            ResourceKey server,
            CompileOptions options,
            Set<ResourceKey> ruleSets,
            Optional<ServerAddress> running) {
        Compilation compilation = compiler.compile(addTo(inventory), server, options);
        for (int round = 0; round < ROUNDS && ask(compilation, ruleSets, running); round++) {
            compilation = compiler.compile(addTo(inventory), server, options);
        }
        return compilation;
    }

    /** Returns {@code inventory} with what is known. */
    Inventory addTo(Inventory inventory) {
        return inventory.withQueries(told);
    }

    /**
     * Asks about what isn't known yet of some RuleSets' expressions.
     *
     * @param compilation what was made of them
     * @param ruleSets which ones
     * @param running where the server runs already; empty where it doesn't
     * @return whether there is news for the compiler
     */
    private boolean ask(Compilation compilation, Set<ResourceKey> ruleSets, Optional<ServerAddress> running) {
        Optional<Bundle> bundle = compilation.bundle();
        if (bundle.isEmpty()) {
            return false;
        }
        Set<ResourceKey> asked = new LinkedHashSet<>(ruleSets);
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            if (diagnostic.code() == DiagnosticCode.RULES_NOT_CONFINED) {
                diagnostic.resource().ifPresent(asked::add);
            }
        }
        waiting = false;
        boolean forgotten = forget(QueryParser.Server.of(bundle.get(), Optional.empty()), compilation);
        Set<String> open = new LinkedHashSet<>();
        Set<String> trees = new LinkedHashSet<>();
        for (ResourceKey key : asked) {
            for (Expression expression : compilation.expressions(key)) {
                boolean known = told.find(expression.text()) != null
                        || (!expression.tree() && valid.get(expression.text()) != null);
                if (!known) {
                    open.add(expression.text());
                    if (expression.tree()) {
                        trees.add(expression.text());
                    }
                }
            }
        }
        if (open.isEmpty()) {
            return forgotten;
        }
        BucketMap<String, QueryVerdict> before = told;
        Map<String, QueryVerdict> verdicts;
        try {
            verdicts = parser.parse(inTurn(open), trees, QueryParser.Server.of(bundle.get(), running));
        } catch (InterruptedException e) {
            waiting = !trees.isEmpty();
            Thread.currentThread().interrupt();
            return forgotten;
        }
        waiting = !verdicts.keySet().containsAll(trees);
        noteLate(inTurn(open), verdicts.keySet());
        verdicts.forEach((text, verdict) -> {
            if (verdict instanceof QueryVerdict.Valid) {
                valid.put(text, verdict);
            } else {
                told = told.with(text, verdict);
            }
        });
        return forgotten || isNews(before);
    }

    /** Returns expressions in the order in which to ask about them: none that takes long keeps others waiting for ever. */
    private Set<String> inTurn(Set<String> open) {
        late.retainAll(open);
        Set<String> order = new LinkedHashSet<>(open);
        order.removeAll(late);
        order.addAll(late);
        return order;
    }

    private void noteLate(Set<String> asked, Set<String> answered) {
        List<String> order = List.copyOf(asked);
        int last = order.size() - 1;
        while (last >= 0 && !answered.contains(order.get(last))) {
            last--;
        }
        for (String text : order.subList(0, Math.max(last, 1))) {
            if (!answered.contains(text)) {
                late.remove(text);
                late.add(text);
            }
        }
    }

    /** Returns whether nobody could be asked, the last time, for a tree without which rules can't run. */
    public boolean isWaiting() {
        return waiting;
    }

    @SuppressWarnings("ReferenceEquality") // One instance is one version.
    private boolean isNews(BucketMap<String, QueryVerdict> before) {
        return told != before;
    }

    /** Forgets what held for another release or other features, and, once there is much of it, what nobody uses. */
    private boolean forget(QueryParser.Server now, Compilation compilation) {
        BucketMap<String, QueryVerdict> before = told;
        if (!now.equals(about)) {
            about = now;
            valid.clear();
            told = BucketMap.empty();
        } else if (told.size() > MOST) {
            Set<String> used = new LinkedHashSet<>();
            compilation.expressions().forEach(expression -> used.add(expression.text()));
            List<String> unused = new ArrayList<>();
            told.keys().filter(text -> !used.contains(text)).forEach(unused::add);
            for (String text : unused) {
                told = told.without(text);
            }
        }
        return isNews(before);
    }
}
