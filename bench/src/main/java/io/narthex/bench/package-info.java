/**
 * Benchmarks, each printing its figure: JMH ones, and ones of the whole system. No test asserts on time; these measure.
 */
@NullMarked
package io.narthex.bench;

import org.jspecify.annotations.NullMarked;
