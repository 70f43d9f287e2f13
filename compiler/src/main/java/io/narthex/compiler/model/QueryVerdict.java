package io.narthex.compiler.model;

import io.narthex.compiler.promql.Query;
import java.util.Optional;
import java.util.Set;

/** What a parser of Prometheus's own says of an expression. */
public sealed interface QueryVerdict {

    /** It is PromQL. */
    record Valid() implements QueryVerdict {}

    /**
     * It isn't.
     *
     * @param message the parser's words, without the place
     * @param place where, as far as the parser says it
     */
    record Refused(String message, Optional<Place> place) implements QueryVerdict {}

    /**
     * It is PromQL, and this is what the parser made of it.
     *
     * @param query its tree
     * @param hidden the features of Prometheus whose use the tree wouldn't show
     */
    record Parsed(Query query, Set<String> hidden) implements QueryVerdict {
        public Parsed {
            hidden = Set.copyOf(hidden);
        }
    }

    /**
     * It is PromQL, but what the parser made of it holds something that isn't known.
     *
     * @param unknown what, as a phrase with an article
     */
    record Unparsed(String unknown) implements QueryVerdict {}

    /**
     * A parser that answers other questions doesn't answer this one.
     *
     * @param why why not, as a clause
     */
    record Unanswered(String why) implements QueryVerdict {}

    /**
     * A place in an expression.
     *
     * @param line the line, from 1
     * @param column the column in code points, from 1
     */
    record Place(int line, int column) {

        /** Returns the index in code points of the place in {@code text}; its end for a place behind that. */
        public int indexIn(String text) {
            int start = 0;
            for (int i = 1; i < line && start >= 0; i++) {
                start = text.indexOf('\n', start) + 1;
                if (start == 0) {
                    return text.codePointCount(0, text.length());
                }
            }
            int before = text.codePointCount(0, start);
            return Math.min(before + Math.max(0, column - 1), text.codePointCount(0, text.length()));
        }
    }
}
