/**
 * What an operator on Docker tells over HTTP to commands beside it: the pages that it serves, and who asks for them.
 *
 * <p>Enters: an operator's view of itself. Leaves: documents, without what lets somebody in. Must not know: the command that
 * asks.
 */
@NullMarked
package io.narthex.cli.page;

import org.jspecify.annotations.NullMarked;
