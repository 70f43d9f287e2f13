package io.narthex.compiler.model;

import java.time.Duration;

/**
 * One scrape job of a {@link Bundle}, and what declared it.
 *
 * @param name Prometheus's {@code job_name}, unique in the server, such as {@code monitor/default/server/metrics}
 * @param resource the resource that declared it
 * @param endpoint the endpoint's name in that resource; empty where it has none
 * @param label the value of its targets' label {@code job}; empty where that comes from the target
 * @param file the path of the {@link BundleFile} that holds it
 * @param interval the time between two scrapes
 */
public record JobEntry(
        String name, ResourceKey resource, String endpoint, String label, String file, Duration interval) {}
