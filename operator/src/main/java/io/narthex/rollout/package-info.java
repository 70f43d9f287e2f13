/**
 * Brings what the compiler made to running Prometheus servers: fast, checked, reversible.
 *
 * <p>Enters: the desired {@link io.narthex.rollout.Release}, what a driver observed, the time. Leaves: one {@link
 * io.narthex.rollout.Action} at a time and a {@link io.narthex.rollout.Status}. Must not know: files, networks, clocks,
 * processes, Kubernetes, Docker, Prometheus's client.
 */
@NullMarked
package io.narthex.rollout;

import org.jspecify.annotations.NullMarked;
