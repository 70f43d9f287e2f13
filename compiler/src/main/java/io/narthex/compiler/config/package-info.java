/**
 * Prometheus's configuration as typed values, which release of Prometheus has which field, and the YAML of both.
 *
 * <p>Enters: records such as {@code ScrapeConfig}, and a release. Leaves: bytes that this release reads as they are
 * meant, and what had to be left out. Must not know: custom resources, files, where a value comes from.
 */
@NullMarked
package io.narthex.compiler.config;

import org.jspecify.annotations.NullMarked;
