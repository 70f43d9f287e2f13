/**
 * The immutable values that pass between the stages: what was declared, what is wrong with it, what is to run.
 *
 * <p>Enters: nothing; these are plain values. Leaves: {@code ResourceKey}, {@code FieldPath}, {@code Position}, {@code
 * Diagnostic} and the like. Must not know: YAML, Prometheus's configuration format, files, networks, clocks.
 */
@NullMarked
package io.narthex.compiler.model;

import org.jspecify.annotations.NullMarked;
