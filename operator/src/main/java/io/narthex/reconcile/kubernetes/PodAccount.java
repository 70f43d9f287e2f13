package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * As which service account the pods of one server run: that of the version which is carried out, not of a newer one that is
 * refused. Any thread may ask.
 */
final class PodAccount {

    private final ObjectNames names;
    private final Supplier<Optional<StatefulSet>> there;
    private final Runnable changed;
    private volatile Optional<String> desired = Optional.empty();

    /**
     * Makes one of a server of which nothing is carried out yet.
     *
     * @param names the names of its objects
     * @param there returns the StatefulSet that it has; from any thread
     * @param changed is called when it is to be another account
     */
    PodAccount(ObjectNames names, Supplier<Optional<StatefulSet>> there, Runnable changed) {
        this.names = names;
        this.there = there;
        this.changed = changed;
    }

    /** Says which version is carried out. */
    void desire(PrometheusServerSpec spec) {
        Optional<String> account = Optional.of(DeploymentFactory.serviceAccount(names, spec));
        if (!account.equals(desired)) {
            desired = account;
            changed.run();
        }
    }

    /** Returns its name; empty where there are no pods, and none are to be made so far. */
    Optional<String> name() {
        return desired.or(() ->
                there.get().map(set -> set.getSpec().getTemplate().getSpec().getServiceAccountName()));
    }
}
