/**
 * Carries out rollouts on Kubernetes. Enters: what a PrometheusServer became (bundle and pod template) and the engine's
 * actions. Leaves: Secrets, a StatefulSet and what belongs to it, written through the API server; observations of its
 * pods. It must not know how a bundle is made, nor what users are told.
 */
@NullMarked
package io.narthex.rollout.kubernetes;

import org.jspecify.annotations.NullMarked;
