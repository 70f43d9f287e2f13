package io.narthex.compiler;

import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.RuleGroupEntry;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the compiler made for one server. Immutable; details are worked out when asked for. */
public interface Compilation {

    /** Returns the PrometheusServer that it is for. */
    ResourceKey server();

    /** Returns what the server is to run; empty where the PrometheusServer itself is missing or wrong. */
    Optional<Bundle> bundle();

    /**
     * Returns what Narthex discovers for the server: the targets of those jobs of the bundle that ask Narthex for them.
     * On Swarm only; elsewhere, and where the server can't reach Narthex, nothing.
     */
    DiscoveryPlan discovery();

    /** Returns all that is wrong with the server and the resources it selects, in {@link Diagnostic#ORDER}. */
    List<Diagnostic> diagnostics();

    /** Returns what is wrong with one resource, in {@link Diagnostic#ORDER}. */
    List<Diagnostic> diagnostics(ResourceKey resource);

    /** Returns how many diagnostics of this severity there are. */
    int count(Severity severity);

    /** Returns whether the server selects this Monitor or RuleSet, or takes something from this service's labels. */
    boolean selects(ResourceKey resource);

    /** Returns how many Monitors the server selects. */
    int monitors();

    /** Returns how many RuleSets the server selects. */
    int ruleSets();

    /** Returns the credentials that the server and its Monitors ask for, known or not, and how many resources do. */
    BucketMap<SecretId, Integer> wantedCredentials();

    /** Returns which credential each file is that the server itself names, by the file's path; only those that are known. */
    Map<String, SecretId> serverCredentials();

    /** Returns those of them that one Monitor asks for. */
    Set<SecretId> wantedCredentials(ResourceKey monitor);

    /** Returns the names of all Docker secrets that a Monitor or a service asks for, there or not. */
    Set<String> wantedDockerSecrets(ResourceKey resource);

    /** Returns the jobs that a Monitor, or a service's labels, became, ordered by name. */
    List<JobEntry> jobs(ResourceKey monitor);

    /** Returns the groups that a RuleSet became, in its order. */
    List<RuleGroupEntry> ruleGroups(ResourceKey ruleSet);

    /** Returns line by line where the configuration of a job comes from; empty for an unknown job. */
    List<Origin> origins(String job);

    /**
     * Returns the expressions of all rules of the RuleSets that the server selects, ordered by resource and field,
     * whether the compiler knows already what Prometheus's parser says of them or not.
     */
    List<Expression> expressions();

    /** Returns those of {@link #expressions()} that belong to one RuleSet. */
    List<Expression> expressions(ResourceKey ruleSet);
}
