/**
 * The compiler's front door: from what is declared to what one Prometheus server is to run.
 *
 * <p>Enters: an {@code Inventory}, a server's key and {@code CompileOptions}. Leaves: a {@code Compilation}, that is a
 * {@code Bundle} and diagnostics. Must not know: files, clocks, networks, how a Bundle is rolled out.
 */
@NullMarked
package io.narthex.compiler;

import org.jspecify.annotations.NullMarked;
