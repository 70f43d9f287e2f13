/**
 * What each kind of resource means to Prometheus, one class per kind.
 *
 * <p>Enters: one declared resource and the settings of the server that takes it. Leaves: pieces of configuration and
 * diagnostics. Must not know: the other resources, how files are divided and named, the file system, clocks.
 */
@NullMarked
package io.narthex.compiler.frontend;

import org.jspecify.annotations.NullMarked;
