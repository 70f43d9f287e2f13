package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.compiler.Compiler;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ManagedObjects;
import io.narthex.source.kubernetes.ClusterSource;
import io.narthex.source.kubernetes.CredentialStore;
import io.narthex.status.kubernetes.StatusBoard;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What all reconcilers of an operator share.
 *
 * @param clock tells the time of day, for what others read
 * @param timer tells how time passes, whatever becomes of the clock: for all that waits
 */
record OperatorParts(
        KubernetesClient client,
        OperatorSettings settings,
        Compiler compiler,
        ClusterSource source,
        CredentialStore credentials,
        ManagedObjects managed,
        DeploymentFactory deployments,
        StatusBoard board,
        InstantSource clock,
        InstantSource timer,
        RandomGenerator random) {}
