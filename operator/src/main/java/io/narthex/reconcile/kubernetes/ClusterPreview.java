package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.status.kubernetes.Finding;
import java.util.Optional;
import java.util.Set;

/** Says what an operator would make of an inventory, without one. Changes nothing anywhere. */
public final class ClusterPreview {

    private final Consent consent;

    /**
     * Makes one.
     *
     * @param platformNamespaces the namespaces whose servers may see all others
     */
    public ClusterPreview(Set<String> platformNamespaces) {
        this.consent = new Consent(platformNamespaces);
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

    /** Returns why no server of the inventory takes a Monitor or RuleSet; empty where one does. */
    public Optional<String> whyNobody(Declared<?> resource, Inventory inventory) {
        return new Nobody(consent)
                .why(resource, inventory, inventory.servers().toList())
                .map(Finding::message);
    }
}
