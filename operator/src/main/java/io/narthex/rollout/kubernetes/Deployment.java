package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.narthex.compiler.model.Bundle;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Release;
import java.util.List;
import java.util.Optional;

/**
 * All that a PrometheusServer becomes in a cluster. Its objects are never to be modified.
 *
 * @param bundle what Prometheus is to run with
 * @param release the same as the engine sees it; here its restart key changes with the pod template, too
 * @param statefulSet the StatefulSet with that template
 * @param objects all other objects of the server's own namespace, in the order in which they are to be written
 * @param access how to come into its pods
 */
public record Deployment(
        Bundle bundle, Release release, StatefulSet statefulSet, List<HasMetadata> objects, ServerAccess access) {

    public Deployment {
        objects = List.copyOf(objects);
    }

    /**
     * Returns what the same server becomes with another bundle; empty where its objects become others, too.
     *
     * @param next what it is to run with
     * @param way how to come into its pods
     */
    public Optional<Deployment> with(Bundle next, ServerAccess way) {
        boolean same = bundle.restartKey().equals(next.restartKey())
                && bundle.version().equals(next.version())
                && bundle.flags().equals(next.flags())
                && bundle.address().equals(next.address());
        return same
                ? Optional.of(new Deployment(
                        next, Release.of(next).withRestartKey(release.restartKey()), statefulSet, objects, way))
                : Optional.empty();
    }

    /**
     * Returns the same, with the rights of its pods' account for others, too.
     *
     * @param accounts all that are to have them, that one first
     */
    public Deployment boundTo(List<String> accounts) {
        List<HasMetadata> bound = objects.stream()
                .map(object -> object instanceof RoleBinding binding ? boundTo(binding, accounts) : object)
                .toList();
        return new Deployment(bundle, release, statefulSet, bound, access);
    }

    private static RoleBinding boundTo(RoleBinding binding, List<String> accounts) {
        return new RoleBindingBuilder(binding)
                .withSubjects(DeploymentFactory.subjects(binding.getMetadata().getNamespace(), accounts))
                .build();
    }

    /** Returns those of the objects by which the account of its pods exists and has its rights. */
    public List<HasMetadata> accountObjects() {
        return objects.stream()
                .filter(object -> object instanceof ServiceAccount || object instanceof RoleBinding)
                .toList();
    }

    /** Returns whether the account of its pods is among its objects; otherwise somebody else is to make it. */
    public boolean makesAccount() {
        return objects.stream().anyMatch(ServiceAccount.class::isInstance);
    }

    int replicas() {
        return statefulSet.getSpec().getReplicas();
    }

    Version version() {
        return new Version(release, statefulSet.getSpec().getTemplate());
    }
}
