package io.narthex.reconcile.local;

import io.narthex.compiler.model.QueryVerdict;
import io.narthex.process.Promtool;
import io.narthex.prometheus.QueryErrors;
import io.narthex.reconcile.QueryParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks {@code promtool}. It refuses what it is too old for, or what is a feature that it doesn't know, so it is asked
 * only where it has all that the server has.
 *
 * @param promtool which one
 * @param limit how long all of it may take
 */
public record PromtoolParser(Promtool promtool, Duration limit) implements QueryParser {

    /** More in one file would be an unusual change; the reload tells of the rest. */
    private static final int MOST = 20_000;

    @Override
    public Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, Server server)
            throws InterruptedException {
        if (!server.isRefusedBy(promtool.version(), server.features())) {
            return Map.of();
        }
        List<String> asked = texts.stream().limit(MOST).toList();
        Optional<List<Optional<String>>> answer = promtool.check(asked, server.features(), limit);
        Map<String, QueryVerdict> verdicts = new HashMap<>();
        List<Optional<String>> errors = answer.orElse(new ArrayList<>());
        for (int i = 0; i < errors.size(); i++) {
            String text = asked.get(i);
            if (errors.get(i).isPresent()) {
                verdicts.put(text, QueryErrors.read(text, errors.get(i).get()));
            } else if (!trees.contains(text)) {
                verdicts.put(text, new QueryVerdict.Valid());
            }
        }
        return verdicts;
    }
}
