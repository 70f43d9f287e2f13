package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.process.PrometheusLog;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Release;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver: observes one server's pods and carries out single actions on its Secrets, StatefulSet and pods. For one
 * thread, but for {@link #secretChanged}.
 */
public final class KubernetesPrometheus implements Driver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesPrometheus.class);

    /** A StatefulSet that makes no pod for so long can't. */
    private static final Duration MAKES_PODS = Duration.ofSeconds(10);

    private final ObjectNames names;
    private final ManagedObjects objects;
    private final InstantSource clock;
    private final InstantSource calendar;
    private final ConfigSecrets secrets;
    private final KeptRelease memory;
    private final PodNudges nudges;
    private final PodEvictions evictions;
    private final StatefulSetWriter statefulSet;
    private final PodClients clients = new PodClients();

    private volatile Optional<Deployment> desired = Optional.empty();
    /** The StatefulSet that was there when it was desired. */
    private Optional<String> beside = Optional.empty();

    private volatile Optional<String> failure = Optional.empty();

    private final Map<String, SeenProcess> seen = new ConcurrentHashMap<>();
    /** Since when a pod was found not to be there that the StatefulSet is to make. */
    private final Map<String, Instant> missing = new ConcurrentHashMap<>();

    /** The last process of each pod that was seen to have ended. */
    private final Map<String, Ended> ended = new HashMap<>();

    /** Why what is written arrives late, by pod, as of the last look. */
    private volatile Map<String, String> late = Map.of();

    /** The pods of which a process was seen at the last look. */
    private Set<String> running = Set.of();

    /**
     * A process that ended.
     *
     * @param process the process
     * @param files the digests of the files that were there when that was seen, by path
     */
    private record Ended(String process, SortedMap<String, String> files) {}

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
        this.nudges = new PodNudges(client, names, clock, random);
        this.evictions = new PodEvictions(client, names);
        this.statefulSet = new StatefulSetWriter(client, names, () -> objects.statefulSet(names), clock);
        this.names = names;
        this.objects = objects;
        this.clock = clock;
        this.calendar = calendar;
        this.secrets = new ConfigSecrets(client, names, owner, clock, random, listsSecrets);
        this.memory = new KeptRelease(client, names, secrets);
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
        desired = Optional.of(deployment);
        beside = there;
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
        return desired.map(Deployment::release);
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
        TreeMap<String, Instance> instances = new TreeMap<>();
        Optional<StatefulSet> there = statefulSet.newest();
        int replicas = desired.map(Deployment::replicas).orElse(0);
        Set<String> pods = new HashSet<>();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            pods.add(name);
            instances.put(name, instance(name, ordinal, there));
        }
        clients.retain(pods);
        running = instances.entrySet().stream()
                .filter(instance -> !instance.getValue().epoch().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        seen.keySet().retainAll(pods);
        evictions.retain(pods);
        ended.keySet().retainAll(pods);
        if (desired.isPresent() && there.isPresent()) {
            statefulSet.correct(there.get(), desired.get(), beside, memory.lastGood());
        }
        nudges.retain(pods);
        late = late();
        // Prometheus itself loads a configuration wholly before it applies any of it.
        Optional<Observed.Checked> checked =
                desired().map(release -> new Observed.Checked(release.id(), Optional.empty()));
        return new Observed(Optional.of(kept), instances, failure.or(statefulSet::uncorrected), checked, found);
    }

    private Optional<PodView> view(String name) {
        return objects.pod(names.namespace(), name).map(PodView::new);
    }

    private Instance instance(String name, int ordinal, Optional<StatefulSet> set) {
        Optional<String> nextKey = set.map(s -> s.getSpec().getTemplate()).flatMap(StatefulSetWriter::restartKey);
        Optional<PodView> pod = view(name);
        if (pod.isEmpty()) {
            boolean expected = set.isPresent() ? set.get().getSpec().getReplicas() > ordinal : beside.isPresent();
            return down(expected ? Run.STARTING : Run.STOPPED, expected ? nextKey : Optional.empty(), Optional.empty());
        }
        PodView view = pod.get();
        boolean leaving = view.isTerminating() || evictions.isEvicted(view);
        if (leaving) {
            // Its successor will be made from the set's template.
            return down(Run.STARTING, nextKey, Optional.empty());
        }
        Optional<Instance.Exit> exit = view.lastEnd().map(KubernetesPrometheus::exit);
        if (!view.isRunning()) {
            view.lastEnd().ifPresent(end -> noteEnd(name, view.uid() + "/" + end.getContainerID()));
        }
        // What one process refused the next one refuses, too: there is no need to wait for that one's end.
        boolean refused =
                view.hasEnded() && exit.filter(Instance.Exit::configRefused).isPresent();
        if (view.isDown() || refused) {
            return down(Run.STOPPED, view.restartKey(), exit);
        }
        if (!view.isRunning() || view.api().isEmpty()) {
            return down(Run.STARTING, view.restartKey(), exit);
        }
        SeenProcess process = process(name, view.epoch());
        PrometheusClient prometheus = clients.client(name, view.api().get(), access());
        Run run = process.look(prometheus);
        if (run == Run.READY) {
            if (nudges.mayHaveArrived()) {
                process.askForArrivals(prometheus, secrets.mounted());
            } else {
                // What was just written may name files otherwise than what the pod showed before.
                process.understandArrivals(secrets.mounted());
            }
            process.askForConfiguration(prometheus, markers());
        }
        return process.instance(run, view.restartKey(), exit);
    }

    private SeenProcess process(String pod, String epoch) {
        return seen.compute(
                pod,
                (name, known) ->
                        known != null && known.epoch().equals(epoch) ? known : new SeenProcess(epoch, clock));
    }

    /** Returns the markers that may stand in a configuration of ours. */
    private Set<String> markers() {
        Set<String> markers = new LinkedHashSet<>();
        desired().map(Release::marker).ifPresent(markers::add);
        memory.lastGood().map(Version::release).map(Release::marker).ifPresent(markers::add);
        return markers;
    }

    private void noteEnd(String name, String process) {
        ended.compute(
                name,
                (pod, known) ->
                        known != null && known.process().equals(process) ? known : new Ended(process, secrets.files()));
    }

    private ServerAccess access() {
        return desired.map(Deployment::access).orElse(ServerAccess.OPEN);
    }

    private static Instance down(Run run, Optional<String> restartKey, Optional<Instance.Exit> exit) {
        return new Instance(
                run, "", restartKey, new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty(), exit);
    }

    private static Instance.Exit exit(ContainerStateTerminated end) {
        List<String> lines = String.valueOf(end.getMessage()).lines().toList();
        String message = PrometheusLog.cause(lines)
                .orElseGet(() -> "it ended with exit code " + end.getExitCode()
                        + (end.getReason() == null ? "" : " (" + end.getReason() + ")"));
        return new Instance.Exit(
                String.valueOf(end.getContainerID()),
                PrometheusLog.isRefusal(message),
                message.replace(DeploymentFactory.LAYOUT.configDirectory() + "/", ""));
    }

    /** Returns what keeps pods from running, in words, by pod. */
    public SortedMap<String, String> problems() {
        TreeMap<String, String> problems = new TreeMap<>();
        boolean isSet = objects.statefulSet(names).isPresent();
        int replicas = desired.map(Deployment::replicas).orElse(0);
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            Optional<PodView> there = view(name);
            if (there.isPresent()) {
                missing.remove(name);
            } else if (isSet && isLate(missing.computeIfAbsent(name, n -> clock.instant()))) {
                problems.put(
                        name,
                        "the StatefulSet makes no pod; kubectl describe statefulset " + names.statefulSet() + " -n "
                                + names.namespace() + " says why, such as a quota or Pod Security");
                continue;
            }
            there.flatMap(pod -> pod.problem(clock.instant()))
                    .or(() -> Optional.ofNullable(seen.get(name)).flatMap(SeenProcess::silence))
                    .or(() -> Optional.ofNullable(late.get(name)))
                    .ifPresent(problem -> problems.put(name, problem));
        }
        return problems;
    }

    private Map<String, String> late() {
        Map<String, String> reasons = new HashMap<>();
        nudges.refused().forEach((pod, reason) -> {
            SeenProcess known = seen.get(pod);
            if (known != null && !known.hasAll(secrets.mounted())) {
                reasons.put(
                        pod,
                        "the kubelet brings what was written only when it looks at the pod again, within some minutes,"
                                + " since the operator can't tell it to (patch of pods/status): " + reason);
            }
        });
        return Map.copyOf(reasons);
    }

    private boolean isLate(Instant since) {
        return clock.instant().isAfter(since.plus(MAKES_PODS));
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
                    nudges.nudgeAll(runningPods());
                }
            }
            case Action.PublishIndex(Release release, String version) -> {
                if (version.equals(secrets.version())) {
                    secrets.publish(SecretKind.PART, release.replaced(), content(), Set.of(), needed(release));
                    publishIndex(release, Map.of());
                    nudges.nudgeAll(runningPods());
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
            case Action.Reload(long token, var instances) -> reload(token, instances);
            case Action.Start(String instance, Release release) -> start(instance, version(release));
            case Action.Restart(String instance, Release release) -> {
                apply(version(release));
                Optional<PodView> pod = view(instance);
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
        List<Map<String, Arrival>> pods = running.stream()
                .flatMap(pod -> Optional.ofNullable(seen.get(pod)).stream())
                .map(SeenProcess::arrivals)
                .toList();
        SortedMap<String, String> copies = IndexCopies.thatStay(release, secrets, pods);
        copies.putAll(news);
        secrets.publishIndex(release.index(), copies, content(), !news.isEmpty());
    }

    private Content content() {
        Content here = desired.<Content>map(deployment -> (path, digest) -> find(deployment.bundle(), path, digest))
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
        Version base = desired.map(Deployment::version)
                .filter(version -> version.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(version -> version.release().configuration().equals(release.configuration())))
                .orElseThrow(
                        () -> new ConfigSecrets.NotAtHand("generation " + release.generation() + " isn't at hand"));
        return new Version(release, base.template());
    }

    private List<String> runningPods() {
        List<String> running = new ArrayList<>();
        int replicas = desired.map(Deployment::replicas).orElse(0);
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            if (view(name).filter(PodView::isRunning).isPresent()) {
                running.add(name);
            }
        }
        return running;
    }

    private void reload(long token, Collection<String> instances) throws InterruptedException {
        List<Runnable> calls = new ArrayList<>();
        for (String name : instances) {
            SeenProcess known = seen.get(name);
            Optional<PodView> pod = view(name);
            if (known == null || pod.isEmpty() || pod.get().api().isEmpty()) {
                continue;
            }
            PrometheusClient prometheus = clients.client(name, pod.get().api().get(), access());
            calls.add(() -> known.reload(prometheus, token));
        }
        if (calls.size() == 1) {
            calls.getFirst().run();
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.invokeAll(calls.stream().map(Executors::callable).toList());
        }
    }

    /** A pod that the kubelet restarts ever more rarely, or no more, is made anew, with what is now to run. */
    private void start(String instance, Version version) throws NotOurs, PodEvictions.NotEvicted {
        apply(version);
        Optional<PodView> pod = view(instance)
                .filter(view -> view.isOver() || (view.isLooping() && !isVain(view, version)));
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
        Ended end = ended.get(view.name());
        return key.isPresent()
                && key.equals(StatefulSetWriter.restartKey(version.template()))
                && memory.lastGood()
                        .filter(good -> key.get().equals(good.release().restartKey()))
                        .isPresent()
                && end != null
                && end.files().equals(secrets.files());
    }

    private void apply(Version version) throws NotOurs {
        if (desired.isPresent()) {
            statefulSet.apply(desired.get(), beside, version.template());
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
        return readyPods()
                .min(Comparator.comparing(pod -> !pod.epoch().equals(before)))
                .map(pod -> new Answering(pod.epoch(), clients.client(pod.name(), pod.uri(), access())));
    }

    /** Returns where a pod's API is that is ready; empty where none is. */
    public Optional<PrometheusEndpoint> readyEndpoint() {
        return readyPods().map(pod -> access().endpoint(pod.uri())).findFirst();
    }

    private record ReadyPod(String name, String epoch, URI uri) {}

    private Stream<ReadyPod> readyPods() {
        return seen.entrySet().stream()
                .filter(entry -> entry.getValue().isAnswering())
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> view(entry.getKey())
                        .filter(view -> view.epoch().equals(entry.getValue().epoch()))
                        .flatMap(view -> view.api().map(uri -> new ReadyPod(entry.getKey(), view.epoch(), uri)))
                        .stream());
    }

    @Override
    public void close() {
        clients.close();
    }
}
