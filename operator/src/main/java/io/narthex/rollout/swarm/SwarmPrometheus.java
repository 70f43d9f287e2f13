package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.Status;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver: observes the services of one server and carries out single actions on its configs and services. A replica
 * is a service of one task with a volume of its own. All files of a release are mounted as Docker configs when its task
 * starts, and never change while it runs.
 *
 * <p>For one thread.
 */
public final class SwarmPrometheus implements Driver, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SwarmPrometheus.class);

    private final SwarmWatch watch;
    private final SwarmNames names;
    private final Surroundings surroundings;
    private final KeptState memory;
    private final RecentWrites recent;
    private final PublishedFiles files;
    private final ReplicaServices services;
    private final TaskProcesses processes;
    private final TaskFailures failures;
    private final RoutingMesh mesh;

    private volatile Optional<SwarmDeployment> desired = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<String> obstacle = Optional.empty();
    /** Why the last action wasn't carried out, while the engine waits to try it again. */
    private Optional<String> notDone = Optional.empty();

    private Optional<Observed.Checked> checked = Optional.empty();
    /** The tasks of the observation at hand; nothing is remembered of others. */
    private final Set<String> tasks = new HashSet<>();

    private SortedMap<String, String> problems = new TreeMap<>();
    /** What the observation at hand found wrong with the server's surroundings. */
    private final Set<Diagnostic> findings = new LinkedHashSet<>();

    private volatile List<Diagnostic> diagnostics = List.of();

    /**
     * Makes a driver.
     *
     * @param docker writes; not closed here
     * @param watch tells what there is
     * @param names the names of the server's objects
     * @param surroundings what it needs to know of the operator
     */
    public SwarmPrometheus(DockerClient docker, SwarmWatch watch, SwarmNames names, Surroundings surroundings) {
        this.watch = watch;
        this.names = names;
        this.surroundings = surroundings;
        this.memory = new KeptState(docker, names);
        this.recent = new RecentWrites(watch);
        this.files = new PublishedFiles(docker, watch, names, surroundings, memory, recent);
        Images images = new Images(docker, names.server());
        Volumes volumes = new Volumes(docker, names, memory);
        this.services = new ReplicaServices(docker, watch, names, surroundings, volumes, images, recent);
        this.processes = new TaskProcesses(surroundings);
        this.failures = new TaskFailures(docker, images, memory, findings::add);
        this.mesh = new RoutingMesh(names.server());
    }

    /** Says what ought to run from now on. */
    public void desire(SwarmDeployment deployment) {
        desired = Optional.of(deployment);
    }

    @Override
    public Optional<Release> desired() {
        return desired.map(SwarmDeployment::release);
    }

    /** The engine knows only that something waits; why is what helps its user. */
    @Override
    public Status inWords(Status status) {
        Optional<String> words = status.reason() == Reason.UNREACHABLE
                ? obstacle
                : status.phase() == Status.Phase.READY
                        ? Optional.empty()
                        : notDone.or(() -> problems.values().stream().findFirst());
        return words.map(text -> new Status(
                        status.phase(), status.reason(), text, status.verified(), status.refusal(), status.culprits()))
                .orElse(status);
    }

    // Observing.

    @Override
    public Observed observe(Optional<Observed.Found> found) throws InterruptedException {
        Set<String> looked = recent.lookedFor();
        Optional<SwarmSnapshot> snapshot = watch.fresh();
        if (snapshot.isEmpty()) {
            return unknown(watch.problem().orElse("the Swarm hasn't been read yet"));
        }
        SwarmSnapshot swarm = snapshot.get();
        try {
            memory.refresh(swarm);
        } catch (DockerException e) {
            return unknown(e.words());
        }
        recent.forget(swarm, looked);
        Observed.Kept kept = new Observed.Kept(
                memory.version(),
                files.published(swarm, desired()),
                memory.lastGood().map(Version::release),
                memory.refusal());
        TreeMap<String, Instance> instances = new TreeMap<>();
        TreeMap<String, String> wrong = new TreeMap<>();
        findings.clear();
        tasks.clear();
        obstacle = Optional.empty();
        int replicas = desired.map(SwarmDeployment::replicas).orElse(0);
        for (int replica = 0; replica < replicas; replica++) {
            String name = names.service(replica);
            instances.put(name, instance(swarm, name, wrong));
        }
        problems = wrong;
        diagnostics = List.copyOf(findings);
        failures.retain(tasks);
        mesh.retain(tasks);
        processes.retain(instances.keySet());
        if (desired.isPresent()) {
            services.removeOthers(swarm, instances.keySet()).ifPresent(why -> failure = Optional.of(why));
        }
        return new Observed(Optional.of(kept), instances, failure, checked, found);
    }

    private static Observed unknown(String why) {
        return new Observed(Optional.empty(), new TreeMap<>(), Optional.of(why), Optional.empty(), Optional.empty());
    }

    private Instance instance(SwarmSnapshot swarm, String name, SortedMap<String, String> wrong)
            throws InterruptedException {
        Optional<Release> fresh = recent.release(name);
        if (fresh.isPresent()) {
            TreeMap<String, Arrived> mounted = new TreeMap<>();
            fresh.get().files().forEach((path, digest) -> mounted.put(path, new Arrived(digest, digest)));
            return down(Run.STARTING, Optional.of(fresh.get().restartKey()), mounted, Optional.empty());
        }
        Optional<JsonNode> service = swarm.named(Kinds.SERVICES, name).filter(found -> names.isOurs(found, "server"));
        if (service.isEmpty()) {
            return down(Run.STOPPED, Optional.empty(), new TreeMap<>(), Optional.empty());
        }
        JsonNode container = service.get().at("/Spec/TaskTemplate/ContainerSpec");
        Optional<String> key = Optional.ofNullable(
                container.path("Labels").path(SwarmNames.RESTART_KEY).textValue());
        List<TaskView> all = TaskView.of(swarm, SwarmSnapshot.id(service.get()));
        all.forEach(task -> tasks.add(task.id()));
        // A task of an earlier version that is being stopped isn't the service any more.
        List<TaskView> current =
                all.stream().filter(task -> task.restartKey().equals(key)).toList();
        if (current.isEmpty()) {
            return down(Run.STARTING, key, files.arrived(swarm, container), Optional.empty());
        }
        TaskView newest = current.getFirst();
        newest.error()
                .filter(error -> !newest.isRunning())
                .ifPresent(error -> wrong.put(name, failures.inWords(swarm, newest, error, desired)));
        Optional<TaskView> failed = current.stream().filter(TaskView::wentWrong).findFirst();
        Optional<Instance.Exit> exit = Optional.empty();
        if (failed.isPresent()) {
            exit = Optional.of(failures.exit(swarm, failed.get(), desired));
        }
        SortedMap<String, Arrived> arrived = files.arrived(swarm, newest.container());
        if (!newest.hasContainer()) {
            // Swarm makes another task by itself, a little later; whether with this version is the engine's decision.
            boolean stopped = newest.hasEnded() || exit.isPresent();
            return down(stopped ? Run.STOPPED : Run.STARTING, key, arrived, exit);
        }
        return running(swarm, service.get(), newest, arrived, exit);
    }

    private static Instance down(
            Run run, Optional<String> restartKey, SortedMap<String, Arrived> files, Optional<Instance.Exit> exit) {
        return new Instance(run, "", restartKey, files, Optional.empty(), Optional.empty(), Optional.empty(), exit);
    }

    private Instance running(
            SwarmSnapshot swarm,
            JsonNode service,
            TaskView task,
            SortedMap<String, Arrived> arrived,
            Optional<Instance.Exit> exit) {
        String name = SwarmSnapshot.name(service);
        Optional<TaskProcess> found = processes.of(swarm, name, task, desired);
        if (found.isEmpty() && !task.isRunning()) {
            // Docker tells of published ports once it runs.
            return down(Run.STARTING, task.restartKey(), arrived, exit);
        }
        if (found.isEmpty()) {
            obstacle = Optional.of("the operator shares no network with the service " + name);
            return down(Run.UNREACHABLE, task.restartKey(), arrived, exit);
        }
        TaskProcess process = found.get();
        Run run = process.run(task);
        boolean ready = run == Run.READY;
        if (ready) {
            process.look(markers());
            int port = process.endpoint().base().getPort();
            mesh.problem(service, task.id(), surroundings.networks(), port).ifPresent(findings::add);
        }
        process.problem().ifPresent(why -> obstacle = Optional.of(why));
        return new Instance(
                run,
                task.id(),
                task.restartKey(),
                arrived,
                ready ? process.marker() : Optional.empty(),
                ready ? process.lastReload() : Optional.empty(),
                Optional.empty(),
                exit);
    }

    private List<String> markers() {
        return Stream.concat(desired().stream(), memory.lastGood().map(Version::release).stream())
                .map(Release::marker)
                .distinct()
                .toList();
    }

    /** Returns what is wrong with the server's surroundings, such as an image that a node can't get. From any thread. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    // Acting.

    @Override
    public void execute(Action action) throws InterruptedException {
        failure = Optional.empty();
        if (!(action instanceof Action.Wait)) {
            notDone = Optional.empty();
        }
        LOG.debug("{}: {}", names.server(), action);
        try {
            carryOut(action, watch.snapshot().orElse(SwarmSnapshot.EMPTY));
        } catch (DockerException e) {
            failure = Optional.of(e.words());
        } catch (NotDone e) {
            failure = Optional.of(String.valueOf(e.getMessage()));
            notDone = failure;
        }
    }

    private void carryOut(Action action, SwarmSnapshot swarm) throws NotDone, InterruptedException {
        switch (action) {
            // Prometheus itself loads a configuration wholly before it applies any of it.
            case Action.Check(Release release) ->
                checked = Optional.of(new Observed.Checked(release.id(), Optional.empty()));
            case Action.PublishParts(Release release, String version, var obsolete, var mayBringIndex) ->
                files.publish(swarm, release.beforeIndex(), version, desired);
            case Action.PublishIndex(Release release, String version) ->
                files.publish(swarm, new TreeMap<>(release.withIndex()), version, desired);
            case Action.Prune(Release release, var spared, String version) ->
                files.prune(swarm, release, spared, version, desired());
            case Action.KeepLastGood(Release release, String version) -> {
                if (version.equals(memory.version())) {
                    Version good = version(release);
                    Optional<JsonNode> service = swarm.named(Kinds.SERVICES, names.service(0));
                    memory.keep(
                            service.map(good::asRunBy).orElse(good),
                            memory.lastGood()
                                    .map(before -> Generations.configs(names, before.release()))
                                    .orElse(Set.of()));
                }
            }
            case Action.NoteRefusal(var refusal) -> memory.note(refusal);
            case Action.Start(String instance, Release release) -> apply(swarm, instance, release, false);
            case Action.Restart(String instance, Release release) -> apply(swarm, instance, release, true);
            // Files arrive with the start, and searching and waiting are the loop's.
            case Action.Nudge nudge -> {}
            case Action.Reload reload -> {}
            case Action.FindCulprit find -> {}
            case Action.Wait wait -> {}
        }
    }

    /** Returns how to run a release: with the template of the version that it is, or that it came from. */
    private Version version(Release release) throws NotDone {
        Version base = desired.map(SwarmDeployment::version)
                .filter(version -> version.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(version -> version.release().configuration().equals(release.configuration())))
                .orElseThrow(() -> new NotDone("generation " + release.generation() + " isn't at hand"));
        TreeMap<String, SecretRef> secrets = new TreeMap<>(base.secrets());
        // A credential that was changed meanwhile stays changed.
        desired.ifPresent(deployment -> secrets.replaceAll((path, before) -> {
            SecretRef now = deployment.secrets().get(path);
            return now != null && now.id().equals(release.credentials().get(path)) ? now : before;
        }));
        return new Version(release, base.template(), secrets);
    }

    private void apply(SwarmSnapshot swarm, String instance, Release release, boolean evenIfSame)
            throws NotDone, InterruptedException {
        Version version = version(release);
        Optional<SwarmDeployment> deployment = desired;
        if (deployment.isPresent()) {
            services.apply(swarm, instance, version, deployment.get(), files.ids(swarm), evenIfSame);
        }
    }

    /** Returns where the API of a task is that is ready, to ask it for its targets; empty where none is. */
    public Optional<PrometheusEndpoint> readyEndpoint() {
        return processes.ready();
    }

    @Override
    public void close() {
        processes.close();
    }
}
