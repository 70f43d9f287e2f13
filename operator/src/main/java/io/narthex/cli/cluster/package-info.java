/**
 * The way to a cluster: by a kubeconfig, by the service account of a pod, or by variables.
 *
 * <p>Enters: the environment, files, what users name. Leaves: how to come to an API server, or what is wrong with what says
 * it. Must not know: who goes there, and what for.
 */
@NullMarked
package io.narthex.cli.cluster;

import org.jspecify.annotations.NullMarked;
