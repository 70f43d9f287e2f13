package io.narthex.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Declares alerting and recording rules. A PrometheusServer that selects it evaluates them. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(ApiKinds.RULE_SET)
@Singular("ruleset")
@Plural("rulesets")
@ShortNames("rules")
public final class RuleSet extends CustomResource<RuleSetSpec, RuleSetStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
