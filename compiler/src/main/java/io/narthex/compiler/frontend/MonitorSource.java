package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.NamespaceSelection;
import io.narthex.api.v1alpha1.Source;
import io.narthex.api.v1alpha1.SourceKind;
import io.narthex.compiler.model.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a Monitor's source says by itself, whichever server takes it. */
final class MonitorSource {

    /** The path of {@code spec.source}. */
    static final FieldPath AT = FieldPath.of("spec", "source");

    private MonitorSource() {}

    /** Returns which kinds of source are set; one in a valid Monitor. */
    static List<SourceKind> kinds(Source source) {
        Map<SourceKind, @Nullable Object> all = new LinkedHashMap<>();
        all.put(SourceKind.SERVICE, source.service());
        all.put(SourceKind.POD, source.pod());
        all.put(SourceKind.NODE, source.node());
        all.put(SourceKind.INGRESS, source.ingress());
        all.put(SourceKind.STATIC, source.staticTargets());
        all.put(SourceKind.DNS, source.dns());
        all.put(SourceKind.HTTP, source.http());
        all.put(SourceKind.FILE, source.file());
        all.put(SourceKind.SWARM, source.swarm());
        all.put(SourceKind.DOCKER, source.docker());
        all.put(SourceKind.CONSUL, source.consul());
        all.put(SourceKind.EC2, source.ec2());
        all.put(SourceKind.GCE, source.gce());
        all.put(SourceKind.AZURE, source.azure());
        all.put(SourceKind.OTHER, source.other());
        List<SourceKind> set = new ArrayList<>(1);
        all.forEach((kind, value) -> {
            if (value != null) {
                set.add(kind);
            }
        });
        return set;
    }

    /** Returns whether what a source finds depends on where its server may discover objects. */
    static boolean goBySight(Source source) {
        return source.node() != null
                || (source.service() != null && source.service().attachNodeMetadata())
                || (source.pod() != null && source.pod().attachNodeMetadata())
                || namespaces(source) != null;
    }

    /** Returns whether a source names another namespace than its own. */
    static boolean looksBeyond(Source source, String namespace) {
        NamespaceSelection namespaces = namespaces(source);
        return namespaces != null
                && (namespaces.all() || namespaces.names().stream().anyMatch(name -> !name.equals(namespace)));
    }

    private static @Nullable NamespaceSelection namespaces(Source source) {
        return source.service() != null
                ? source.service().namespaces()
                : source.pod() != null
                        ? source.pod().namespaces()
                        : source.ingress() != null ? source.ingress().namespaces() : null;
    }

    /**
     * Returns the start of the labels that discovery gives a source's objects, such as {@code __meta_kubernetes_pod};
     * null for sources whose targets are no objects.
     */
    static @Nullable String object(Source source) {
        return source.service() != null
                ? "__meta_kubernetes_service"
                : source.pod() != null
                        ? "__meta_kubernetes_pod"
                        : source.node() != null
                                ? "__meta_kubernetes_node"
                                : source.ingress() != null ? "__meta_kubernetes_ingress" : null;
    }
}
