package io.narthex.status;

import io.narthex.process.ProcessObservation;
import io.narthex.prometheus.AlertmanagerReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A server at one moment.
 *
 * @param at when it was looked at
 * @param url where its API is
 * @param phase what it does
 * @param reason why it isn't ready, in words; empty where it is, or where the phase says it all
 * @param replayPercent how much of the write-ahead log is replayed; empty unless it is being replayed
 * @param version its release as it says it; empty until it is ready
 * @param generation the generation that is loaded; empty where that isn't known
 * @param configLoaded whether the last load of its configuration succeeded; empty where it doesn't answer
 * @param process what the supervisor sees; empty for a server that somebody else runs
 * @param jobs the jobs that have targets, or are declared, by title
 * @param ruleGroups how many rule groups are loaded
 * @param ruleProblems the rules that fail
 * @param alertmanagers the Alertmanagers that are discovered; empty where that isn't known, and for an agent
 * @param gaps what couldn't be learned, and why, in words; empty for nothing
 */
public record ServerStatus(
        Instant at,
        String url,
        ServerPhase phase,
        String reason,
        Optional<Integer> replayPercent,
        Optional<String> version,
        Optional<String> generation,
        Optional<Boolean> configLoaded,
        Optional<ProcessObservation> process,
        List<JobStatus> jobs,
        int ruleGroups,
        List<RuleProblem> ruleProblems,
        Optional<AlertmanagerReport> alertmanagers,
        List<String> gaps) {

    public ServerStatus {
        jobs = List.copyOf(jobs);
        ruleProblems = List.copyOf(ruleProblems);
        gaps = List.copyOf(gaps);
    }

    /** Returns it with other jobs. */
    public ServerStatus withJobs(List<JobStatus> others) {
        return new ServerStatus(
                at,
                url,
                phase,
                reason,
                replayPercent,
                version,
                generation,
                configLoaded,
                process,
                others,
                ruleGroups,
                ruleProblems,
                alertmanagers,
                gaps);
    }

    /** Returns how many targets are up. */
    public int up() {
        return jobs.stream().mapToInt(JobStatus::up).sum();
    }

    /** Returns how many targets are down. */
    public int down() {
        return jobs.stream().mapToInt(JobStatus::down).sum();
    }

    /** Returns how many targets there are. */
    public int targets() {
        return jobs.stream().mapToInt(JobStatus::total).sum();
    }
}
