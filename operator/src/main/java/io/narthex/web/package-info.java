/**
 * What the operator says over HTTP. Enters: its state, asked for at each request. Leaves: answers to the probes of a
 * cluster and metrics for a Prometheus. It must not know how that state comes about, nor what commands there are.
 */
@NullMarked
package io.narthex.web;

import org.jspecify.annotations.NullMarked;
