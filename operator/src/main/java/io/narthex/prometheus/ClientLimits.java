package io.narthex.prometheus;

import java.time.Duration;

/**
 * How long the client waits and how much it reads. A time counts from the request to the last byte of the answer.
 *
 * @param connect until the connection stands
 * @param small for what Prometheus answers from memory: readiness, version, flags
 * @param large for what grows with what is scraped: configuration, metrics, targets, rules, queries
 * @param reload for a reload, which lasts until Prometheus has applied all of its configuration
 * @param smallBytes the longest small answer
 * @param largeBytes the longest large answer, as sent
 */
public record ClientLimits(
        Duration connect, Duration small, Duration large, Duration reload, long smallBytes, long largeBytes) {

    /** Enough for 10,000 jobs or 200,000 targets on one machine. */
    public static final ClientLimits DEFAULT = new ClientLimits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            1024 * 1024,
            512L * 1024 * 1024);
}
