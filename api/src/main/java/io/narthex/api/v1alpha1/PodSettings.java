package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.Quantity;
import io.narthex.api.schema.ResourceName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a server's pods.
 *
 * @param labels Labels to put on them, beside those that Narthex sets.
 * @param annotations Annotations to put on them, beside those that Narthex sets.
 * @param resources The CPU and memory that they ask for and may use.
 * @param nodeSelector Labels that their node must have.
 * @param tolerations Taints that they put up with.
 * @param priorityClassName Their priority class.
 * @param terminationGracePeriodSeconds How many seconds they have to stop. Narthex's default: 600, since the database
 *     must be closed.
 */
public record PodSettings(
        Map<String, @Size(max = 63) String> labels,
        Map<String, @Size(max = 4096) String> annotations,
        @Nullable Resources resources,
        Map<String, @Size(max = 63) String> nodeSelector,
        List<Toleration> tolerations,
        @ResourceName @Nullable String priorityClassName,
        @Min(0) @Max(86400) @Nullable Integer terminationGracePeriodSeconds) {
    public PodSettings {
        labels = Immutable.map(labels);
        annotations = Immutable.map(annotations);
        nodeSelector = Immutable.map(nodeSelector);
        tolerations = Immutable.list(tolerations);
    }

    /**
     * The CPU and memory of a container.
     *
     * @param requests What it is sure to get, by resource, as Kubernetes quantities.
     * @param limits What it can't exceed, by resource, as Kubernetes quantities.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Resources(
            @Size(max = 16) Map<String, @Quantity String> requests,
            @Size(max = 16) Map<String, @Quantity String> limits) {

        public Resources {
            requests = Immutable.map(requests);
            limits = Immutable.map(limits);
        }
    }

    /**
     * A taint that a pod puts up with.
     *
     * @param key The taint's key. Absent for any.
     * @param operator How the taint's value must relate to {@code value}. Default: {@code Equal}.
     * @param value The taint's value.
     * @param effect The taint's effect. Absent for any.
     * @param tolerationSeconds For how many seconds the effect NoExecute is put up with. Absent for ever.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Toleration(
            @Size(min = 1, max = 316) @Nullable String key,
            @Nullable TolerationOperator operator,
            @Size(max = 63) @Nullable String value,
            @Nullable TaintEffect effect,
            @Min(0) @Max(9007199254740991L) @Nullable Long tolerationSeconds) {}
}
