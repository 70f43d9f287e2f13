/** Tests of servers that somebody else runs. */
@NullMarked
package io.narthex.reconcile.external;

import org.jspecify.annotations.NullMarked;
