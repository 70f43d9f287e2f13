package io.narthex.compiler.config;

import org.jspecify.annotations.Nullable;

/**
 * Which objects of a role are watched.
 *
 * @param role the role
 * @param label a selector of labels, as kubectl takes it
 * @param field a selector of fields, as kubectl takes it
 */
public record KubernetesSelector(
        KubernetesRole role,
        @Nullable String label,
        @Nullable String field) implements Part {

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.K8S_SELECTOR_ROLE, role);
        out.write(ConfigField.K8S_SELECTOR_LABEL, label);
        out.write(ConfigField.K8S_SELECTOR_FIELD, field);
    }
}
