package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.prometheus.ServerAccess;
import io.narthex.reconcile.Change;
import io.narthex.rollout.kubernetes.Deployment;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.DeploymentSettings;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.PodOverlay;
import io.narthex.status.kubernetes.Finding;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Says what an operator would make of an inventory, without one. Changes nothing anywhere. */
public final class ClusterPreview {

    /** Where an operator has its images from isn't known here; a difference of two of its servers it makes none. */
    private static final DeploymentSettings SETTINGS =
            new DeploymentSettings("prometheus", DeploymentSettings.DEFAULT.discoveryRole(), Optional.empty());

    private final Consent consent;
    private final Function<ObjectNames, Optional<StatefulSet>> statefulSets;
    private final DeploymentFactory deployments = new DeploymentFactory(SETTINGS, new KubernetesSerialization());

    /**
     * Makes one.
     *
     * @param consent which namespaces a server may see
     * @param statefulSets returns the StatefulSet that a server owns, as far as that may be looked at
     */
    public ClusterPreview(Consent consent, Function<ObjectNames, Optional<StatefulSet>> statefulSets) {
        this.consent = consent;
        this.statefulSets = statefulSets;
    }

    /** Returns how a server is compiled. */
    public CompileOptions options(PrometheusServerSpec server) {
        return CompileOptions.inContainers(Platform.KUBERNETES, server, DeploymentFactory.LAYOUT);
    }

    /** Returns what a server may see of an inventory. */
    public Inventory seenBy(ResourceKey server, Inventory inventory) {
        return new ServerView(server, consent).of(inventory);
    }

    /** Compiles a server with what it may see and selects. */
    public Compilation compile(Compiler compiler, Declared<PrometheusServerSpec> server, Inventory inventory) {
        return compiler.compile(seenBy(server.key(), inventory), server.key(), options(server.spec()));
    }

    /** Returns what of a server can't be carried out, though it compiles to a bundle. */
    public List<Diagnostic> refusals(Declared<PrometheusServerSpec> server, Bundle bundle) {
        return new KubernetesCheck(
                        deployments,
                        () -> statefulSets.apply(ObjectNames.of(server.key())),
                        account -> Optional.empty())
                .refusals(server, bundle);
    }

    /**
     * Returns the version that a server goes on with where the one of an inventory isn't carried out; empty where that one
     * is, or none is known that ran before.
     */
    public Optional<Declared<PrometheusServerSpec>> earlier(
            Compiler compiler, Declared<PrometheusServerSpec> server, Inventory inventory) {
        boolean refused = compile(compiler, server, inventory)
                .bundle()
                .filter(bundle -> !refusals(server, bundle).isEmpty())
                .isPresent();
        return refused
                ? statefulSets.apply(ObjectNames.of(server.key())).flatMap(set -> AcceptedServer.of(set, server.key()))
                : Optional.empty();
    }

    /**
     * Returns what differs between two versions of a server besides their configurations. Of one that isn't carried out
     * nothing is known; what runs instead of it becomes another.
     */
    public List<Change> changes(
            Declared<PrometheusServerSpec> before,
            Bundle bundleBefore,
            Declared<PrometheusServerSpec> after,
            Bundle bundleAfter) {
        Optional<Deployment> was = deployment(before, bundleBefore);
        Optional<Deployment> is = deployment(after, bundleAfter);
        if (was.isPresent() && is.isPresent()) {
            return DeploymentDiff.between(was.get(), is.get());
        }
        return is.isPresent()
                ? List.of(new Change(Change.Kind.CHANGED, Change.Part.POD, "podTemplate", "", "refused", "applied"))
                : List.of();
    }

    private Optional<Deployment> deployment(Declared<PrometheusServerSpec> server, Bundle bundle) {
        try {
            return Optional.of(deployments.make(server, "", bundle, ServerAccess.OPEN));
        } catch (PodOverlay.Refused e) {
            return Optional.empty();
        }
    }

    /** Returns why no server of the inventory takes a Monitor or RuleSet; empty where one does. */
    public Optional<String> whyNobody(Declared<?> resource, Inventory inventory) {
        return new Nobody(consent)
                .why(resource, inventory, inventory.servers().toList())
                // Of those of other classes the operator without one says that; their own operator takes it.
                .filter(finding -> finding.reason() != ConditionReason.PENDING)
                .map(Finding::message);
    }
}
