/**
 * What commands find out about resources without running them: compiled, linted, compared with what runs.
 *
 * <p>Enters: inputs, the options of linting and of the server. Leaves: compilations, reports. Must not know: which command
 * asks, whether the resources lie in a folder or in a cluster.
 */
@NullMarked
package io.narthex.cli.check;

import org.jspecify.annotations.NullMarked;
