/**
 * The gate before Docker's socket: the one process that has it. Enters: HTTP requests of the operator. Leaves: those of
 * them that a closed list permits, forwarded to Docker, and answers without other people's secrets. It must not know what
 * a Prometheus is, nor take part in what the operator decides.
 */
@NullMarked
package io.narthex.gate;

import org.jspecify.annotations.NullMarked;
