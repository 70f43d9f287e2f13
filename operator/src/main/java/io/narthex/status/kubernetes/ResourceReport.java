package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of a Monitor or RuleSet in one server.
 *
 * @param server the server
 * @param generation the generation of the resource that this is about
 * @param rules the groups and rules of a RuleSet that the server has loaded; empty for a Monitor, or where they aren't
 *     known
 * @param groups how many groups a RuleSet became; empty for a Monitor
 * @param diagnostics what is wrong with it
 * @param loaded whether the server is verified to run with this version of it
 * @param held whether the server runs with an earlier version of it
 * @param rollout where the server's rollout stands
 * @param standstill why nothing new reaches the server at all, as {@code Loaded} says it; empty where it does
 * @param jobs the jobs that it became
 */
public record ResourceReport(
        ResourceKey server,
        long generation,
        OptionalInt groups,
        Optional<RuleCounts> rules,
        List<Diagnostic> diagnostics,
        boolean loaded,
        boolean held,
        Status rollout,
        Optional<Finding> standstill,
        List<Job> jobs) {

    public ResourceReport {
        diagnostics = List.copyOf(diagnostics);
        jobs = List.copyOf(jobs);
    }

    /**
     * A job.
     *
     * @param endpoint the endpoint's name
     * @param name Prometheus's name of the job
     * @param counts its targets; empty where they aren't known
     */
    public record Job(String endpoint, String name, Optional<JobCounts> counts) {}

    /** Returns what its conditions say. */
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        Finding accepted = DiagnosticWords.accepted(ConditionType.ACCEPTED, diagnostics);
        findings.add(accepted);
        findings.add(loadedFinding(accepted));
        findings.add(groups.isPresent() ? rules(groups.getAsInt()) : targets());
        return findings;
    }

    private Finding loadedFinding(Finding accepted) {
        ConditionType type = ConditionType.LOADED;
        if (loaded) {
            return Finding.yes(type, "");
        }
        if (!accepted.holds()) {
            return Finding.no(
                    type,
                    accepted.reason(),
                    held ? "the server goes on with the version before" : "the server runs without it");
        }
        if (standstill.isPresent()) {
            return standstill.get();
        }
        if (rollout.phase() == Status.Phase.READY && rollout.verified().isPresent()) {
            return Finding.no(type, ConditionReason.PENDING, "what runs is of an earlier version; this one comes next");
        }
        return rollout.phase() == Status.Phase.UNVERIFIED
                ? Finding.unknown(type, ConditionReason.UNVERIFIED, RolloutWords.sentence(rollout))
                : Finding.no(
                        type,
                        rollout.phase() == Status.Phase.READY ? ConditionReason.PENDING : RolloutWords.reason(rollout),
                        RolloutWords.sentence(rollout));
    }

    private Finding rules(int wanted) {
        ConditionType type = ConditionType.RULES_HEALTHY;
        if ((!loaded && !held) || rules.isEmpty() || rules.get().groups() < wanted) {
            return Finding.unknown(
                    type, ConditionReason.PENDING, "its rules weren't looked at yet, or the server doesn't answer");
        }
        int failing = rules.get().failing();
        return failing == 0
                ? Finding.yes(type, "")
                : Finding.no(
                        type,
                        ConditionReason.RULES_FAILING,
                        failing + " of " + rules.get().rules() + " rules fail"
                                + rules.get()
                                        .lastError()
                                        .map(words -> ": " + words)
                                        .orElse(""));
    }

    private Finding targets() {
        ConditionType type = ConditionType.TARGETS_HEALTHY;
        int total = 0;
        int up = 0;
        int unknown = 0;
        boolean known = !jobs.isEmpty();
        Optional<String> error = Optional.empty();
        Optional<String> unset = Optional.empty();
        List<String> without = new ArrayList<>();
        for (Job job : jobs) {
            known &= job.counts().isPresent();
            if (job.counts().isPresent()) {
                total += job.counts().get().total();
                up += job.counts().get().up();
                unknown += job.counts().get().unknown();
                if (job.counts().get().total() == 0) {
                    without.add(job.endpoint());
                    unset = unset.or(() -> job.counts().get().lastError());
                } else {
                    error = error.or(() -> job.counts().get().lastError());
                }
            }
        }
        if ((!loaded && !held) || !known) {
            return Finding.unknown(
                    type, ConditionReason.PENDING, "its targets weren't looked at yet, or the server doesn't answer");
        }
        if (total == 0) {
            return Finding.no(
                    type,
                    ConditionReason.NO_TARGETS,
                    unset.map(words -> "no target: " + words).orElse("its source finds no target"));
        }
        String none = without.isEmpty()
                ? ""
                : (without.size() == 1 ? "the endpoint " : "the endpoints ") + String.join(", ", without)
                        + (without.size() == 1 ? " finds" : " find") + " no target"
                        + unset.map(words -> ": " + words).orElse("");
        if (up + unknown < total) {
            return Finding.no(
                    type,
                    ConditionReason.TARGETS_DOWN,
                    (total - up - unknown) + " of " + total + " targets are down"
                            + error.map(words -> ": " + words).orElse("")
                            + (none.isEmpty() ? "" : "; " + none));
        }
        if (!none.isEmpty()) {
            return Finding.no(type, ConditionReason.NO_TARGETS, none);
        }
        // A new target waits for its first scrape: that is no reason to doubt the others.
        String waiting = unknown > 0 ? unknown + " of " + total + " targets weren't scraped yet" : "";
        return up == 0 ? Finding.unknown(type, ConditionReason.PENDING, waiting) : Finding.yes(type, waiting);
    }
}
