/**
 * The operator of a Docker Swarm: one loop for each PrometheusServer. Enters: what Docker tells of the Swarm. Leaves: what
 * ought to run, for the rollout; targets, for Prometheus; what became of it, for users. It must not know commands.
 */
@NullMarked
package io.narthex.reconcile.swarm;

import org.jspecify.annotations.NullMarked;
