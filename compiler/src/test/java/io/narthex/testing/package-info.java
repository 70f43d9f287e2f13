/**
 * What tests of several modules share: real programs to check against.
 *
 * <p>Enters: the names of programs. Leaves: programs that are there, or a skipped test with the reason; in continuous
 * integration a failed one. Must not know: what is tested.
 */
@NullMarked
package io.narthex.testing;

import org.jspecify.annotations.NullMarked;
