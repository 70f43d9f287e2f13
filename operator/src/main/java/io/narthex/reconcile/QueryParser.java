package io.narthex.reconcile;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ServerAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Somebody who knows PromQL as the server that is to run it does. */
@FunctionalInterface
public interface QueryParser {

    /** Knows nothing. */
    QueryParser NONE = (texts, trees, server) -> Map.of();

    /**
     * The server that is to take expressions.
     *
     * @param version its release
     * @param features those of its features that matter to its parser, as {@code --enable-feature} calls them
     * @param running where it runs already, perhaps with other features; empty where it doesn't
     */
    record Server(PrometheusVersion version, Set<String> features, Optional<ServerAddress> running) {

        /** Features named promql-... that change nothing about what is PromQL. */
        private static final Set<String> HARMLESS = Set.of(
                "promql-at-modifier", "promql-negative-offset", "promql-per-step-stats", "promql-delayed-name-removal");

        public Server {
            features = Set.copyOf(features);
        }

        /** Returns the server that runs a bundle, or is to run it. */
        static Server of(Bundle bundle, Optional<ServerAddress> running) {
            TreeSet<String> features = new TreeSet<>();
            for (String flag : bundle.flags()) {
                if (flag.startsWith("--enable-feature=")) {
                    features.addAll(parserFeatures(flag.substring(flag.indexOf('=') + 1)));
                }
            }
            return new Server(bundle.version(), features, running);
        }

        /** Returns those features of a comma-separated list that matter to the parser. */
        static Set<String> parserFeatures(String list) {
            Set<String> features = new TreeSet<>();
            for (String feature : List.of(list.split(",", -1))) {
                if (feature.startsWith("promql-") && !HARMLESS.contains(feature)) {
                    features.add(feature);
                }
            }
            return features;
        }

        /** Returns whether a parser of this release and these features refuses nothing that the server would take. */
        public boolean isRefusedBy(PrometheusVersion release, Set<String> itsFeatures) {
            return release.major() == version.major()
                    && release.minor() >= version.minor()
                    && itsFeatures.containsAll(features);
        }
    }

    /**
     * Returns what is known of each text; one that nothing can be said about, or not within a short time, is left out.
     *
     * @param texts the expressions
     * @param trees those among them whose tree is wanted: to know that they are valid is no answer
     * @param server the server that is to take them
     * @throws InterruptedException when the thread is interrupted
     */
    Map<String, QueryVerdict> parse(Set<String> texts, Set<String> trees, Server server) throws InterruptedException;

    /** Returns a parser that asks {@code other} about what this one can't say. */
    default QueryParser or(QueryParser other) {
        return (texts, trees, server) -> {
            Map<String, QueryVerdict> known = parse(texts, trees, server);
            Set<String> rest = new LinkedHashSet<>(texts);
            rest.removeIf(text -> known.containsKey(text) && !(known.get(text) instanceof QueryVerdict.Unanswered));
            if (rest.isEmpty()) {
                return known;
            }
            Map<String, QueryVerdict> all = new HashMap<>(known);
            all.putAll(other.parse(rest, trees, server));
            return all;
        };
    }
}
