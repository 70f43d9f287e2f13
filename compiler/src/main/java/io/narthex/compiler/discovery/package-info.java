/**
 * Which targets Narthex discovers for a Prometheus server, and what it answers to Prometheus's requests for them.
 *
 * <p>Enters: the plan that the compiler made of services and Monitors; the Swarm's tasks, nodes and networks at a
 * moment. Leaves: target groups for {@code http_sd_configs}, and what is wrong with them. Must not know: HTTP, Docker's
 * API, Prometheus's configuration.
 */
@NullMarked
package io.narthex.compiler.discovery;

import org.jspecify.annotations.NullMarked;
