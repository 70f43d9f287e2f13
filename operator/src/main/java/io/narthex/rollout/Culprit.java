package io.narthex.rollout;

import io.narthex.compiler.model.ResourceKey;

/**
 * Something that made Prometheus refuse a release.
 *
 * @param resource the resource to leave out
 * @param message what Prometheus says of it
 */
public record Culprit(ResourceKey resource, String message) {}
