/** Tests of what containers declare. */
@NullMarked
package io.narthex.source.compose;

import org.jspecify.annotations.NullMarked;
