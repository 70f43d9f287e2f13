package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Required;
import io.narthex.api.schema.ResourceName;
import java.util.Objects;

/**
 * One entry of a secret. On Kubernetes: a Secret of the resource's own namespace. On Swarm: the Docker secret {@code
 * name}, which is mounted. In a folder: the file {@code .secrets/NAME/KEY}, readable by its owner only.
 *
 * @param name The secret's name.
 * @param key The entry in the secret. A Docker secret has one entry only, so there the key is just a name.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SecretKeyRef(
        @Required @ResourceName String name,
        @Required @ResourceName String key) {
    public SecretKeyRef {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(key, "key");
    }
}
