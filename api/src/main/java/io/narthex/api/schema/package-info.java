/**
 * Annotations with which the resource types say what a JSON schema needs to know beyond their Java types.
 *
 * <p>Enters: nothing. Leaves: annotations, kept at run time, that the generator of {@code crds/} and {@code
 * docs/reference} reads. Must not know: the resources themselves.
 */
@NullMarked
package io.narthex.api.schema;

import org.jspecify.annotations.NullMarked;
