/**
 * What a Docker Swarm looks like at one moment: services, tasks, nodes, networks and secrets as Docker's API tells them.
 *
 * <p>Enters: nothing; these are plain values. Leaves: {@link io.narthex.compiler.swarm.SwarmService} and the like. Must
 * not know: resources, diagnostics, Prometheus, Docker's client.
 */
@NullMarked
package io.narthex.compiler.swarm;

import org.jspecify.annotations.NullMarked;
