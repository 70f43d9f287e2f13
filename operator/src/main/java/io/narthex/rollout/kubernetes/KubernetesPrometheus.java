package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Release;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver: observes one server's pods and carries out single actions on its Secrets, StatefulSet and pods. For one
 * thread, but for {@link #secretChanged}.
 */
public final class KubernetesPrometheus implements Driver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesPrometheus.class);

    private final ObjectNames names;
    private final InstantSource clock;
    private final InstantSource calendar;
    private final Desired desired = new Desired();
    private final ConfigSecrets secrets;
    private final KeptRelease memory;
    private final PodNudges nudges;
    private final PodEvictions evictions;
    private final StatefulSetWriter statefulSet;
    private final ServerPods pods;
    private final PodProblems problems;

    private volatile Optional<String> failure = Optional.empty();

    /**
     * Makes a driver.
     *
     * @param client asks the API server; not closed here
     * @param names the names of the server's objects
     * @param owner owns them
     * @param objects follows pods and StatefulSets
     * @param clock tells how time passes
     * @param calendar tells the time of day
     * @param random makes names for writes
     * @param listsSecrets whether it may list Secrets; without that it reads them one by one
     */
    public KubernetesPrometheus(
            KubernetesClient client,
            ObjectNames names,
            OwnerReference owner,
            ManagedObjects objects,
            InstantSource clock,
            InstantSource calendar,
            RandomGenerator random,
            boolean listsSecrets) {
        this.names = names;
        this.clock = clock;
        this.calendar = calendar;
        this.secrets = new ConfigSecrets(client, names, owner, clock, random, listsSecrets);
        this.memory = new KeptRelease(client, names, secrets);
        this.nudges = new PodNudges(client, names, clock, random);
        this.evictions = new PodEvictions(client, names);
        this.statefulSet = new StatefulSetWriter(client, names, () -> objects.statefulSet(names), clock);
        this.pods = new ServerPods(names, objects, clock, desired, secrets, memory, nudges, evictions);
        this.problems = new PodProblems(names, objects, clock, desired, pods);
    }

    /**
     * Says that a Secret of the server's namespace is there in another version; an empty one where it is gone. Returns
     * whether that is news to be looked at.
     */
    public boolean secretChanged(String name, String resourceVersion) {
        return secrets.changed(name, resourceVersion);
    }

    /** Says that changes of Secrets may have gone unheard. From any thread. */
    public void secretsUnknown() {
        secrets.unknown();
    }

    /**
     * Says what ought to run from now on.
     *
     * @param there the identity of the StatefulSet that the server has, as far as is known to whoever desires this. Once it
     *     is gone no other is made before something is desired without it: what somebody deleted isn't what he wants back
     */
    public void desire(Deployment deployment, Optional<String> there) {
        desired.set(deployment, there);
    }

    /** Returns the credential of the last good release whose path begins so; empty where none does, or none can be read. */
    public Optional<SecretValue> lastGood(String prefix) {
        try {
            secrets.refresh();
            memory.refresh();
            return memory.lastGood()
                    .flatMap(version -> version.release().credentials().entrySet().stream()
                            .filter(file -> file.getKey().startsWith(prefix))
                            .findFirst())
                    .flatMap(file -> memory.content().find(file.getKey(), file.getValue()))
                    .map(SecretValue::of);
        } catch (KubernetesClientException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Release> desired() {
        return desired.release();
    }

    @Override
    public Observed observe(Optional<Observed.Found> found) throws InterruptedException {
        try {
            secrets.refresh();
            memory.refresh();
        } catch (KubernetesClientException e) {
            return new Observed(
                    Optional.empty(),
                    new TreeMap<>(),
                    Optional.of(ApiServerWords.of(e)),
                    Optional.empty(),
                    Optional.empty());
        }
        Observed.Kept kept = new Observed.Kept(
                secrets.version(), secrets.files(), memory.lastGood().map(Version::release), memory.refusal());
        Optional<StatefulSet> there = statefulSet.newest();
        SortedMap<String, Instance> instances = pods.look(there);
        Optional<Deployment> deployment = desired.deployment();
        if (deployment.isPresent() && there.isPresent()) {
            statefulSet.correct(there.get(), deployment.get(), desired.beside(), memory.lastGood());
        }
        problems.noteLate(secrets.mounted(), nudges.refused());
        // Prometheus itself loads a configuration wholly before it applies any of it.
        Optional<Observed.Checked> checked =
                desired().map(release -> new Observed.Checked(release.id(), Optional.empty()));
        return new Observed(Optional.of(kept), instances, failure.or(statefulSet::uncorrected), checked, found);
    }

    /** Returns what keeps pods from running, in words, by pod. */
    public SortedMap<String, String> problems() {
        return problems.all();
    }

    @Override
    public void execute(Action action) throws InterruptedException {
        failure = Optional.empty();
        LOG.debug("{}: {}", names.server(), action);
        try {
            carryOut(action);
        } catch (KubernetesClientException e) {
            failure = Optional.of(aim(action) + ApiServerWords.of(e));
        } catch (ConfigSecrets.RoomLater e) {
            failure = Optional.of(
                    aim(action) + e.inWords(clock.instant(), calendar.instant(), Pace.REMOTE.longestPause()));
        } catch (ConfigSecrets.NotAtHand | NotOurs | PodEvictions.NotEvicted e) {
            failure = Optional.of(aim(action) + e.getMessage());
        }
    }

    /** What isn't clear from the phase of the rollout. */
    private static String aim(Action action) {
        return switch (action) {
            case Action.KeepLastGood keep -> "it can't be kept as the one to go back to: ";
            case Action.Prune prune -> "what is no longer needed can't be deleted: ";
            default -> "";
        };
    }

    private void carryOut(Action action)
            throws ConfigSecrets.NotAtHand, NotOurs, PodEvictions.NotEvicted, InterruptedException {
        switch (action) {
            // Has passed, as observed.
            case Action.Check check -> {}
            case Action.PublishParts(Release release, String version, var obsolete, boolean mayBringIndex) -> {
                if (version.equals(secrets.version())) {
                    SortedMap<String, String> news = IndexCopies.ofNews(release, secrets.missing(release.files()));
                    secrets.publish(SecretKind.PART, release.parts(), content(), obsolete, needed(release));
                    secrets.publish(SecretKind.CREDENTIAL, release.credentials(), content(), obsolete);
                    // What nobody may use any more doesn't wait for a calm moment.
                    secrets.remove(SecretKind.CREDENTIAL, obsolete::contains);
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
                    secrets.publish(SecretKind.PART, release.replaced(), content(), Set.of(), needed(release));
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
                    memory.keep(version(release), content());
                }
            }
            case Action.NoteRefusal(var refusal) -> memory.note(refusal);
            case Action.Nudge(var instances) -> {
                for (String instance : instances) {
                    nudges.nudge(instance);
                }
            }
            case Action.Reload(long token, var instances) -> pods.reload(token, instances);
            case Action.Start(String instance, Release release) -> start(instance, version(release));
            case Action.Restart(String instance, Release release) -> {
                apply(version(release));
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
    private void publishIndex(Release release, Map<String, String> news)
            throws ConfigSecrets.NotAtHand, InterruptedException {
        SortedMap<String, String> copies = IndexCopies.thatStay(release, secrets, pods.arrivals());
        copies.putAll(news);
        secrets.publishIndex(release.index(), copies, content(), !news.isEmpty());
    }

    private Content content() {
        Content here = desired.deployment()
                .<Content>map(deployment -> (path, digest) -> find(deployment.bundle(), path, digest))
                .orElse((path, digest) -> Optional.empty());
        return here.or(memory.content());
    }

    private static Optional<byte[]> find(Bundle bundle, String path, String digest) {
        @Nullable
        BundleFile file =
                path.equals(Release.INDEX) ? bundle.index() : bundle.files().get(path);
        if (file != null && file.digest().equals(digest)) {
            return Optional.of(file.content());
        }
        SecretValue secret = bundle.credentials().get(path);
        return secret != null && Release.digest(secret).equals(digest)
                ? Optional.of(secret.reveal())
                : Optional.empty();
    }

    /** Returns how to run a release: with the template of the version that it is, or that it came from. */
    private Version version(Release release) throws ConfigSecrets.NotAtHand {
        Version base = desired.deployment()
                .map(Deployment::version)
                .filter(version -> version.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(version -> version.release().configuration().equals(release.configuration())))
                .orElseThrow(
                        () -> new ConfigSecrets.NotAtHand("generation " + release.generation() + " isn't at hand"));
        return new Version(release, base.template());
    }

    /** A pod that the kubelet restarts ever more rarely, or no more, is made anew, with what is now to run. */
    private void start(String instance, Version version) throws NotOurs, PodEvictions.NotEvicted {
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

    private void apply(Version version) throws NotOurs {
        Optional<Deployment> deployment = desired.deployment();
        if (deployment.isPresent()) {
            statefulSet.apply(deployment.get(), desired.beside(), version.template());
        }
    }

    /**
     * A Prometheus that can be asked.
     *
     * @param process tells it from the others, and from those that ran in its place before
     * @param client asks it
     */
    public record Answering(String process, PrometheusClient client) {}

    /**
     * Returns one that is ready, to ask it for its targets; empty where none is.
     *
     * @param before the process that was asked before, which is asked again where that can be
     */
    public Optional<Answering> answering(String before) {
        return pods.ready()
                .min(Comparator.comparing(pod -> !pod.epoch().equals(before)))
                .map(pod -> new Answering(pod.epoch(), pods.client(pod)));
    }

    /** Returns where a pod's API is that is ready; empty where none is. */
    public Optional<PrometheusEndpoint> readyEndpoint() {
        return pods.ready().map(pod -> desired.access().endpoint(pod.api())).findFirst();
    }

    @Override
    public void close() {
        pods.close();
    }
}
