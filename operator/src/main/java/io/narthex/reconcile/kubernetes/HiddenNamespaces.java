package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.IngressSource;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.NamespaceSelection;
import io.narthex.api.v1alpha1.PodSource;
import io.narthex.api.v1alpha1.ServiceSource;
import io.narthex.api.v1alpha1.Source;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The namespaces that a Monitor's source names and the server that takes it may not see. */
final class HiddenNamespaces {

    private final ResourceKey server;
    private final Consent consent;

    HiddenNamespaces(ResourceKey server, Consent consent) {
        this.server = server;
        this.consent = consent;
    }

    /** Returns one diagnostic for each of them. */
    List<Diagnostic> of(Declared<?> resource, Inventory inventory) {
        if (!(resource.spec() instanceof MonitorSpec monitor)) {
            return List.of();
        }
        Source source = monitor.source();
        List<Diagnostic> diagnostics = new ArrayList<>();
        look(
                resource,
                "service",
                Optional.ofNullable(source.service()).map(ServiceSource::namespaces),
                inventory,
                diagnostics);
        look(resource, "pod", Optional.ofNullable(source.pod()).map(PodSource::namespaces), inventory, diagnostics);
        look(
                resource,
                "ingress",
                Optional.ofNullable(source.ingress()).map(IngressSource::namespaces),
                inventory,
                diagnostics);
        return List.copyOf(diagnostics);
    }

    private void look(
            Declared<?> resource,
            String kind,
            Optional<NamespaceSelection> selection,
            Inventory inventory,
            List<Diagnostic> diagnostics) {
        List<String> names = selection.map(NamespaceSelection::names).orElse(List.of());
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (!consent.allows(server, name, inventory)) {
                diagnostics.add(new Diagnostic(
                        DiagnosticCode.NAMESPACE_NOT_VISIBLE,
                        DiagnosticCode.NAMESPACE_NOT_VISIBLE.severity(),
                        Optional.of(resource.key()),
                        FieldPath.of("spec")
                                .field("source")
                                .field(kind)
                                .field("namespaces")
                                .field("names")
                                .index(i),
                        Optional.empty(),
                        "the server " + server.namespace() + "/" + server.name() + " may not see the namespace " + name,
                        "",
                        "label the namespace with " + Consent.MONITORED_FROM + "=" + server.namespace()
                                + ", or take it out of the source"));
            }
        }
    }
}
