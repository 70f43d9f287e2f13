package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
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
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver: observes one server's pods and carries out single actions on its Secrets, StatefulSet and pods. For one
 * thread, but for those methods that say otherwise.
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
    private final StatefulSetWriter statefulSet;
    private final ServerPods pods;
    private final PodProblems problems;
    private final ActionExecutor executor;

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
        this.statefulSet = new StatefulSetWriter(client, names, () -> objects.statefulSet(names), clock);
        this.memory = new KeptRelease(client, names, secrets, new KeptTemplates(client, names, statefulSet::newest));
        this.nudges = new PodNudges(client, names, clock, random);
        PodEvictions evictions = new PodEvictions(client, names);
        this.pods = new ServerPods(names, objects, clock, desired, secrets, memory, nudges, evictions);
        this.problems = new PodProblems(names, objects, clock, desired, pods);
        this.executor = new ActionExecutor(desired, secrets, memory, nudges, evictions, statefulSet, pods);
    }

    /**
     * Says that a Secret of the server's namespace is there in another version; an empty one where it is gone. Returns
     * whether that is news to be looked at. From any thread.
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
        Optional<Deployment> deployment = desired.deployment();
        if (deployment.isPresent() && there.isPresent()) {
            // Before the pods are looked at, since the answer may take half a minute.
            statefulSet.correct(there.get(), deployment.get(), desired.beside(), memory.lastGood());
        }
        SortedMap<String, Instance> instances = pods.look(statefulSet.newest());
        problems.noteLate(secrets.mounted(), nudges.refused());
        // Prometheus itself loads a configuration wholly before it applies any of it.
        Optional<Observed.Checked> checked =
                desired().map(release -> new Observed.Checked(release.id(), Optional.empty()));
        return new Observed(Optional.of(kept), instances, failure.or(statefulSet::uncorrected), checked, found);
    }

    /** Returns what keeps pods from running, in words, by pod. From any thread. */
    public SortedMap<String, String> problems() {
        return problems.all();
    }

    @Override
    public void execute(Action action) throws InterruptedException {
        failure = Optional.empty();
        LOG.debug("{}: {}", names.server(), action);
        try {
            executor.carryOut(action);
        } catch (KubernetesClientException e) {
            failure = Optional.of(aim(action) + ApiServerWords.of(e));
        } catch (RoomLater e) {
            failure = Optional.of(
                    aim(action) + e.inWords(clock.instant(), calendar.instant(), Pace.REMOTE.longestPause()));
        } catch (NotAtHand | NotOurs | PodEvictions.NotEvicted e) {
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

    /** Returns where a pod's API is that is ready; empty where none is. From any thread. */
    public Optional<PrometheusEndpoint> readyEndpoint() {
        return pods.ready().map(pod -> desired.access().endpoint(pod.api())).findFirst();
    }

    @Override
    public void close() {
        pods.close();
    }
}
