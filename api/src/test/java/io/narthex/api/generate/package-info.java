/**
 * Makes {@code crds/} and {@code docs/reference}, and guards them.
 *
 * <p>Enters: the resource types and their sources. Leaves: one CRD and one page of reference a kind. Must not know: what
 * becomes of a resource.
 */
@NullMarked
package io.narthex.api.generate;

import org.jspecify.annotations.NullMarked;
