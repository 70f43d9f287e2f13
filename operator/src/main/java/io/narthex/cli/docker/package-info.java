/**
 * The commands of those who use an operator on Docker: apply, uninstall, snippet.
 *
 * <p>Enters: a Swarm's manager and the operator's name, files of resources. Leaves: the changes that were made, stanzas to
 * paste. Must not know: how the operator itself is started.
 */
@NullMarked
package io.narthex.cli.docker;

import org.jspecify.annotations.NullMarked;
