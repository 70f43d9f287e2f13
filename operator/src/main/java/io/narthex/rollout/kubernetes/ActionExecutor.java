package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.rollout.Action;
import io.narthex.rollout.Release;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Carries out single actions of the engine on one server's Secrets, StatefulSet and pods. For one thread. */
final class ActionExecutor {

    private final Desired desired;
    private final ConfigSecrets secrets;
    private final KeptRelease memory;
    private final PodNudges nudges;
    private final PodEvictions evictions;
    private final StatefulSetWriter statefulSet;
    private final ServerPods pods;
    private final ReleaseSources sources;

    ActionExecutor(
            Desired desired,
            ConfigSecrets secrets,
            KeptRelease memory,
            PodNudges nudges,
            PodEvictions evictions,
            StatefulSetWriter statefulSet,
            ServerPods pods) {
        this.desired = desired;
        this.secrets = secrets;
        this.memory = memory;
        this.nudges = nudges;
        this.evictions = evictions;
        this.statefulSet = statefulSet;
        this.pods = pods;
        this.sources = new ReleaseSources(desired, memory);
    }

    /**
     * Carries out an action; does nothing where it expects another version of what is kept.
     *
     * @throws NotAtHand where what is to be written isn't at hand, or there is no room for it
     * @throws NotOurs where an object that is to be written belongs to somebody else
     * @throws PodEvictions.NotEvicted where a pod that is to be made anew can't be evicted
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    void carryOut(Action action) throws NotAtHand, NotOurs, PodEvictions.NotEvicted, InterruptedException {
        switch (action) {
            // Has passed, as observed.
            case Action.Check check -> {}
            case Action.PublishParts(Release release, String version, var obsolete, boolean mayBringIndex) -> {
                if (version.equals(secrets.version())) {
                    SortedMap<String, String> news = IndexCopies.ofNews(release, secrets.missing(release.files()));
                    // Before parts, for which there may be no room: what nobody may use any more waits for nothing.
                    secrets.publish(SecretKind.CREDENTIAL, release.credentials(), sources.content(), obsolete);
                    secrets.remove(SecretKind.CREDENTIAL, obsolete::contains);
                    secrets.publish(SecretKind.PART, release.parts(), sources.content(), obsolete, needed(release));
                    if (mayBringIndex && !news.isEmpty()) {
                        publishIndex(release, news);
                    } else {
                        secrets.mendIndex();
                    }
                    nudges.nudgeAll(pods.runningNow());
                }
            }
            case Action.PublishIndex(Release release, String version) -> {
                if (version.equals(secrets.version())) {
                    secrets.publish(SecretKind.PART, release.replaced(), sources.content(), Set.of(), needed(release));
                    // What somebody put there besides would hide a part of the same name.
                    secrets.publish(SecretKind.CREDENTIAL, Map.of(), sources.content(), Set.of());
                    publishIndex(release, Map.of());
                    nudges.nudgeAll(pods.runningNow());
                }
            }
            case Action.Prune(Release release, var spared, String version) -> {
                if (version.equals(secrets.version())) {
                    Set<String> parts = new HashSet<>(spared);
                    parts.addAll(release.parts().keySet());
                    parts.addAll(release.replaced().keySet());
                    secrets.remove(SecretKind.PART, path -> !parts.contains(path));
                    secrets.remove(
                            SecretKind.CREDENTIAL,
                            path -> !release.credentials().containsKey(path) && !spared.contains(path));
                }
            }
            case Action.KeepLastGood(Release release, String version) -> {
                if (version.equals(secrets.version())) {
                    memory.keep(sources.version(release), sources.content());
                }
            }
            case Action.NoteRefusal(var refusal) -> memory.note(refusal);
            case Action.Nudge(var instances) -> {
                for (String instance : instances) {
                    nudges.nudge(instance);
                }
            }
            case Action.Reload(long token, var instances) -> pods.reload(token, instances);
            case Action.Start(String instance, Release release) -> start(instance, sources.version(release));
            case Action.Restart(String instance, Release release) -> {
                apply(sources.version(release));
                Optional<PodView> pod = pods.view(instance);
                if (pod.isPresent()) {
                    evictions.evict(pod.get());
                }
            }
            // Searching and waiting are the loop's.
            case Action.FindCulprit find -> {}
            case Action.Wait wait -> {}
        }
    }

    /** Returns the files that stay however short the room is: those of the next release, and those to go back to. */
    private Set<String> needed(Release next) {
        Set<String> needed = new HashSet<>(next.files().keySet());
        memory.lastGood().ifPresent(good -> needed.addAll(good.release().files().keySet()));
        return needed;
    }

    /**
     * Writes the index, and in the same Secret copies of parts that were just written: one Secret arrives as a whole, so
     * that nobody sees the index without them. Copies of earlier parts go once every pod that runs sees the originals.
     */
    private void publishIndex(Release release, Map<String, String> news) throws NotAtHand, InterruptedException {
        SortedMap<String, String> copies = IndexCopies.thatStay(release, secrets, pods.arrivals());
        copies.putAll(news);
        secrets.publishIndex(release.index(), copies, sources.content(), !news.isEmpty());
    }

    /** A pod that the kubelet restarts ever more rarely, or no more, is made anew, with what is now to run. */
    private void start(String instance, Version version)
            throws NotOurs, NotAtHand, PodEvictions.NotEvicted, InterruptedException {
        apply(version);
        Optional<PodView> pod =
                pods.view(instance).filter(view -> view.isOver() || (view.isLooping() && !isVain(view, version)));
        if (pod.isPresent()) {
            evictions.evict(pod.get());
        }
    }

    /**
     * Whether another pod would be made like this one, as pods that served were, and read the same files: it would end the
     * same way, and the samples in an emptyDir would be lost for it.
     */
    private boolean isVain(PodView view, Version version) {
        Optional<String> key = view.restartKey();
        return key.isPresent()
                && key.equals(StatefulSetWriter.restartKey(version.template()))
                && memory.lastGood()
                        .filter(good -> key.get().equals(good.release().restartKey()))
                        .isPresent()
                && pods.endedWith(view.name(), secrets.files());
    }

    private void apply(Version version) throws NotOurs, NotAtHand, InterruptedException {
        Optional<Deployment> deployment = desired.deployment();
        if (deployment.isPresent()) {
            memory.secure();
            statefulSet.apply(deployment.get(), desired.beside(), version.template());
        }
    }
}
