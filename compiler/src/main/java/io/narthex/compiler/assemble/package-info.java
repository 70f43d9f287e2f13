/**
 * Joins pieces of configuration into files: divides them by a stable hash, names each file by its content.
 *
 * <p>Enters: the pieces that single resources became, as bytes. Leaves: {@code BundleFile}s, the job index, the
 * generation. Must not know: resources' specifications, Prometheus's configuration format, files, clocks.
 */
@NullMarked
package io.narthex.compiler.assemble;

import org.jspecify.annotations.NullMarked;
