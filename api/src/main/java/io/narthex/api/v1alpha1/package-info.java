/**
 * The custom resources of the group {@code monitoring.narthex.io}, version {@code v1alpha1}, as immutable records.
 *
 * <p>Enters: nothing. Leaves: the types that users' YAML is bound to, and from which {@code crds/} and {@code
 * docs/reference} are generated; a component's Javadoc is its description in both. Must not know: how a resource is
 * read, compiled or rolled out.
 */
@NullMarked
package io.narthex.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
