package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Metadata that targets get from other objects.
 *
 * @param node whether the node's; for the roles pod, endpoints and endpointslice
 * @param namespace whether the namespace's; from 3.6 on
 */
public record KubernetesAttachMetadata(
        @Nullable Boolean node, @Nullable Boolean namespace) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.K8S_ATTACH_NODE, node);
        out.write(ConfigField.K8S_ATTACH_NAMESPACE, namespace);
    }
}
