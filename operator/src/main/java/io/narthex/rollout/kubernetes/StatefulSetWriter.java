package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.time.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one server's StatefulSet, and puts right what others change in it. For one thread. */
final class StatefulSetWriter {

    private static final Logger LOG = LoggerFactory.getLogger(StatefulSetWriter.class);

    /** So long after it was last written the StatefulSet is left as others change it. */
    private static final Duration BETWEEN_CORRECTIONS = Duration.ofSeconds(10);

    /** So long after the API server refused it isn't asked for a correction: a webhook that hangs keeps whoever asks waiting. */
    private static final Backoff AFTER_REFUSALS = new Backoff(BETWEEN_CORRECTIONS, Duration.ofMinutes(1));

    /** So long after it was written the StatefulSet may be missing in the watch, which lags behind. */
    private static final Duration UNTIL_SHOWN = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final ObjectNames names;
    private final Supplier<Optional<StatefulSet>> watch;
    private final InstantSource clock;

    private Optional<StatefulSet> applied = Optional.empty();
    private Instant appliedAt = Instant.MIN;
    /** The identity of the one that the watch showed last. */
    private String shown = "";

    /** The version of the StatefulSet's specification that was written last; empty where another wrote it. */
    private String written = "";

    private Instant correctFrom = Instant.MIN;
    /** How often in a row the API server refused. */
    private int refusals;
    /** What it refused last, as it was desired; empty where it took it. */
    private Optional<StatefulSet> refused = Optional.empty();

    private Optional<String> uncorrected = Optional.empty();

    /**
     * Makes one.
     *
     * @param watch shows the StatefulSet, which may be some moments old
     * @param clock tells the time as it passes
     */
    StatefulSetWriter(
            KubernetesClient client, ObjectNames names, Supplier<Optional<StatefulSet>> watch, InstantSource clock) {
        this.client = client;
        this.names = names;
        this.watch = watch;
        this.clock = clock;
    }

    /** The newest that is known: the one written last, unless what is watched is newer or another wrote it, or it is gone. */
    Optional<StatefulSet> newest() {
        Optional<StatefulSet> watched = watch.get();
        if (applied.isPresent() && isOutdated(applied.get(), watched)) {
            applied = Optional.empty();
        }
        watched.ifPresent(set -> shown = set.getMetadata().getUid());
        return applied.or(() -> watched);
    }

    private boolean isOutdated(StatefulSet mine, Optional<StatefulSet> watched) {
        String uid = mine.getMetadata().getUid();
        Optional<StatefulSet> same =
                watched.filter(set -> set.getMetadata().getUid().equals(uid));
        if (same.isPresent()) {
            return same.get().getMetadata().getGeneration()
                    >= mine.getMetadata().getGeneration();
        }
        // It was shown and is deleted; or it was deleted before it could be shown, and never will be.
        return shown.equals(uid) || !clock.instant().isBefore(appliedAt.plus(UNTIL_SHOWN));
    }

    /** Returns which key for restarts pods made of a template have; empty where it has none. */
    static Optional<String> restartKey(PodTemplateSpec template) {
        return Optional.ofNullable(template.getMetadata())
                .map(metadata -> metadata.getAnnotations())
                .map(annotations -> annotations.get(ObjectNames.RESTART_KEY));
    }

    /**
     * Writes it with this template.
     *
     * @param desired what else is to be in it
     * @param beside the identity of the one that was there when that was desired; once it is gone no other is made
     * @param template what its pods are to be made of
     * @throws NotOurs where one of its name belongs to somebody else
     */
    void apply(Deployment desired, Optional<String> beside, PodTemplateSpec template) throws NotOurs {
        StatefulSet wanted = new StatefulSetBuilder(desired.statefulSet())
                .editSpec()
                .withTemplate(template)
                .endSpec()
                .build();
        Optional<StatefulSet> there = newest();
        if (there.isPresent()) {
            Ownership.demand(there.get(), wanted);
            // The API server lets nobody change the claims of a set that exists.
            wanted.getSpec().setVolumeClaimTemplates(there.get().getSpec().getVolumeClaimTemplates());
        } else if (beside.isPresent()) {
            return;
        } else {
            StatefulSet found = client.resource(wanted).get();
            if (found != null) {
                Ownership.demand(found, wanted);
                wanted.getSpec().setVolumeClaimTemplates(found.getSpec().getVolumeClaimTemplates());
            }
        }
        StatefulSet now;
        try {
            now = client.resource(wanted)
                    .fieldManager(ObjectNames.NARTHEX)
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            refusals++;
            refused = Optional.of(desired.statefulSet());
            correctFrom = clock.instant().plus(AFTER_REFUSALS.after(refusals));
            throw e;
        }
        applied = Optional.of(now);
        appliedAt = clock.instant();
        written = specVersion(now);
        refusals = 0;
        refused = Optional.empty();
        correctFrom = appliedAt.plus(BETWEEN_CORRECTIONS);
        uncorrected = Optional.empty();
    }

    private static String specVersion(StatefulSet set) {
        return set.getMetadata().getUid() + "/" + set.getMetadata().getGeneration();
    }

    /**
     * Does what the engine has no eyes for: stops pods that are too many, and puts back what others changed in the
     * StatefulSet, before a pod is made of it.
     *
     * @param there the newest that is known
     */
    void correct(StatefulSet there, Deployment desired, Optional<String> beside, Optional<Version> lastGood) {
        boolean foreign = !specVersion(there).equals(written);
        boolean tooMany = there.getSpec().getReplicas() > desired.replicas();
        if (!foreign && !tooMany) {
            uncorrected = Optional.empty();
            return;
        }
        // What is desired since the refusal may be taken. Where nothing was refused pods that are too many don't wait.
        boolean waits = refused.map(desired.statefulSet()::equals).orElse(!tooMany);
        if (waits && clock.instant().isBefore(correctFrom)) {
            // What could not be corrected stays said until it is tried again.
            return;
        }
        try {
            PodTemplateSpec now = there.getSpec().getTemplate();
            Optional<PodTemplateSpec> template = Stream.concat(Stream.of(desired.version()), lastGood.stream())
                    .map(Version::template)
                    .filter(known -> restartKey(known).equals(restartKey(now)))
                    .findFirst()
                    // Which template is next the engine says; pods that are too many don't wait for that.
                    .or(() -> Optional.of(now).filter(unknown -> tooMany));
            if (template.isPresent()) {
                apply(desired, beside, template.get());
            }
            uncorrected = Optional.empty();
        } catch (KubernetesClientException e) {
            uncorrected(ApiServerWords.of(e));
        } catch (NotOurs e) {
            uncorrected(String.valueOf(e.getMessage()));
        }
    }

    private void uncorrected(String why) {
        if (!uncorrected.equals(Optional.of(why))) {
            uncorrected = Optional.of(why);
            LOG.warn("{}: its StatefulSet can't be put right: {}", names.server(), why);
        }
    }

    /** Returns why it can't be made what it is to be, besides what {@link #apply} throws. */
    Optional<String> uncorrected() {
        return uncorrected;
    }
}
