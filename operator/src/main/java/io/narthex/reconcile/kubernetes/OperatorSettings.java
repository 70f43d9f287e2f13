package io.narthex.reconcile.kubernetes;

import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.Scope;
import java.util.Optional;

/**
 * How an operator works.
 *
 * @param scope the namespaces that it looks at
 * @param consent which servers may see which namespaces
 * @param operatorClass the PrometheusServers that it takes care of; empty for those without a class
 * @param deployments what it makes of all its servers
 */
public record OperatorSettings(
        Scope scope, Consent consent, Optional<String> operatorClass, DeploymentSettings deployments) {}
