/**
 * The operator beside docker compose, without a Swarm: labels of containers are scraped by a Prometheus that the compose
 * file runs. Enters: what Docker tells of containers, a folder of resources. Leaves: files in a folder that Prometheus
 * reads, targets, what became of both. It must not know commands.
 */
@NullMarked
package io.narthex.reconcile.compose;

import org.jspecify.annotations.NullMarked;
