/**
 * How Narthex comes into the servers that it runs, where those don't let in everybody: an identity of its own, kept in
 * the state folder or a Secret, and what proves the server to be the one that was started.
 *
 * <p>Enters: a state folder. Leaves: what the compiler may know of the identity, and endpoints for the client of
 * Prometheus. Must not know: how a server is declared, rolled out or run.
 */
@NullMarked
package io.narthex.access;

import org.jspecify.annotations.NullMarked;
