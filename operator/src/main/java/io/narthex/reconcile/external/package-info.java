/**
 * Takes care of servers that somebody else runs: compiles what they take, hands it over, verifies what they loaded, finds
 * their targets.
 *
 * <p>Enters: what is declared, and what stands behind it on Docker. Leaves: where a server stands, its targets, and what
 * to put into its configuration. It must not know: Docker's API, how a file is written, commands.
 */
@NullMarked
package io.narthex.reconcile.external;

import org.jspecify.annotations.NullMarked;
