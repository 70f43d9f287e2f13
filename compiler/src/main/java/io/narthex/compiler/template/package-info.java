/**
 * Templates of Go's {@code text/template}, as labels and annotations of alerts are: whether Prometheus's parser takes one.
 *
 * <p>Enters: a template's text, the release. Leaves: what the parser would refuse. Must not know: what a template
 * yields; rules, resources, files.
 */
@NullMarked
package io.narthex.compiler.template;

import org.jspecify.annotations.NullMarked;
