package io.narthex.status;

import io.narthex.compiler.model.ResourceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One scrape job and its targets.
 *
 * @param name Prometheus's {@code job_name}
 * @param label the value of the label {@code job}; empty where that isn't known or the targets' differ
 * @param resource what declared it; empty for a job that isn't Narthex's, or not of the bundle that is asked about
 * @param up how many targets are up
 * @param down how many are down
 * @param unknown how many were not scraped yet
 * @param lastScrape when the latest scrape of any began; empty for never
 * @param targets some targets, the worst first
 * @param problem why none of its targets is known though it may have some; empty where they are known
 */
public record JobStatus(
        String name,
        String label,
        Optional<ResourceKey> resource,
        int up,
        int down,
        int unknown,
        Optional<Instant> lastScrape,
        List<TargetStatus> targets,
        Optional<ScrapeError> problem) {

    public JobStatus {
        targets = List.copyOf(targets);
    }

    /** Returns one without any target. */
    public static JobStatus withoutTargets(
            String name, String label, Optional<ResourceKey> resource, Optional<ScrapeError> problem) {
        return new JobStatus(name, label, resource, 0, 0, 0, Optional.empty(), List.of(), problem);
    }

    /** Returns how many targets there are. */
    public int total() {
        return up + down + unknown;
    }

    /** Returns the first target that is down, which stands for the others in a table. */
    public Optional<TargetStatus> firstDown() {
        return targets.stream().filter(target -> target.error().isPresent()).findFirst();
    }

    /** Returns what users call the job: its label, else its name. */
    public String title() {
        return label.isEmpty() ? name : label;
    }
}
