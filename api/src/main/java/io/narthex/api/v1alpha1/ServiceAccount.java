package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.ResourceName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The service account of a server's pods.
 *
 * @param name The name. Default: one made of the server's name.
 * @param create Whether Narthex makes it. Default: true.
 * @param annotations Annotations to put on it where Narthex makes it, such as those of a cloud's identity.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceAccount(
        @ResourceName @Nullable String name,
        @Nullable Boolean create,
        Map<String, @Size(max = 4096) String> annotations) {
    public ServiceAccount {
        annotations = Immutable.map(annotations);
    }
}
