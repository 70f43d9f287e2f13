/**
 * The values that stand in Prometheus's configuration, each with the rules by which Prometheus itself reads it.
 *
 * <p>Enters: text that a user wrote. Leaves: a value that Prometheus takes as it is meant, or a {@code Problem} that says
 * what is wrong and what is allowed. Must not know: resources, fields, files, versions.
 */
@NullMarked
package io.narthex.compiler.config.value;

import org.jspecify.annotations.NullMarked;
