/** Tests of the resource types. */
@NullMarked
package io.narthex.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
