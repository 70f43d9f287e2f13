/**
 * Docker's API, of a Swarm manager or of one daemon without a Swarm. Enters: an address, requests as JSON trees. Leaves:
 * answers as JSON trees, in which no field is lost, what a watch saw last, and errors in words. It must not know what a
 * Prometheus is nor why something is asked.
 */
@NullMarked
package io.narthex.docker;

import org.jspecify.annotations.NullMarked;
