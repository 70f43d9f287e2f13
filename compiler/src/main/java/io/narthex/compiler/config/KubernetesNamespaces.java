package io.narthex.compiler.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Namespaces of service discovery.
 *
 * @param ownNamespace whether Prometheus's own counts
 * @param names further ones
 */
public record KubernetesNamespaces(@Nullable Boolean ownNamespace, List<String> names) implements Part {

    public KubernetesNamespaces {
        names = List.copyOf(names);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.K8S_NAMESPACES_OWN_NAMESPACE, ownNamespace);
        out.write(ConfigField.K8S_NAMESPACES_NAMES, names);
    }
}
