/**
 * What the operator says over HTTP. Enters: its state and what it found, asked for at each request. Leaves: answers to the
 * probes of a cluster, metrics and targets for a Prometheus, documents for commands. It must not know how that comes about,
 * nor what commands there are.
 */
@NullMarked
package io.narthex.web;

import org.jspecify.annotations.NullMarked;
