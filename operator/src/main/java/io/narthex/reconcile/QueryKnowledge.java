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
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** What isn't answered may be so for a moment only, or for ever: it is asked about again after longer and longer. */
    private static final Backoff PAUSES = new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));

    private final QueryParser parser;
    private final InstantSource timer;
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

    /** What a parser doesn't answer, the first to be asked about again first. */
    private final Map<String, Later> unanswered = new LinkedHashMap<>();

    /**
     * When to ask again.
     *
     * @param at not before then
     * @param times how often that was in vain
     */
    private record Later(Instant at, int times) {}

    /**
     * Makes one that knows nothing yet.
     *
     * @param parser whom to ask
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public QueryKnowledge(QueryParser parser, InstantSource timer) {
        this.parser = parser;
        this.timer = timer;
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
        // Where nothing is wrong, as mostly, the list of all that is told needn't be made.
        List<Diagnostic> wrong = compilation.count(DiagnosticCode.RULES_NOT_CONFINED.severity()) == 0
                ? List.of()
                : compilation.diagnostics();
        for (Diagnostic diagnostic : wrong) {
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
        Set<String> needed = Set.copyOf(trees);
        due(compilation).ifPresent(again -> {
            open.add(again.text());
            if (again.tree()) {
                trees.add(again.text());
            }
        });
        if (open.isEmpty()) {
            return forgotten;
        }
        BucketMap<String, QueryVerdict> before = told;
        Map<String, QueryVerdict> verdicts;
        try {
            verdicts = parser.parse(open, trees, QueryParser.Server.of(bundle.get(), running));
        } catch (InterruptedException e) {
            waiting = !needed.isEmpty();
            Thread.currentThread().interrupt();
            return forgotten;
        }
        waiting = !verdicts.keySet().containsAll(needed);
        verdicts.forEach(this::note);
        return forgotten || isNews(before);
    }

    private void note(String text, QueryVerdict verdict) {
        Later before = unanswered.remove(text);
        if (verdict instanceof QueryVerdict.Valid) {
            valid.put(text, verdict);
            told = told.without(text);
            return;
        }
        if (verdict instanceof QueryVerdict.Unanswered) {
            int times = before == null ? 1 : before.times() + 1;
            unanswered.put(text, new Later(timer.instant().plus(PAUSES.after(times)), times));
        }
        if (!verdict.equals(told.find(text))) {
            told = told.with(text, verdict);
        }
    }

    /** Returns whether it is time to ask again about an expression that nobody answered. */
    public boolean isDue() {
        Instant now = timer.instant();
        return unanswered.values().stream().anyMatch(later -> !now.isBefore(later.at()));
    }

    /** Returns an expression about which to ask again, one at a time since each may take long; forgets what nobody uses. */
    private Optional<Expression> due(Compilation compilation) {
        if (!isDue()) {
            return Optional.empty();
        }
        Instant now = timer.instant();
        Map<String, Expression> used = new HashMap<>();
        for (Expression expression : compilation.expressions()) {
            if (unanswered.containsKey(expression.text())) {
                used.merge(expression.text(), expression, (one, other) -> one.tree() ? one : other);
            }
        }
        unanswered.keySet().retainAll(used.keySet());
        return unanswered.entrySet().stream()
                .filter(entry -> !now.isBefore(entry.getValue().at()))
                .findFirst()
                .map(entry -> used.get(entry.getKey()));
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
            unanswered.clear();
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
