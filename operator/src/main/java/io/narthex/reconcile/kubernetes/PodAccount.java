package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * As which service accounts the pods of one server run: that of the version which is carried out, not of a newer one that is
 * refused, and until the last of them is replaced those of earlier versions. Any thread may ask.
 */
final class PodAccount {

    private final ObjectNames names;
    private final Supplier<Optional<StatefulSet>> there;
    private final Function<StatefulSet, List<Pod>> pods;
    private final Runnable changed;
    private volatile Optional<String> desired = Optional.empty();
    // Guarded by this.
    private List<String> seen = List.of();

    /**
     * Makes one of a server of which nothing is carried out yet.
     *
     * @param names the names of its objects
     * @param there returns the StatefulSet that it has, and that is its own; from any thread
     * @param pods returns the pods that a StatefulSet controls; from any thread
     * @param changed is called when they are to be others
     */
    PodAccount(
            ObjectNames names,
            Supplier<Optional<StatefulSet>> there,
            Function<StatefulSet, List<Pod>> pods,
            Runnable changed) {
        this.names = names;
        this.there = there;
        this.pods = pods;
        this.changed = changed;
    }

    /** Says which version is carried out. */
    void desire(PrometheusServerSpec spec) {
        desired = Optional.of(DeploymentFactory.serviceAccount(names, spec));
        look();
    }

    /** Says that the StatefulSet or a pod may be another. */
    synchronized void look() {
        List<String> now = names();
        if (!now.equals(seen)) {
            seen = now;
            changed.run();
        }
    }

    /**
     * Returns their names, first that of the version which is carried out; empty where there are no pods, and none are to be
     * made so far.
     */
    List<String> names() {
        return names(desired);
    }

    /** Returns what {@link #names} will be once a version is carried out that has this account. */
    List<String> with(String account) {
        return names(Optional.of(account));
    }

    /** A pod that is gone may be made anew from the StatefulSet's template, so that its account counts, too. */
    private List<String> names(Optional<String> first) {
        Optional<StatefulSet> set = there.get();
        Optional<String> template =
                set.map(one -> one.getSpec().getTemplate().getSpec().getServiceAccountName());
        Stream<String> running = set.stream()
                .flatMap(one -> pods.apply(one).stream())
                .flatMap(pod -> Stream.ofNullable(pod.getSpec().getServiceAccountName()));
        return Stream.concat(
                        first.or(() -> template).stream(),
                        Stream.concat(template.stream(), running).sorted())
                .distinct()
                .toList();
    }
}
