package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.process.PrometheusLog;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Release;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at a server's pods, asks the Prometheus in each, and remembers what was seen of them. For one thread, but for {@link
 * #view}, {@link #seen} and {@link #ready}.
 */
final class ServerPods implements AutoCloseable {

    private final ObjectNames names;
    private final ManagedObjects objects;
    private final InstantSource clock;
    private final Desired desired;
    private final ConfigSecrets secrets;
    private final KeptRelease memory;
    private final PodNudges nudges;
    private final PodEvictions evictions;
    private final PodClients clients = new PodClients();

    private final Map<String, SeenProcess> seen = new ConcurrentHashMap<>();
    /** The last process of each pod that was seen to have ended. */
    private final Map<String, Ended> ended = new HashMap<>();
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
     * Makes one that has seen nothing yet.
     *
     * @param objects follows pods
     * @param clock tells how time passes
     * @param desired tells how many pods there ought to be, and how to come into them
     * @param secrets tell what pods are to see
     * @param memory tells what may still run besides what is desired
     * @param nudges know when what was written arrives
     * @param evictions know which pods leave
     */
    ServerPods(
            ObjectNames names,
            ManagedObjects objects,
            InstantSource clock,
            Desired desired,
            ConfigSecrets secrets,
            KeptRelease memory,
            PodNudges nudges,
            PodEvictions evictions) {
        this.names = names;
        this.objects = objects;
        this.clock = clock;
        this.desired = desired;
        this.secrets = secrets;
        this.memory = memory;
        this.nudges = nudges;
        this.evictions = evictions;
    }

    /**
     * Looks at all pods that there ought to be, and forgets all others.
     *
     * @param set the newest StatefulSet that is known
     */
    SortedMap<String, Instance> look(Optional<StatefulSet> set) {
        TreeMap<String, Instance> instances = new TreeMap<>();
        int replicas = desired.replicas();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            instances.put(name, instance(name, ordinal, set));
        }
        running = instances.entrySet().stream()
                .filter(instance -> !instance.getValue().epoch().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        Set<String> pods = instances.keySet();
        clients.retain(pods);
        seen.keySet().retainAll(pods);
        ended.keySet().retainAll(pods);
        evictions.retain(pods);
        nudges.retain(pods);
        return instances;
    }

    private Instance instance(String name, int ordinal, Optional<StatefulSet> set) {
        Optional<String> nextKey = set.map(s -> s.getSpec().getTemplate()).flatMap(StatefulSetWriter::restartKey);
        Optional<PodView> pod = view(name);
        if (pod.isEmpty()) {
            boolean expected = set.isPresent()
                    ? set.get().getSpec().getReplicas() > ordinal
                    : desired.beside().isPresent();
            return down(expected ? Run.STARTING : Run.STOPPED, expected ? nextKey : Optional.empty(), Optional.empty());
        }
        PodView view = pod.get();
        boolean leaving = view.isTerminating() || evictions.isEvicted(view);
        if (leaving) {
            // Its successor will be made from the set's template.
            return down(Run.STARTING, nextKey, Optional.empty());
        }
        Optional<Instance.Exit> exit = view.lastEnd().map(ServerPods::exit);
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
        PrometheusClient prometheus = client(name, view.api().get());
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

    private void noteEnd(String name, String process) {
        ended.compute(
                name,
                (pod, known) ->
                        known != null && known.process().equals(process) ? known : new Ended(process, secrets.files()));
    }

    private SeenProcess process(String pod, String epoch) {
        return seen.compute(
                pod,
                (name, known) -> known != null && known.epoch().equals(epoch) ? known : new SeenProcess(epoch, clock));
    }

    /** Returns the markers that may stand in a configuration of ours. */
    private Set<String> markers() {
        Set<String> markers = new LinkedHashSet<>();
        desired.release().map(Release::marker).ifPresent(markers::add);
        memory.lastGood().map(Version::release).map(Release::marker).ifPresent(markers::add);
        return markers;
    }

    /** Returns a pod as the watch shows it; empty where it shows none. */
    Optional<PodView> view(String pod) {
        return objects.pod(names.namespace(), pod).map(PodView::new);
    }

    /** Returns the process that was seen last in a pod; empty where none was. */
    Optional<SeenProcess> seen(String pod) {
        return Optional.ofNullable(seen.get(pod));
    }

    /** Returns the pods that run now, as the watch shows them. */
    List<String> runningNow() {
        List<String> pods = new ArrayList<>();
        int replicas = desired.replicas();
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            String name = names.pod(ordinal);
            if (view(name).filter(PodView::isRunning).isPresent()) {
                pods.add(name);
            }
        }
        return pods;
    }

    /** Returns what each pod shows that ran at the last look, by the listings' names. */
    List<Map<String, Arrival>> arrivals() {
        return running.stream()
                .flatMap(pod -> seen(pod).stream())
                .map(SeenProcess::arrivals)
                .toList();
    }

    /** Returns whether a pod's last process was seen to end when there were just these files, by path and digest. */
    boolean endedWith(String pod, SortedMap<String, String> files) {
        Ended end = ended.get(pod);
        return end != null && end.files().equals(files);
    }

    /** Asks these pods, all at once, to load what they see. */
    void reload(long token, Collection<String> pods) throws InterruptedException {
        List<Runnable> calls = new ArrayList<>();
        for (String name : pods) {
            SeenProcess known = seen.get(name);
            Optional<URI> api = view(name).flatMap(PodView::api);
            if (known == null || api.isEmpty()) {
                continue;
            }
            PrometheusClient prometheus = client(name, api.get());
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

    /**
     * A pod that is ready.
     *
     * @param name its name
     * @param epoch tells its process from others
     * @param api where its API is
     */
    record Ready(String name, String epoch, URI api) {}

    /** Returns those that were ready at the last look and are still there, by name. */
    Stream<Ready> ready() {
        return seen.entrySet().stream()
                .filter(entry -> entry.getValue().isAnswering())
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> view(entry.getKey())
                        .filter(view -> view.epoch().equals(entry.getValue().epoch()))
                        .flatMap(view -> view.api().map(api -> new Ready(entry.getKey(), view.epoch(), api)))
                        .stream());
    }

    /** Returns what asks the Prometheus of a pod. */
    PrometheusClient client(Ready pod) {
        return client(pod.name(), pod.api());
    }

    private PrometheusClient client(String pod, URI api) {
        return clients.client(pod, api, desired.access());
    }

    @Override
    public void close() {
        clients.close();
    }
}
