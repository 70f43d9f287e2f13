package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.StorageMedium;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a pod has its samples: in a volume that is claimed for it, in one that exists, or in its own. */
final class DataVolume {

    static final String NAME = "data";

    private DataVolume() {}

    /** Returns what the StatefulSet claims for each pod; nothing where the samples lie elsewhere. */
    static List<PersistentVolumeClaim> claims(@Nullable Storage storage) {
        if (storage == null || !isClaimed(storage)) {
            return List.of();
        }
        return List.of(new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClass())
                .withNewResources()
                .withRequests(Map.of("storage", claimed(storage)))
                .endResources()
                .endSpec()
                .build());
    }

    private static boolean isClaimed(Storage storage) {
        return storage.existingClaim() == null && (storage.size() != null || storage.storageClass() != null);
    }

    private static Quantity claimed(Storage storage) {
        return new Quantity(storage.size() == null ? "10Gi" : storage.size());
    }

    /** Returns the pod's own volume; empty where the StatefulSet puts the claimed one there. */
    static Optional<Volume> volume(@Nullable Storage storage) {
        if (storage != null && storage.existingClaim() != null) {
            return Optional.of(new VolumeBuilder()
                    .withName(NAME)
                    .withNewPersistentVolumeClaim()
                    .withClaimName(storage.existingClaim())
                    .endPersistentVolumeClaim()
                    .build());
        }
        if (storage != null && isClaimed(storage)) {
            // The StatefulSet puts the claim's volume there.
            return Optional.empty();
        }
        Storage.EmptyDir folder = storage == null ? null : storage.emptyDir();
        EmptyDirVolumeSource source = folder == null
                ? new EmptyDirVolumeSource()
                : new EmptyDirVolumeSourceBuilder()
                        .withSizeLimit(folder.sizeLimit() == null ? null : new Quantity(folder.sizeLimit()))
                        .withMedium(folder.medium() == StorageMedium.MEMORY ? "Memory" : null)
                        .build();
        return Optional.of(
                new VolumeBuilder().withName(NAME).withEmptyDir(source).build());
    }
}
