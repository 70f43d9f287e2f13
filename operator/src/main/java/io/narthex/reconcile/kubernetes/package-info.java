/**
 * Joins the stages on Kubernetes. Enters: the cluster's newest state. Leaves: for each PrometheusServer a rollout, and a
 * report of what became of it and of what it takes. It must not know how objects are written, nor how Prometheus is
 * asked.
 */
@NullMarked
package io.narthex.reconcile.kubernetes;

import org.jspecify.annotations.NullMarked;
