package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.RegistryLogins;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.docker.SwarmWatch;
import io.narthex.process.PrometheusLog;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.ReloadState;
import io.narthex.prometheus.ServerAccess;
import io.narthex.prometheus.Unanswered;
import io.narthex.rollout.Action;
import io.narthex.rollout.Driver;
import io.narthex.rollout.Instance;
import io.narthex.rollout.Instance.Arrived;
import io.narthex.rollout.Instance.LastReload;
import io.narthex.rollout.Instance.Run;
import io.narthex.rollout.Observed;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Release;
import io.narthex.rollout.Status;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /** A Docker config holds at most so many bytes (source: swarmkit, manager/controlapi/config.go). */
    private static final int MOST_BYTES = 1_000 * 1024 - 1;

    private static final int LOG_LINES = 50;
    private static final Optional<String> NO_AUTH = Optional.empty();
    private static final ImageRules NO_RULES =
            new ImageRules(ResolveImage.NEVER, Optional.empty(), RegistryLogins.NONE);

    private final DockerClient docker;
    private final SwarmWatch watch;
    private final SwarmNames names;
    private final Surroundings surroundings;
    private final KeptState memory;
    private final Volumes volumes;
    private final Images images;
    private final RoutingMesh mesh;

    private volatile Optional<SwarmDeployment> desired = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<String> obstacle = Optional.empty();
    /** Why the last action wasn't carried out, while the engine waits to try it again. */
    private Optional<String> notDone = Optional.empty();

    private Optional<Observed.Checked> checked = Optional.empty();
    /** Configs made since the snapshot, by name. */
    private final Map<String, Made> made = new HashMap<>();
    /** Services written since the snapshot: the version that they must have at least, and what was written. */
    private final Map<String, Written> written = new HashMap<>();

    private final Map<String, Seen> seen = new HashMap<>();
    private final Map<String, Instance.Exit> exits = new HashMap<>();
    /** The tasks of the observation at hand; nothing is remembered of others. */
    private final Set<String> tasks = new HashSet<>();

    private SortedMap<String, String> problems = new TreeMap<>();
    /** What the observation at hand found wrong with the server's surroundings. */
    private final Set<Diagnostic> findings = new LinkedHashSet<>();

    private volatile List<Diagnostic> diagnostics = List.of();

    /** The marks are those of the watch when it was made or written. */
    private record Made(String id, String digest, long mark) {}

    private record Written(String id, long index, Release release, long mark) {}

    /** What was seen of one task, which another one doesn't inherit. */
    private static final class Seen implements AutoCloseable {
        final String task;
        final PrometheusEndpoint endpoint;
        final PrometheusClient client;
        final Unanswered unanswered = new Unanswered();
        boolean wasReady;
        Optional<String> marker = Optional.empty();
        Optional<LastReload> lastReload = Optional.empty();

        Seen(String task, PrometheusEndpoint endpoint) {
            this.task = task;
            this.endpoint = endpoint;
            this.client = new PrometheusClient(endpoint, ClientLimits.DEFAULT);
        }

        @Override
        public void close() {
            client.close();
        }
    }

    /**
     * Makes a driver.
     *
     * @param docker writes; not closed here
     * @param watch tells what there is
     * @param names the names of the server's objects
     * @param surroundings what it needs to know of the operator
     */
    public SwarmPrometheus(DockerClient docker, SwarmWatch watch, SwarmNames names, Surroundings surroundings) {
        this.docker = docker;
        this.watch = watch;
        this.names = names;
        this.surroundings = surroundings;
        this.memory = new KeptState(docker, names);
        this.volumes = new Volumes(docker, names, memory);
        this.images = new Images(docker, names.server());
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
        Set<String> looked = lookedForSince();
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
        forgetWhatIsSeen(swarm, looked);
        Observed.Kept kept = new Observed.Kept(
                memory.version(), published(swarm), memory.lastGood().map(Version::release), memory.refusal());
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
        exits.keySet().retainAll(tasks);
        mesh.retain(tasks);
        seen.entrySet().removeIf(entry -> {
            boolean gone = !instances.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        removeSpare(swarm, instances.keySet());
        return new Observed(Optional.of(kept), instances, failure, checked, found);
    }

    private static Observed unknown(String why) {
        return new Observed(Optional.empty(), new TreeMap<>(), Optional.of(why), Optional.empty(), Optional.empty());
    }

    /** Returns of what was made or written that the next snapshot tells of it, unless it is gone again. */
    private Set<String> lookedForSince() {
        Set<String> looked = new HashSet<>();
        made.forEach((name, config) -> {
            if (watch.isNewer(Kinds.CONFIGS, config.mark())) {
                looked.add(name);
            }
        });
        written.forEach((name, service) -> {
            if (watch.isNewer(Kinds.SERVICES, service.mark())) {
                looked.add(name);
            }
        });
        return looked;
    }

    private void forgetWhatIsSeen(SwarmSnapshot swarm, Set<String> looked) {
        made.keySet()
                .removeIf(name -> looked.contains(name)
                        || swarm.named(Kinds.CONFIGS, name).isPresent());
        written.entrySet()
                .removeIf(entry -> looked.contains(entry.getKey())
                        || swarm.named(Kinds.SERVICES, entry.getKey())
                                .filter(service -> SwarmSnapshot.id(service)
                                                .equals(entry.getValue().id())
                                        && service.at("/Version/Index").asLong()
                                                >= entry.getValue().index())
                                .isPresent());
    }

    /**
     * Returns what is published: what is written down, as far as it is there, by path; and what no generation needs any
     * more, by the names of the configs, so that it is left over until it is gone.
     */
    private SortedMap<String, String> published(SwarmSnapshot swarm) {
        Set<String> there = new HashSet<>(made.keySet());
        swarm.configs().forEach(config -> there.add(SwarmSnapshot.name(config)));
        Set<String> secrets = new HashSet<>();
        swarm.secrets().forEach(secret -> secrets.add(SwarmSnapshot.id(secret)));
        TreeMap<String, String> files = new TreeMap<>(memory.files());
        files.entrySet()
                .removeIf(file -> !there.contains(names.config(file.getKey(), file.getValue()))
                        && !secrets.contains(file.getValue()));
        spare(swarm)
                .forEach(config -> files.put(
                        SwarmSnapshot.name(config),
                        SwarmSnapshot.label(config, SwarmNames.DIGEST).orElse("")));
        return files;
    }

    private Instance instance(SwarmSnapshot swarm, String name, SortedMap<String, String> wrong)
            throws InterruptedException {
        Written fresh = written.get(name);
        if (fresh != null) {
            TreeMap<String, Arrived> files = new TreeMap<>();
            fresh.release().files().forEach((path, digest) -> files.put(path, new Arrived(digest, digest)));
            return down(Run.STARTING, Optional.of(fresh.release().restartKey()), files, Optional.empty());
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
            return down(Run.STARTING, key, arrived(swarm, container), Optional.empty());
        }
        TaskView newest = current.getFirst();
        newest.error()
                .filter(error -> !newest.isRunning())
                .ifPresent(error -> wrong.put(name, problem(swarm, newest, error)));
        Optional<TaskView> failed = current.stream().filter(TaskView::wentWrong).findFirst();
        Optional<Instance.Exit> exit = Optional.empty();
        if (failed.isPresent()) {
            exit = Optional.of(exit(swarm, failed.get()));
        }
        SortedMap<String, Arrived> files = arrived(swarm, newest.container());
        if (!newest.hasContainer()) {
            // Swarm makes another task by itself, a little later; whether with this version is the engine's decision.
            boolean stopped = newest.hasEnded() || exit.isPresent();
            return down(stopped ? Run.STOPPED : Run.STARTING, key, files, exit);
        }
        return running(swarm, service.get(), newest, files, exit);
    }

    private static Instance down(
            Run run, Optional<String> restartKey, SortedMap<String, Arrived> files, Optional<Instance.Exit> exit) {
        return new Instance(run, "", restartKey, files, Optional.empty(), Optional.empty(), Optional.empty(), exit);
    }

    private Instance running(
            SwarmSnapshot swarm,
            JsonNode service,
            TaskView task,
            SortedMap<String, Arrived> files,
            Optional<Instance.Exit> exit) {
        String name = SwarmSnapshot.name(service);
        Optional<Seen> found = seen(swarm, name, task);
        if (found.isEmpty() && !task.isRunning()) {
            // Docker tells of published ports once it runs.
            return down(Run.STARTING, task.restartKey(), files, exit);
        }
        if (found.isEmpty()) {
            obstacle = Optional.of("the operator shares no network with the service " + name);
            return down(Run.UNREACHABLE, task.restartKey(), files, exit);
        }
        Seen known = found.get();
        Run run = run(known, task);
        if (run == Run.READY) {
            look(known);
            int port = known.endpoint.base().getPort();
            mesh.problem(service, task.id(), surroundings.networks(), port).ifPresent(findings::add);
        }
        known.unanswered
                .reason()
                .ifPresent(
                        why -> obstacle = Optional.of(task.id() + " at " + known.endpoint.hostAndPort() + ": " + why));
        boolean ready = run == Run.READY;
        return new Instance(
                run,
                task.id(),
                task.restartKey(),
                files,
                ready ? known.marker : Optional.empty(),
                ready ? known.lastReload : Optional.empty(),
                Optional.empty(),
                exit);
    }

    private Optional<Seen> seen(SwarmSnapshot swarm, String name, TaskView task) {
        Seen known = seen.get(name);
        if (known != null && known.task.equals(task.id())) {
            return Optional.of(known);
        }
        Optional<PrometheusEndpoint> endpoint = endpoint(swarm, task);
        if (known != null) {
            known.close();
            seen.remove(name);
        }
        endpoint.ifPresent(there -> seen.put(name, new Seen(task.id(), there)));
        return Optional.ofNullable(seen.get(name));
    }

    /** Returns where a task's API is: in a network that the operator is on, else at its node. */
    private Optional<PrometheusEndpoint> endpoint(SwarmSnapshot swarm, TaskView task) {
        if (desired.isEmpty()) {
            return Optional.empty();
        }
        ServerAccess access = desired.get().access();
        // A task of an earlier version may listen elsewhere.
        URI listens = task.listens()
                .orElseGet(() ->
                        URI.create(ServiceFactory.listens(desired.get().bundle().address())));
        for (String network : surroundings.networks()) {
            Optional<String> host = task.address(network);
            if (host.isPresent()) {
                return Optional.of(access.endpoint(
                        TaskView.at(listens, TaskView.bracketed(host.get()) + ":" + listens.getPort())));
            }
        }
        return task.published(swarm, listens.getPort()).map(there -> access.endpoint(TaskView.at(listens, there)));
    }

    private Run run(Seen known, TaskView task) {
        known.unanswered.clear();
        Answer<Readiness> answer = known.client.readiness();
        known.unanswered.heard(answer);
        return switch (answer) {
            case Answer.Ok<Readiness>(Readiness.Ready ready) -> {
                known.wasReady = true;
                yield Run.READY;
            }
            case Answer.Ok<Readiness>(Readiness.Starting starting) ->
                starting.isReplaying() ? Run.REPLAYING_WAL : Run.STARTING;
            case Answer.Ok<Readiness>(Readiness.Stopping stopping) -> Run.STARTING;
            case Answer.Failure<Readiness> failed when !known.wasReady && !task.isRunning() -> Run.STARTING;
            case Answer.Failure<Readiness> failed -> Run.UNREACHABLE;
        };
    }

    /** Asks for what the process loaded, which stays as it is: once it is known it isn't asked for again. */
    private void look(Seen known) {
        if (known.marker.isEmpty()) {
            List<String> markers = Stream.concat(desired().stream(), memory.lastGood().map(Version::release).stream())
                    .map(Release::marker)
                    .distinct()
                    .toList();
            known.marker = known.unanswered
                    .heard(known.client.loadedConfigHolds(markers))
                    .flatMap(found -> found);
        }
        if (known.lastReload.filter(LastReload::successful).isEmpty()) {
            known.lastReload =
                    known.unanswered.heard(known.client.reloadState()).map(SwarmPrometheus::lastReload);
        }
    }

    private static LastReload lastReload(ReloadState state) {
        return new LastReload(
                state.successful(), state.lastSuccess().map(Instant::toString).orElse(""));
    }

    /** Returns the files that a container is started with, by path below the configuration folder. */
    private SortedMap<String, Arrived> arrived(SwarmSnapshot swarm, JsonNode container) {
        TreeMap<String, Arrived> files = new TreeMap<>();
        String prefix = ServiceFactory.LAYOUT.configDirectory() + "/";
        for (JsonNode mounted : container.path("Configs")) {
            String at = mounted.at("/File/Name").asText();
            swarm.withId(Kinds.CONFIGS, mounted.path("ConfigID").asText())
                    .flatMap(config -> SwarmSnapshot.label(config, SwarmNames.DIGEST))
                    .or(() -> Optional.ofNullable(
                                    made.get(mounted.path("ConfigName").asText()))
                            .map(Made::digest))
                    .ifPresent(digest -> files.put(
                            at.startsWith(prefix) ? at.substring(prefix.length()) : at, new Arrived(digest, digest)));
        }
        for (JsonNode mounted : container.path("Secrets")) {
            String at = mounted.at("/File/Name").asText();
            String id = mounted.path("SecretID").asText();
            files.put(at.startsWith(prefix) ? at.substring(prefix.length()) : at, new Arrived(id, id));
        }
        return files;
    }

    private Instance.Exit exit(SwarmSnapshot swarm, TaskView task) throws InterruptedException {
        Instance.Exit known = exits.get(task.id());
        if (known != null) {
            return known;
        }
        Optional<String> cause = Optional.empty();
        if (!task.state().equals("rejected")) {
            try {
                cause = PrometheusLog.cause(docker.lastLines(task.id(), LOG_LINES));
            } catch (DockerException e) {
                LOG.debug("The log of {} can't be read: {}", task.id(), e.words());
            }
        }
        String message = cause.or(() -> task.error().map(error -> problem(swarm, task, error)))
                .orElse("it ended");
        Instance.Exit exit = new Instance.Exit(
                task.id(),
                PrometheusLog.isRefusal(message),
                message.replace(ServiceFactory.LAYOUT.configDirectory() + "/", ""));
        exits.put(task.id(), exit);
        return exit;
    }

    private String problem(SwarmSnapshot swarm, TaskView task, String error) {
        String node = swarm.withId(Kinds.NODES, task.node())
                .map(found -> found.at("/Description/Hostname").asText())
                .orElse(task.node());
        Optional<Diagnostic> image = images.missing(
                desired.map(SwarmDeployment::images).orElse(NO_RULES),
                error,
                task.container().path("Image").asText(),
                node);
        if (image.isPresent()) {
            findings.add(image.get());
            return image.get().message() + "; " + image.get().remedy();
        }
        if (error.contains("no suitable node")) {
            Optional<String> pinned = memory.node(0)
                    .flatMap(id -> swarm.withId(Kinds.NODES, id))
                    .map(found -> found.at("/Description/Hostname").asText() + " ("
                            + found.at("/Status/State").asText() + ")");
            return error
                    + pinned.map(there -> "; the samples are in a volume on the node " + there
                                    + ", and elsewhere it would begin with an empty one")
                            .orElse("");
        }
        return error;
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
                publish(swarm, release.beforeIndex(), version);
            case Action.PublishIndex(Release release, String version) ->
                publish(swarm, new TreeMap<>(release.withIndex()), version);
            case Action.Prune(Release release, var spared, String version) -> {
                if (version.equals(memory.version())) {
                    TreeMap<String, String> files = new TreeMap<>(memory.files());
                    files.keySet().removeIf(path -> !release.files().containsKey(path) && !spared.contains(path));
                    memory.publish(files);
                    removeSpareConfigs(swarm);
                }
            }
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
            case Action.Start(String instance, Release release) ->
                apply(swarm, instance, version(release), release, false);
            case Action.Restart(String instance, Release release) ->
                apply(swarm, instance, version(release), release, true);
            // Files arrive with the start, and searching and waiting are the loop's.
            case Action.Nudge nudge -> {}
            case Action.Reload reload -> {}
            case Action.FindCulprit find -> {}
            case Action.Wait wait -> {}
        }
    }

    private void publish(SwarmSnapshot swarm, SortedMap<String, String> files, String version)
            throws NotDone, InterruptedException {
        if (!version.equals(memory.version())) {
            throw new NotDone("somebody else changed what is published meanwhile");
        }
        TreeMap<String, String> all = new TreeMap<>(memory.files());
        for (Map.Entry<String, String> file : files.entrySet()) {
            boolean secret = isSecret(file.getKey());
            if (!secret) {
                makeConfig(swarm, file.getKey(), file.getValue());
            }
            all.put(file.getKey(), file.getValue());
        }
        memory.publish(all);
        watch.expectChange(EnumSet.of(Kinds.CONFIGS));
    }

    private boolean isSecret(String path) {
        return desired.filter(deployment -> deployment.secrets().containsKey(path))
                        .isPresent()
                || memory.lastGood()
                        .filter(good -> good.secrets().containsKey(path))
                        .isPresent();
    }

    private void makeConfig(SwarmSnapshot swarm, String path, String digest) throws NotDone, InterruptedException {
        String name = names.config(path, digest);
        Optional<JsonNode> there = swarm.named(Kinds.CONFIGS, name);
        if (there.isPresent() || made.containsKey(name)) {
            return;
        }
        byte[] content =
                content(path, digest).orElseThrow(() -> new NotDone("the content of " + path + " isn't at hand"));
        if (content.length > MOST_BYTES) {
            throw new NotDone(path + " has " + content.length + " bytes, and a Docker config holds at most "
                    + MOST_BYTES + "; divide the RuleSets, or select fewer");
        }
        surroundings.demandPresence();
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name);
        ObjectNode labels = spec.putObject("Labels");
        names.labels("file").forEach(labels::put);
        labels.put(SwarmNames.PATH, path).put(SwarmNames.DIGEST, digest);
        spec.put("Data", Base64.getEncoder().encodeToString(content));
        try {
            made.put(name, new Made(docker.create(Kinds.CONFIGS, spec, NO_AUTH), digest, watch.mark(Kinds.CONFIGS)));
        } catch (DockerException e) {
            if (e.kind() != DockerException.Kind.NAME_TAKEN) {
                throw e;
            }
            // It names its content: it is the same.
            String id = SwarmSnapshot.id(docker.inspect(Kinds.CONFIGS, name));
            made.put(name, new Made(id, digest, watch.mark(Kinds.CONFIGS)));
        }
    }

    private Optional<byte[]> content(String path, String digest) {
        return desired.map(SwarmDeployment::bundle).flatMap(bundle -> {
            @Nullable
            BundleFile file =
                    path.equals(Release.INDEX) ? bundle.index() : bundle.files().get(path);
            return file != null && file.digest().equals(digest) ? Optional.of(file.content()) : Optional.empty();
        });
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

    private void apply(SwarmSnapshot swarm, String instance, Version version, Release release, boolean evenIfSame)
            throws NotDone, InterruptedException {
        if (desired.isEmpty()) {
            return;
        }
        SwarmDeployment deployment = desired.get();
        int replica = replica(instance, deployment.replicas());
        Map<String, String> ids = new HashMap<>();
        made.forEach((name, config) -> ids.put(name, config.id()));
        swarm.configs().forEach(config -> ids.put(SwarmSnapshot.name(config), SwarmSnapshot.id(config)));
        for (String config : Generations.configs(names, release)) {
            if (!ids.containsKey(config)) {
                throw new NotDone("the config " + config + " isn't there");
            }
        }
        List<String> constraints = new ArrayList<>(deployment.constraints());
        volumes.pin(swarm, replica, deployment.volume(), deployment.constraints())
                .ifPresent(node -> constraints.add("node.id==" + node));
        ObjectNode spec =
                ServiceFactory.service(names, version, release, replica, deployment.volume(), constraints, ids);
        volumes.refuseShared(swarm, Volumes.mounted(spec));
        surroundings.demandPresence();
        Optional<JsonNode> there = docker.find(Kinds.SERVICES, instance);
        if (there.isEmpty()) {
            Optional<String> auth = chooseImage(spec, deployment, Optional.empty());
            String id = docker.create(Kinds.SERVICES, spec, auth);
            LOG.info("{}: the service {} is made", names.server(), instance);
            noteWritten(instance, id, release);
            return;
        }
        if (!names.isOurs(there.get(), "server")) {
            throw new NotDone(names.notOurs("service", there.get()));
        }
        Volumes.refuseOther(there.get(), spec, deployment.volume());
        Optional<String> auth = chooseImage(spec, deployment, there);
        boolean changed = docker.update(
                Kinds.SERVICES,
                SwarmSnapshot.id(there.get()),
                before -> ServiceMerge.merged(before, spec, evenIfSame),
                auth);
        if (changed) {
            noteWritten(instance, SwarmSnapshot.id(there.get()), release);
        }
    }

    /** Puts the image into a service as it is to be written, and returns what its registry asks for. */
    private Optional<String> chooseImage(ObjectNode spec, SwarmDeployment deployment, Optional<JsonNode> service)
            throws InterruptedException {
        ObjectNode container = (ObjectNode) spec.at("/TaskTemplate/ContainerSpec");
        Images.Choice choice = images.choose(
                deployment.images(),
                container.path("Image").asText(),
                service.map(there ->
                        there.at("/Spec/TaskTemplate/ContainerSpec/Image").asText()));
        container.put("Image", choice.image());
        return choice.auth();
    }

    private void noteWritten(String instance, String id, Release release) throws InterruptedException {
        long index = docker.find(Kinds.SERVICES, id)
                .map(service -> service.at("/Version/Index").asLong())
                .orElse(0L);
        written.put(instance, new Written(id, index, release, watch.mark(Kinds.SERVICES)));
        watch.expectChange(EnumSet.of(Kinds.SERVICES));
    }

    private int replica(String instance, int replicas) throws NotDone {
        for (int replica = 0; replica < replicas; replica++) {
            if (names.service(replica).equals(instance)) {
                return replica;
            }
        }
        throw new NotDone("there is to be no service " + instance);
    }

    /** Removes the services of replicas that are no longer wanted; their volumes stay. */
    private void removeSpare(SwarmSnapshot swarm, Set<String> wanted) throws InterruptedException {
        if (desired.isEmpty()) {
            return;
        }
        for (JsonNode service : swarm.services()) {
            if (names.isOurs(service, "server") && !wanted.contains(SwarmSnapshot.name(service))) {
                try {
                    docker.delete(Kinds.SERVICES, SwarmSnapshot.id(service));
                    LOG.info(
                            "{}: the service {} is removed, its volume stays",
                            names.server(),
                            SwarmSnapshot.name(service));
                } catch (DockerException e) {
                    failure = Optional.of(e.words());
                }
            }
        }
    }

    private List<JsonNode> spare(SwarmSnapshot swarm) {
        return Generations.spare(
                swarm, names, desired(), memory.lastGood().map(Version::release), memory.previousConfigs());
    }

    private void removeSpareConfigs(SwarmSnapshot swarm) throws InterruptedException {
        for (JsonNode config : spare(swarm)) {
            try {
                docker.delete(Kinds.CONFIGS, SwarmSnapshot.id(config));
            } catch (DockerException e) {
                // A service may use it still; for as long as it is there it counts as left over, and is tried again.
                LOG.debug("{}: {}", SwarmSnapshot.name(config), e.words());
            }
        }
        watch.expectChange(EnumSet.of(Kinds.CONFIGS));
    }

    /** Returns where the API of a task is that is ready, to ask it for its targets; empty where none is. */
    public Optional<PrometheusEndpoint> readyEndpoint() {
        return seen.values().stream()
                .filter(one -> one.wasReady)
                .map(one -> one.endpoint)
                .findFirst();
    }

    @Override
    public void close() {
        seen.values().forEach(Seen::close);
    }
}
