package io.narthex.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Declares a Prometheus server, its settings, its storage, and whose Monitors and RuleSets it takes. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(ApiKinds.SERVER)
@Singular("prometheusserver")
@Plural("prometheusservers")
@ShortNames("ps")
public final class PrometheusServer extends CustomResource<PrometheusServerSpec, PrometheusServerStatus>
        implements Namespaced {
    private static final long serialVersionUID = 1L;
}
