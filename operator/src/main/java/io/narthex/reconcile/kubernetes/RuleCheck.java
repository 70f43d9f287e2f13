package io.narthex.reconcile.kubernetes;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.QueryCheck;
import io.narthex.rollout.Culprit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Asks a running Prometheus whether it takes the expressions of new rules. For one thread. */
final class RuleCheck {

    private static final int REMEMBERED = 10_000;

    /** What was found valid, so that it isn't asked again. */
    private final Set<String> valid = Collections.newSetFromMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** Returns the RuleSets among {@code changed} that hold an expression which Prometheus refuses. */
    List<Culprit> check(Compilation compilation, Set<ResourceKey> changed, PrometheusClient client) {
        List<Culprit> culprits = new ArrayList<>();
        Set<ResourceKey> blamed = new HashSet<>();
        for (Expression expression : compilation.expressions()) {
            if (!changed.contains(expression.resource())
                    || blamed.contains(expression.resource())
                    || valid.contains(expression.text())) {
                continue;
            }
            switch (client.checkQuery(expression.text())) {
                case Answer.Ok<QueryCheck>(QueryCheck.Valid ok) -> valid.add(expression.text());
                case Answer.Ok<QueryCheck>(QueryCheck.Invalid(String message, var place)) -> {
                    blamed.add(expression.resource());
                    culprits.add(new Culprit(
                            expression.resource(),
                            expression.field() + ": " + message
                                    + place.map(at -> " at line " + at.line() + ", column " + at.column())
                                            .orElse("")));
                }
                // One that can't be asked says nothing; the reload tells.
                case Answer.Failure<QueryCheck> failed -> {
                    return culprits;
                }
            }
        }
        return culprits;
    }
}
