/**
 * What the containers of one Docker daemon declare, those of docker compose above all. Enters: containers as Docker lists
 * them. Leaves: services with their labels, and the tasks, addresses and networks behind them, in the same terms as those
 * of a Swarm. It must not know what becomes of them.
 */
@NullMarked
package io.narthex.source.compose;

import org.jspecify.annotations.NullMarked;
