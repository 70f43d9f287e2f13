package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Selection;
import io.narthex.status.kubernetes.Finding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says of a Monitor or RuleSet why no server of the operator without a class takes it. */
final class Nobody {

    private static final int MOST = 3;

    private final Consent consent;

    Nobody(Consent consent) {
        this.consent = consent;
    }

    /** Returns why none of these servers takes the resource, or who is to speak of it; empty where one of its own does. */
    Optional<Finding> why(Declared<?> resource, Inventory inventory, List<Declared<PrometheusServerSpec>> servers) {
        boolean monitor = resource.key().kind().equals(ApiKinds.MONITOR);
        String namespace = resource.key().namespace();
        List<String> misses = new ArrayList<>();
        List<String> denials = new ArrayList<>();
        List<String> confined = new ArrayList<>();
        List<String> others = new ArrayList<>();
        // Those of the resource's own namespace first: one of them is likely to be meant.
        List<Declared<PrometheusServerSpec>> nearest = servers.stream()
                .sorted(Comparator.comparing(server -> !server.key().namespace().equals(namespace)))
                .toList();
        for (Declared<PrometheusServerSpec> server : nearest) {
            Optional<String> miss = Selection.miss(
                    monitor ? "monitors" : "ruleSets",
                    monitor ? server.spec().monitors() : server.spec().ruleSets(),
                    server.key().namespace(),
                    namespace,
                    consent.labels(server.key(), namespace, inventory),
                    resource.labels());
            if (miss.isPresent()) {
                misses.add(server.key() + ": " + miss.get());
            } else if (!consent.allows(server.key(), namespace, inventory)) {
                (consent.isConfined(server.key()) ? confined : denials)
                        .add(server.key().toString());
            } else if (server.spec().operatorClass() != null) {
                others.add(
                        server.key() + " of the operatorClass " + server.spec().operatorClass());
            } else {
                return Optional.empty();
            }
        }
        if (!others.isEmpty()) {
            return Optional.of(Finding.unknown(
                    ConditionType.READY,
                    ConditionReason.PENDING,
                    shortened(others, ", ") + (others.size() == 1 ? " takes it" : " take it")
                            + ", but no operator of that class has said anything of it; does one run?"));
        }
        if (!denials.isEmpty()) {
            return Optional.of(Finding.no(
                    ConditionType.READY,
                    ConditionReason.NOT_PERMITTED,
                    shortened(denials, ", ") + " would take it, but may not see the namespace " + namespace
                            + "; to allow that, label the namespace with " + Inventory.MONITORED_FROM
                            + "=NAMESPACE-OF-THE-SERVER"));
        }
        if (!confined.isEmpty()) {
            return Optional.of(Finding.no(
                    ConditionType.READY,
                    ConditionReason.NOT_PERMITTED,
                    shortened(confined, ", ") + " would take it, but the operator looks at some namespaces only"
                            + " (watchNamespaces), where a server sees its own alone; declare a PrometheusServer in "
                            + namespace + ", or have the operator look at all namespaces"));
        }
        return Optional.of(Finding.no(
                ConditionType.READY,
                ConditionReason.NOT_SELECTED,
                misses.isEmpty() ? "there is no PrometheusServer" : shortened(misses, "; ")));
    }

    private static String shortened(List<String> words, String separator) {
        return String.join(separator, words.subList(0, Math.min(MOST, words.size())))
                + (words.size() > MOST ? separator + "and " + (words.size() - MOST) + " more" : "");
    }
}
