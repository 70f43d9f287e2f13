package io.narthex.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/** Declares what to scrape, and how. A PrometheusServer that selects it takes it. */
@Group(ApiGroup.NAME)
@Version(ApiGroup.VERSION)
@Kind(ApiKinds.MONITOR)
@Singular("monitor")
@Plural("monitors")
@ShortNames("mon")
public final class Monitor extends CustomResource<MonitorSpec, MonitorStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;
}
