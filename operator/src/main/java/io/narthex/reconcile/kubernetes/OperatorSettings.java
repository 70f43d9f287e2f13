package io.narthex.reconcile.kubernetes;

import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.source.kubernetes.Scope;
import java.time.Duration;
import java.util.Optional;

/**
 * How an operator works.
 *
 * @param scope the namespaces that it looks at
 * @param consent which servers may see which namespaces
 * @param operatorClass the PrometheusServers that it takes care of; empty for those without a class
 * @param deployments what it makes of all its servers
 * @param watchSecrets whether it may list and watch Secrets; without that, it reads those that it knows by name
 * @param recheck how often it looks at what nobody tells it of: objects that others changed, volume claims and, without
 *     a watch, Secrets
 * @param outdated how long what a server said of its targets counts, where it doesn't answer any more
 */
public record OperatorSettings(
        Scope scope,
        Consent consent,
        Optional<String> operatorClass,
        DeploymentSettings deployments,
        boolean watchSecrets,
        Duration recheck,
        Duration outdated) {

    /** How often it looks at what nobody tells it of, unless set otherwise. */
    public static final Duration RECHECK = Duration.ofMinutes(1);

    /** How long what a server said of its targets counts, unless set otherwise. */
    public static final Duration OUTDATED = Duration.ofMinutes(5);
}
