package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a server may ask for that isn't built for Kubernetes: it is refused rather than ignored. */
final class NotYet {

    private NotYet() {}

    /** Returns what of the specification can't be done, in words; empty where all can. */
    static Optional<String> of(PrometheusServerSpec spec) {
        List<String> fields = new ArrayList<>();
        if (spec.shards() > 1) {
            fields.add("spec.shards above 1");
        }
        if (spec.podTemplate() != null) {
            fields.add("spec.podTemplate");
        }
        if (spec.discovery() == Discovery.NARTHEX) {
            fields.add("spec.discovery: Narthex");
        }
        if (spec.web() != null && !spec.web().users().isEmpty()) {
            fields.add("spec.web.users");
        }
        if (spec.web() != null
                && spec.web().tls() != null
                && (spec.web().tls().clientCa() != null || spec.web().tls().clientAuth() != null)) {
            fields.add("spec.web.tls.clientAuth and clientCa");
        }
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of("not supported on Kubernetes yet: " + String.join(", ", fields));
    }
}
