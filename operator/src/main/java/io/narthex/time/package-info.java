/**
 * How long to wait.
 *
 * <p>Enters: how often something failed. Leaves: pauses. Must not know: what failed, and which time it is.
 */
@NullMarked
package io.narthex.time;

import org.jspecify.annotations.NullMarked;
