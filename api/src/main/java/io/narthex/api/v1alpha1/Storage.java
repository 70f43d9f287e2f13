package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.narthex.api.schema.Quantity;
import io.narthex.api.schema.ResourceName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where samples are kept. {@code narthex run} keeps them in its state folder and takes none of these.
 *
 * @param size The size of the volume, as a Kubernetes quantity, such as {@code 50Gi}. Kubernetes only.
 * @param storageClass The storage class of the volume. Default: the cluster's. Kubernetes only.
 * @param existingClaim A PersistentVolumeClaim that exists already, for one replica. Kubernetes only.
 * @param emptyDir Keeps samples on the node, for as long as the pod lives: what replaces pods, such as another release, deletes
 *     them. Kubernetes only.
 * @param volume The Docker volume. Swarm only.
 * @param allowDataLoss Whether a change may take other storage, and so lose samples. Without it such a change is refused.
 *     On Kubernetes a volume never shrinks, and between claimed volumes ({@code size}) and others there is no change of a
 *     server that runs.
 */
@ValidationRule(
        value =
                "[has(self.size) || has(self.storageClass), has(self.existingClaim), has(self.emptyDir), has(self.volume)].filter(x, x).size() <= 1",
        message = "set at most one of size (with storageClass), existingClaim, emptyDir and volume")
public record Storage(
        @Quantity @Nullable String size,
        @ResourceName @Nullable String storageClass,
        @ResourceName @Nullable String existingClaim,
        @Nullable EmptyDir emptyDir,
        @Nullable SwarmVolume volume,
        boolean allowDataLoss) {

    /**
     * A folder on the node that lives as long as the pod.
     *
     * @param sizeLimit The most it may hold, as a Kubernetes quantity.
     * @param medium What it is made of. Default: the node's disk.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record EmptyDir(
            @Quantity @Nullable String sizeLimit, @Nullable StorageMedium medium) {}

    /**
     * A Docker volume.
     *
     * @param name The volume's name. Default: one made of the server's name.
     * @param driver The volume's driver. Default: {@code local}.
     * @param driverOptions Options of the driver.
     * @param node The name of the node to which the server is pinned, since a local volume stays where it is.
     * @param existing Whether the volume is there already, such as one that another stack filled. It is then never
     *     created, and not used while another service mounts it.
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SwarmVolume(
            @ResourceName @Nullable String name,
            @Size(min = 1, max = 256) @Nullable String driver,
            Map<String, @Size(max = 1024) String> driverOptions,
            @Size(min = 1, max = 253) @Nullable String node,
            boolean existing) {

        public SwarmVolume {
            driverOptions = Immutable.map(driverOptions);
        }
    }
}
