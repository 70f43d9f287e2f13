/**
 * PromQL as trees: what Prometheus's own parser made of an expression, written down again, and confined to labels.
 *
 * <p>Enters: the tree that {@code /api/v1/parse_query} answers, as data. Leaves: another tree, or its text. Must not
 * know: how an expression is parsed, which only Prometheus does; resources, files, networks.
 */
@NullMarked
package io.narthex.compiler.promql;

import org.jspecify.annotations.NullMarked;
