package io.narthex.compiler.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How long samples are kept, as it takes effect (Prometheus documentation, "Storage", "Operational aspects").
 *
 * @param time samples older than this are deleted; empty where only the size limits
 * @param sizeBytes the oldest blocks are deleted beyond so many bytes; empty for no limit
 * @param percentage the oldest blocks are deleted beyond this part of the disk, above 0 and up to 100; from 3.11
 * @param allowDataLoss whether the resource allows a change to delete samples
 */
public record Retention(
        Optional<Duration> time, OptionalLong sizeBytes, OptionalDouble percentage, boolean allowDataLoss) {}
