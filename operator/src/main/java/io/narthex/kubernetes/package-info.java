/**
 * What all that asks a Kubernetes API server has in common. Enters: what its client throws. Leaves: the same in words for
 * users. It must not know why something is asked.
 */
@NullMarked
package io.narthex.kubernetes;

import org.jspecify.annotations.NullMarked;
