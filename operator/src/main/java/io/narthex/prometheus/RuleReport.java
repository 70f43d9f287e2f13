package io.narthex.prometheus;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The loaded rules and how their last evaluation went ({@code /api/v1/rules}).
 *
 * @param groups the rule groups, in Prometheus's order
 */
public record RuleReport(List<Group> groups) {

    public RuleReport {
        groups = List.copyOf(groups);
    }

    /**
     * One rule group.
     *
     * @param name its name, unique in its file
     * @param file the file as Prometheus names it
     * @param interval the time between two evaluations
     * @param lastEvaluation when the last evaluation began; empty for never
     * @param evaluationTime how long it took
     * @param rules how many rules it has
     * @param firing how many of its alerting rules fire
     * @param failed the rules whose last evaluation failed
     */
    public record Group(
            String name,
            String file,
            Duration interval,
            Optional<Instant> lastEvaluation,
            Duration evaluationTime,
            int rules,
            int firing,
            List<Failed> failed) {

        public Group {
            failed = List.copyOf(failed);
        }
    }

    /**
     * A rule whose last evaluation failed.
     *
     * @param name the alert's or the recorded metric's name
     * @param error Prometheus's words
     */
    public record Failed(String name, String error) {}
}
