package io.narthex.compiler.yaml;

import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import java.util.List;

/** Narthex's own kinds. */
final class Kinds {

    static final List<ResourceKind> ALL = List.of(
            kind("PrometheusServer", PrometheusServerSpec.class, "prometheusservers"),
            kind("Monitor", MonitorSpec.class, "monitors"),
            kind("RuleSet", RuleSetSpec.class, "rulesets"));

    static final RuleTwins TWINS = OwnRules.twins();

    private Kinds() {}

    private static ResourceKind kind(String name, Class<?> spec, String plural) {
        String definition = "io/narthex/crds/" + plural + ".yaml";
        return new ResourceKind(name, spec, definition, ApiGroup.VERSION);
    }
}
