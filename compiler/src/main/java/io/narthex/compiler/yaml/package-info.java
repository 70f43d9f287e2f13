/**
 * Reads YAML as users write it: bytes become declared resources, and every mistake a diagnostic with its place.
 *
 * <p>Enters: the bytes of a named file. Leaves: {@code Declared} resources that satisfy the custom resources' schemas,
 * defaults filled in, and {@code Diagnostic}s. Must not know: where the bytes come from, how resources refer to each
 * other, Prometheus's configuration.
 */
@NullMarked
package io.narthex.compiler.yaml;

import org.jspecify.annotations.NullMarked;
