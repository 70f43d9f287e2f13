package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/**
 * Why a StatefulSet that exists doesn't become the wanted one: its samples would be left behind.
 *
 * @param problem what would become of the samples
 * @param remedy what to do
 */
public record StorageChange(String problem, String remedy) {

    /** Where a pod has its samples. */
    private sealed interface Place {

        /** In a volume that is claimed for each pod. */
        record Claimed() implements Place {
            @Override
            public String toString() {
                return "claimed volumes (storage.size)";
            }
        }

        /** In one that exists. */
        record Existing(String claim) implements Place {
            @Override
            public String toString() {
                return "the claim " + claim;
            }
        }

        /** In one that goes with the pod. */
        record Passing() implements Place {
            @Override
            public String toString() {
                return "volumes that live as long as their pods (emptyDir)";
            }
        }
    }

    /**
     * Returns why not; empty where it may become the wanted one.
     *
     * @param mayLose whether the user allows a change to lose samples
     */
    public static Optional<StorageChange> refused(StatefulSet there, StatefulSet wanted, boolean mayLose) {
        Optional<Place> before = place(there);
        Optional<Place> after = place(wanted);
        if (before.isEmpty() || after.isEmpty() || before.equals(after)) {
            return Optional.empty();
        }
        String samples = "the samples lie on " + before.get() + ", and " + after.get() + " would be without them";
        if (before.get() instanceof Place.Claimed || after.get() instanceof Place.Claimed) {
            // The API server lets nobody change the claims of a set that exists, nor may Narthex delete one.
            return Optional.of(new StorageChange(
                    samples + "; a StatefulSet that exists takes no other claims",
                    "put spec.storage back; or, to have the server begin anew, delete the StatefulSet "
                            + there.getMetadata().getName() + ", whose claims stay"));
        }
        return mayLose
                ? Optional.empty()
                : Optional.of(
                        new StorageChange(
                                samples,
                                "put spec.storage back, or set spec.storage.allowDataLoss: true to have the server begin anew"));
    }

    private static Optional<Place> place(StatefulSet set) {
        if (set.getSpec().getVolumeClaimTemplates() != null
                && !set.getSpec().getVolumeClaimTemplates().isEmpty()) {
            return Optional.of(new Place.Claimed());
        }
        List<Volume> volumes = set.getSpec().getTemplate().getSpec().getVolumes();
        return volumes.stream()
                .filter(volume -> volume.getName().equals(DataVolume.NAME))
                .findFirst()
                .map(volume -> volume.getPersistentVolumeClaim() == null
                        ? new Place.Passing()
                        : new Place.Existing(volume.getPersistentVolumeClaim().getClaimName()));
    }
}
