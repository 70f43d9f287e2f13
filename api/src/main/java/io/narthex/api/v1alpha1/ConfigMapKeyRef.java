package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.ResourceName;
import java.util.Objects;

/**
 * One entry of a ConfigMap of the resource's own namespace. Kubernetes only.
 *
 * @param name The ConfigMap's name.
 * @param key The entry in the ConfigMap.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ConfigMapKeyRef(
        @Required @ResourceName String name,
        @Required @ResourceName String key) {
    public ConfigMapKeyRef {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(key, "key");
    }
}
