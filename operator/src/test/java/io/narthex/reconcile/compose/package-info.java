/** Tests of the operator beside docker compose. */
@NullMarked
package io.narthex.reconcile.compose;

import org.jspecify.annotations.NullMarked;
