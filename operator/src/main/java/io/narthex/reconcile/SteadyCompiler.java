package io.narthex.reconcile;

import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.RuleGroupEntry;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Retentions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles one server change after change. A resource whose new version is refused, by the compiler or by Prometheus,
 * keeps running as Prometheus last took it, so that a mistake never takes a working job away. What never ran, and
 * services, run as far as the compiler finds nothing wrong. A change costs what differs.
 *
 * <p>Any thread may call any method.
 */
public final class SteadyCompiler {

    /**
     * What became of an inventory.
     *
     * @param written what its author's newest versions compile to
     * @param compilation what is to run
     * @param inventory what that was made of
     * @param declared what its author's newest versions are
     * @param held resources that run as they were before, in part or not at all, since something of their newest version is
     *     refused
     * @param changed Monitors and RuleSets in the bundle that Prometheus hasn't taken in this version yet
     * @param suspects those of {@code changed} that no instance has loaded in this version, not even one that is to be
     *     replaced: whom a refusal may be about
     * @param serverChanged whether it hasn't taken the server in this version yet, or not with the jobs that its author
     *     wrote into a secret, or the credentials that it names, as they are now
     * @param serverSuspect whether no instance has loaded what became of that, not even one that is to be replaced
     * @param refusals what isn't carried out though it compiles: what the platform doesn't, of the server's newest version and
     *     of the one that it would go on with, and what would delete samples without the author's leave
     * @param stands whether the platform carries out the version of the server that is to run
     */
    public record Step(
            Compilation written,
            Compilation compilation,
            Inventory inventory,
            Inventory declared,
            Set<ResourceKey> held,
            Set<ResourceKey> changed,
            Set<ResourceKey> suspects,
            boolean serverChanged,
            boolean serverSuspect,
            List<Diagnostic> refusals,
            boolean stands) {

        /** Returns what is to run; empty where nothing can, since no version of the server is right. */
        public Optional<Bundle> bundle() {
            return compilation.bundle().filter(any -> stands);
        }

        /** Returns the version of the server that is to run, which is an earlier one where the newest is refused. */
        public Optional<Declared<PrometheusServerSpec>> server() {
            return inventory.find(compilation.server()).flatMap(found -> found.as(PrometheusServerSpec.class));
        }

        /** Returns how many Monitors the server takes something of. */
        public int monitors() {
            return compilation.monitors() - idle(ApiKinds.MONITOR);
        }

        /** Returns how many RuleSets the server takes something of. */
        public int ruleSets() {
            return compilation.ruleSets() - idle(ApiKinds.RULE_SET);
        }

        /** Returns of how many that are selected nothing runs. */
        private int idle(String kind) {
            return (int) held.stream()
                    .filter(key -> key.kind().equals(kind) && compilation.selects(key) && !isRunning(compilation, key))
                    .count();
        }

        /**
         * Returns who is to blame for what Prometheus says: with one change alone, be it the server's, there is no doubt,
         * otherwise those whose job it names, or the one that alone changed in the file which it names.
         */
        public List<Culprit> culprits(String message) {
            if (isOfServer(message) || (suspects.isEmpty() && serverChanged)) {
                return blamed(Set.of(compilation.server()), message);
            }
            return suspects.size() == 1 ? blamed(suspects, message) : named(message);
        }

        /**
         * Returns whether Prometheus names a file of jobs that the server's author wrote himself, or of a credential that the
         * server names and that is new: no other resource becomes any part of it, whichever of them changed at the same time.
         */
        public boolean isOfServer(String message) {
            return compilation.bundle().stream()
                            .flatMap(bundle -> bundle.credentials().keySet().stream())
                            .anyMatch(path -> path.startsWith(Bundle.ADDITIONAL_JOBS) && message.contains(path))
                    || (serverChanged && namesCredential(message));
        }

        private boolean namesCredential(String message) {
            return compilation.serverCredentials().keySet().stream().anyMatch(message::contains);
        }

        /** Returns those whose job Prometheus names, or the one that alone changed in the file which it names. */
        public List<Culprit> named(String message) {
            Set<ResourceKey> byJob =
                    mentioned(message, key -> compilation.jobs(key).stream().map(job -> '"' + job.name() + '"'));
            if (!byJob.isEmpty()) {
                return blamed(byJob, message);
            }
            Set<ResourceKey> byFile = mentioned(
                    message,
                    key -> Stream.concat(
                                    compilation.jobs(key).stream().map(JobEntry::file),
                                    compilation.ruleGroups(key).stream().map(RuleGroupEntry::file))
                            // Its whole name: that of one file may end as that of another.
                            .map(file -> "/" + file));
            return byFile.size() == 1 ? blamed(byFile, message) : List.of();
        }

        private Set<ResourceKey> mentioned(String message, Function<ResourceKey, Stream<String>> names) {
            return suspects.stream()
                    .filter(key -> names.apply(key).anyMatch(message::contains))
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private static List<Culprit> blamed(Set<ResourceKey> keys, String message) {
            return keys.stream().map(key -> new Culprit(key, message)).toList();
        }
    }

    private final Compiler compiler;

    // Guarded by this.
    private final QueryKnowledge queries;
    private BucketMap<ResourceKey, Declared<?>> taken = BucketMap.empty();
    /** What instances that are to be replaced loaded last, of a version of the server that isn't taken yet. */
    private Inventory loadedByOutdated = Inventory.EMPTY;

    private final Map<ResourceKey, Blamed> blamed = new HashMap<>();
    private final Bisection bisection = new Bisection();
    private Optional<OwnJobs> ownJobs = Optional.empty();
    private final OwnCredentials own = new OwnCredentials();

    /** The scrape jobs that the server's author wrote himself, as Prometheus last loaded them. */
    private record OwnJobs(SecretId id, SecretValue value) {

        static Optional<OwnJobs> of(Inventory inventory, ResourceKey server) {
            return inventory
                    .find(server)
                    .flatMap(OwnJobs::named)
                    .flatMap(id -> inventory.secret(id).map(value -> new OwnJobs(id, value)));
        }

        static Optional<SecretId> named(Declared<?> server) {
            return server.as(PrometheusServerSpec.class)
                    .flatMap(found -> Optional.ofNullable(found.spec().additionalScrapeConfigs()))
                    .flatMap(source -> Optional.ofNullable(source.secretRef()))
                    .map(entry -> new SecretId(server.key().namespace(), entry.name(), entry.key()));
        }
    }
    /** Which samples the server keeps that Prometheus took last; empty where that wasn't looked at yet. */
    private Optional<Retention> retained = Optional.empty();

    /**
     * What Prometheus refused.
     *
     * @param credentials what it asked for, as that was then
     * @param dockerSecrets likewise, by name
     * @param isOfOwn whether it is the server, and refused for what stands in credentials that it names
     * @param byOutdated whether only instances refused it that were to be replaced
     */
    private record Blamed(
            Declared<?> version,
            Map<SecretId, Optional<SecretValue>> credentials,
            Map<String, Optional<DockerSecret>> dockerSecrets,
            String message,
            boolean isOfOwn,
            boolean byOutdated) {

        /** Returns whether it would be the same again. */
        boolean isAsItWas(Inventory now) {
            return now.find(version.key())
                            .filter(found -> found.spec().equals(version.spec()))
                            .isPresent()
                    && credentials.entrySet().stream().allMatch(entry -> isSame(entry, now.secret(entry.getKey())))
                    && dockerSecrets.entrySet().stream()
                            .allMatch(entry -> isSame(entry, now.dockerSecret(entry.getKey())));
        }

        /** What is gone, or can't be read for a moment, makes nothing right. */
        private static <T> boolean isSame(Map.Entry<?, Optional<T>> then, Optional<T> now) {
            return now.isEmpty() || now.equals(then.getValue());
        }
    }

    /**
     * Makes one that has compiled nothing yet.
     *
     * @param compiler compiles
     * @param parser is asked about expressions before they are rolled out
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public SteadyCompiler(Compiler compiler, QueryParser parser, InstantSource timer) {
        this.compiler = compiler;
        this.queries = new QueryKnowledge(parser, timer);
    }

    /**
     * Compiles a server of the newest inventory, whichever version of it is to run, with the same options. Never throws for
     * a user's mistake.
     *
     * @param inventory what is declared
     * @param server the server
     * @param options what the compiler needs to know besides
     * @param running where the server runs already; empty where it doesn't
     */
    public Step take(Inventory inventory, ResourceKey server, CompileOptions options, Optional<ServerAddress> running) {
        return step(inventory, server, declared -> options, running, PlatformCheck.NONE);
    }

    /**
     * Compiles a server of the newest inventory, which declares it. Never throws for a user's mistake.
     *
     * @param inventory what is declared
     * @param server the server
     * @param options returns what the compiler needs to know besides of a version of the server
     * @param running where the server runs already; empty where it doesn't
     * @param platform says what of the newest version of the server can't be carried out: an earlier one then runs on, with
     *     the newest versions of everything else
     */
    public Step take(
            Inventory inventory,
            ResourceKey server,
            Function<PrometheusServerSpec, CompileOptions> options,
            Optional<ServerAddress> running,
            PlatformCheck platform) {
        return step(
                inventory,
                server,
                declared -> options.apply(declaration(declared, server).spec()),
                running,
                platform);
    }

    private synchronized Step step(
            Inventory inventory,
            ResourceKey server,
            Function<Inventory, CompileOptions> options,
            Optional<ServerAddress> running,
            PlatformCheck platform) {
        Compilation first =
                queries.compile(compiler, inventory, server, options.apply(inventory), changed(inventory), running);
        Inventory written = queries.addTo(inventory);
        blamed.values().removeIf(refused -> !refused.isAsItWas(written));
        bisection.keepUp(written, server);
        Set<ResourceKey> unrunnable = new HashSet<>(blamed.keySet());
        unrunnable.addAll(bisection.withheld());
        Set<ResourceKey> wrong = refused(first);
        // A folder may declare none that can be read.
        Optional<Declared<PrometheusServerSpec>> newest = found(inventory, server);
        List<Diagnostic> refusals = new ArrayList<>(refusals(platform, newest, first));
        first.bundle()
                .flatMap(bundle -> newest.flatMap(version -> dataLoss(version, bundle.retention(), written, options)))
                .ifPresent(refusals::add);
        if (!refusals.isEmpty()) {
            wrong.add(server);
        }
        own.compiled(first);
        Inventory wanted = written;
        if (isUnfit(first)) {
            wanted = own.pemAsLoaded(wanted);
        }
        if (own.isSuspected(written)) {
            wanted = own.withoutSuspects(wanted);
        }
        for (ResourceKey key : wrong) {
            wanted = earlier(wanted, key);
        }
        for (ResourceKey key : unrunnable) {
            wanted = fallBack(wanted, key);
        }
        Compilation compilation =
                wanted.equals(written) ? first : compiler.compile(wanted, server, options.apply(wanted));
        Optional<Declared<PrometheusServerSpec>> runs = found(wanted, server);
        boolean isNewest = runs.isEmpty() || newest.isEmpty() || isSame(runs, newest.get());
        // What the newest version was refused for, or something else, may be true of the one before by now.
        List<Diagnostic> ofEarlier = isNewest ? List.of() : refusals(platform, runs, compilation);
        Set<ResourceKey> held = new HashSet<>(wrong);
        held.addAll(unrunnable);
        Set<ResourceKey> changed = changed(wanted).stream()
                .filter(key -> isRunning(compilation, key))
                .collect(Collectors.toUnmodifiableSet());
        boolean serverChanged = isServerChanged(wanted, server);
        return new Step(
                first,
                compilation,
                wanted,
                written,
                Set.copyOf(held),
                changed,
                suspects(wanted, changed),
                serverChanged,
                serverChanged && !isLoadedByOutdated(wanted, server),
                Stream.concat(refusals.stream(), ofEarlier.stream().map(SteadyCompiler::ofEarlier))
                        .toList(),
                isNewest ? refusals.isEmpty() : ofEarlier.isEmpty());
    }

    /** Whether a key of the server's own doesn't fit its certificate: Prometheus would refuse whatever comes next, or serve nobody. */
    private static boolean isUnfit(Compilation compilation) {
        return compilation.diagnostics(compilation.server()).stream()
                .anyMatch(diagnostic -> diagnostic.code() == DiagnosticCode.CERTIFICATE_INVALID);
    }

    private static List<Diagnostic> refusals(
            PlatformCheck platform, Optional<Declared<PrometheusServerSpec>> version, Compilation compiled) {
        return compiled.bundle()
                .flatMap(bundle -> version.map(declared -> platform.refusals(declared, bundle)))
                .orElse(List.of());
    }

    private static Diagnostic ofEarlier(Diagnostic refusal) {
        return new Diagnostic(
                refusal.code(),
                refusal.severity(),
                refusal.resource(),
                refusal.field(),
                Optional.empty(),
                "nor can the version before be carried out: " + refusal.message(),
                refusal.allowed(),
                refusal.remedy());
    }

    /**
     * A rollout refuses to delete samples, too, and with that whatever else changed: here the server alone is held back, so
     * that everything else goes on.
     */
    private Optional<Diagnostic> dataLoss(
            Declared<PrometheusServerSpec> newest,
            Retention retention,
            Inventory inventory,
            Function<Inventory, CompileOptions> options) {
        if (retention.allowDataLoss() || newest.spec().runsElsewhere()) {
            return Optional.empty();
        }
        FieldPath at = FieldPath.of("spec").field("retention");
        return retentionBefore(newest.key(), inventory, options)
                .flatMap(before -> Retentions.shrinks(before, retention))
                .map(how -> new Diagnostic(
                        DiagnosticCode.DATA_LOSS_REFUSED,
                        DiagnosticCode.DATA_LOSS_REFUSED.severity(),
                        Optional.of(newest.key()),
                        at,
                        newest.source().locate(at),
                        "the change would delete samples: " + how,
                        "",
                        "put it back, or set allowDataLoss of spec.retention to allow that"));
    }

    private Optional<Retention> retentionBefore(
            ResourceKey server, Inventory inventory, Function<Inventory, CompileOptions> options) {
        Declared<?> before = taken.find(server);
        if (before != null && retained.isEmpty()) {
            Inventory earlier = inventory.with(before);
            retained = compiler.compile(earlier, server, options.apply(earlier))
                    .bundle()
                    .map(Bundle::retention);
        }
        return before == null ? Optional.empty() : retained;
    }

    private static Optional<Declared<PrometheusServerSpec>> found(Inventory inventory, ResourceKey server) {
        return inventory.find(server).flatMap(found -> found.as(PrometheusServerSpec.class));
    }

    private static Declared<PrometheusServerSpec> declaration(Inventory inventory, ResourceKey server) {
        return found(inventory, server)
                .orElseThrow(() -> new IllegalArgumentException("no " + server + " is declared"));
    }

    /**
     * Says what Prometheus took of resources before this was made: what they fall back to where their newest versions are
     * refused.
     */
    public synchronized void restore(Collection<Declared<?>> versions) {
        for (Declared<?> version : versions) {
            taken = taken.with(version.key(), version);
        }
        retained = Optional.empty();
    }

    /**
     * Says what the scrape jobs that the server's author wrote himself were when Prometheus last loaded them, as their secret
     * or as the file that became of it; to be called after {@link #restore}. Where that is known it stays.
     */
    public synchronized void restoreOwnJobs(ResourceKey server, SecretValue jobs) {
        if (ownJobs.isEmpty()) {
            ownJobs = Optional.ofNullable(taken.find(server))
                    .flatMap(version -> OwnJobs.named(version))
                    .map(id -> new OwnJobs(id, jobs));
        }
    }

    /** Returns whether Prometheus refuses jobs that the server's author wrote, and nothing says what they were before. */
    public synchronized boolean isOwnJobsMissed() {
        return ownJobs.isEmpty()
                && blamed.keySet().stream()
                        .filter(ResourceKey::isServer)
                        .flatMap(key -> Optional.<Declared<?>>ofNullable(taken.find(key)).stream())
                        .anyMatch(version -> OwnJobs.named(version).isPresent());
    }

    /**
     * Returns the paths of the files of the server's credentials whose earlier contents are needed, since those of now are
     * refused, and nothing says what they were.
     */
    public synchronized Set<String> missedCredentials() {
        return own.missed();
    }

    /** Says what they were when Prometheus last loaded them, by path. Where that is known it stays. */
    public synchronized void restoreCredentials(Map<String, SecretValue> kept) {
        own.restore(kept);
    }

    /** Says that Prometheus runs what this step compiled: what its resources fall back to from now on. */
    public synchronized void loaded(Step step) {
        BucketMap<ResourceKey, Declared<?>> now = step.inventory().resources();
        for (ResourceKey key : refused(step.compilation())) {
            // What runs in part goes on doing so.
            if (!isRunning(step.compilation(), key)) {
                now = now.without(key);
            }
        }
        taken = now;
        loadedByOutdated = Inventory.EMPTY;
        ownJobs = OwnJobs.of(step.inventory(), step.compilation().server());
        retained = step.compilation().bundle().map(Bundle::retention);
        boolean isRead = step.compilation().bundle().isPresent()
                && own.loaded(step.compilation().bundle().get(), step.compilation(), step.inventory());
        if (isRead) {
            own.settle().ifPresent(proved -> step.server().ifPresent(version -> blame(version, proved)));
        }
    }

    private void blame(Declared<PrometheusServerSpec> version, OwnCredentials.Suspicion proved) {
        Map<SecretId, Optional<SecretValue>> credentials = new HashMap<>();
        proved.contents().forEach((id, value) -> credentials.put(id, Optional.of(value)));
        blamed.put(version.key(), new Blamed(version, credentials, Map.of(), proved.message(), true, false));
    }

    /**
     * Says that all instances that serve loaded what this step compiled, some of which are to be replaced for it: nobody runs
     * the server's version, so nothing falls back to it, but of a refusal it isn't suspected.
     */
    public synchronized void loadedByOutdated(Step step) {
        loadedByOutdated = step.inventory();
    }

    /**
     * Has those tried again that were refused by instances alone that were to be replaced; to be called after {@link
     * #loaded}.
     *
     * @return whether there are such
     */
    public synchronized boolean forgive() {
        return blamed.values().removeIf(Blamed::byOutdated);
    }

    /** Returns whether rules wait for a Prometheus that parses their expressions, which may be there by now. */
    public synchronized boolean isWaiting() {
        return queries.isWaiting();
    }

    /** Returns whether it is time to compile again for an expression that nobody answered. */
    public synchronized boolean isDue() {
        return queries.isDue();
    }

    /** Returns the version of a resource that Prometheus took last; empty where it took none. */
    public synchronized Optional<Declared<?>> taken(ResourceKey key) {
        return taken.get(key);
    }

    /**
     * Says that Prometheus refuses what these resources became: the next step leaves their present versions out.
     *
     * @return whether that is news
     */
    public boolean blame(Step step, List<Culprit> culprits) {
        return blame(step, culprits, false);
    }

    /**
     * As {@link #blame(Step, List)}.
     *
     * @param byOutdated whether only instances said so that were to be replaced, so that {@link #forgive} has it tried again
     */
    public synchronized boolean blame(Step step, List<Culprit> culprits, boolean byOutdated) {
        boolean isNews = false;
        for (Culprit culprit : culprits) {
            Optional<Declared<?>> version = step.inventory().find(culprit.resource());
            if (version.isPresent()) {
                boolean isOfOwn = isOfOwnCredentials(step, version.get(), culprit.message());
                Map<SecretId, Optional<SecretValue>> credentials = new HashMap<>();
                Stream.concat(
                                step.compilation().wantedCredentials(culprit.resource()).stream(),
                                OwnJobs.named(version.get()).stream())
                        .forEach(id -> credentials.put(id, step.inventory().secret(id)));
                if (isOfOwn) {
                    own.suspects(step.inventory(), culprit.message())
                            .forEach((id, value) -> credentials.put(id, Optional.of(value)));
                }
                Map<String, Optional<DockerSecret>> dockerSecrets = new HashMap<>();
                for (String name : step.compilation().wantedDockerSecrets(culprit.resource())) {
                    dockerSecrets.put(name, step.inventory().dockerSecret(name));
                }
                Blamed before = blamed.put(
                        culprit.resource(),
                        new Blamed(version.get(), credentials, dockerSecrets, culprit.message(), isOfOwn, byOutdated));
                isNews |= before == null;
            }
        }
        if (isNews) {
            bisection.end();
            own.acquit();
        }
        return isNews;
    }

    /** Whether a server is refused for credentials that it names, and not for what it says itself. */
    private boolean isOfOwnCredentials(Step step, Declared<?> version, String message) {
        return version.key().isServer()
                && !own.suspects(step.inventory(), message).isEmpty()
                && (step.namesCredential(message)
                        || (isTaken(version)
                                && OwnJobs.of(step.inventory(), version.key()).equals(ownJobs)));
    }

    private boolean isTaken(Declared<?> version) {
        Declared<?> before = taken.find(version.key());
        return before != null && before.spec().equals(version.spec());
    }

    /**
     * Says that Prometheus refuses a step and names nobody: the next step tries fewer of its changes, first without new
     * contents of credentials that the server names.
     *
     * @param message what Prometheus says
     * @return whether there is such a step
     */
    public synchronized boolean search(Step step, String message) {
        if (step.server().filter(this::isTaken).isPresent() && own.suspect(step.inventory(), message)) {
            return true;
        }
        List<Declared<?>> tried = new ArrayList<>();
        new TreeSet<>(step.suspects()).forEach(key -> step.inventory().find(key).ifPresent(tried::add));
        Optional<Declared<?>> server = step.inventory().find(step.compilation().server());
        return bisection.refused(tried, server, step.serverSuspect());
    }

    /**
     * Says that Prometheus runs a step of a search, after {@link #loaded} or {@link #loadedByOutdated}.
     *
     * @return whether there is more to try
     */
    public synchronized boolean resume() {
        return bisection.accepted();
    }

    /** Returns what Prometheus said against resources, one diagnostic for each. */
    public synchronized List<Diagnostic> blames() {
        return blamed.entrySet().stream()
                .map(entry -> entry.getValue().isOfOwn()
                        ? blame(
                                entry.getValue(),
                                FieldPath.of("spec"),
                                "Prometheus refuses it with the credentials that it names as they are now: ",
                                "mend their secrets, such as a key that isn't its certificate's; those that Prometheus loaded"
                                        + " before go on until then")
                        : isOfOwnJobs(entry.getValue())
                                ? blame(
                                        entry.getValue(),
                                        FieldPath.of("spec").field("additionalScrapeConfigs"),
                                        "Prometheus refuses these jobs: ",
                                        "mend the secret, of which Prometheus's log says more; those that Prometheus loaded before go"
                                                + " on until then")
                                : blame(
                                        entry.getValue(),
                                        FieldPath.ROOT,
                                        "Prometheus refuses what this became: ",
                                        "mend what Prometheus names"))
                .sorted(Diagnostic.ORDER)
                .toList();
    }

    private static Diagnostic blame(Blamed refused, FieldPath field, String words, String remedy) {
        return new Diagnostic(
                DiagnosticCode.REFUSED_BY_PROMETHEUS,
                DiagnosticCode.REFUSED_BY_PROMETHEUS.severity(),
                Optional.of(refused.version().key()),
                field,
                refused.version().source().locate(FieldPath.of("spec")),
                words + refused.message(),
                "",
                remedy);
    }

    /** Forgets what was compiled of the server; to be called when nobody takes care of it any more. */
    public void forget(ResourceKey server) {
        compiler.forget(server);
    }

    /** Returns what a step's bundle would be without the present versions of some resources. */
    public Optional<Bundle> without(Step step, Set<ResourceKey> excluded, CompileOptions options) {
        Inventory rest = step.inventory();
        for (ResourceKey key : excluded) {
            rest = fallBack(rest, key);
        }
        return compiler.compile(rest, step.compilation().server(), options).bundle();
    }

    /**
     * Has what the compiler refuses go on as Prometheus last took it. What Prometheus took nothing of yet runs as far as it
     * is right. So does a service: its earlier version may be one whose tasks and networks are gone.
     */
    private Inventory earlier(Inventory inventory, ResourceKey key) {
        Declared<?> before = taken.find(key);
        return before == null || before.as(SwarmService.class).isPresent() || isSame(inventory.find(key), before)
                ? inventory
                : inventory.with(before);
    }

    /** Has what Prometheus refuses go on as it last took it, or not at all. */
    private synchronized Inventory fallBack(Inventory inventory, ResourceKey key) {
        Declared<?> before = taken.find(key);
        if (before == null) {
            // A server that never ran has nothing to fall back to, and without it nothing could be said of the rest.
            return key.isServer() ? inventory : inventory.without(key);
        }
        Inventory earlier = isSame(inventory.find(key), before) ? inventory : inventory.with(before);
        if (!key.isServer()) {
            return earlier;
        }
        Blamed refused = blamed.get(key);
        Inventory withOwn = refused != null && refused.isOfOwn()
                ? own.asLoaded(earlier, refused.credentials().keySet())
                : earlier;
        return ownJobs.map(jobs -> withOwn.with(jobs.id(), jobs.value())).orElse(withOwn);
    }

    private Set<ResourceKey> changed(Inventory running) {
        Set<ResourceKey> changed = new TreeSet<>();
        running.resources().differences(taken, (key, before, now) -> {
            if (now != null && !key.isServer()) {
                changed.add(key);
            }
        });
        return Set.copyOf(changed);
    }

    /** Also where only secrets changed that it names: Prometheus may refuse what stands in them without a name. */
    private boolean isServerChanged(Inventory running, ResourceKey server) {
        Optional<OwnJobs> jobs = OwnJobs.of(running, server);
        return running.find(server).filter(this::isTaken).isEmpty()
                || (jobs.isPresent() && !jobs.equals(ownJobs))
                || !own.changed(running).isEmpty();
    }

    private Set<ResourceKey> suspects(Inventory running, Set<ResourceKey> changed) {
        return changed.stream()
                .filter(key -> !isLoadedByOutdated(running, key))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isLoadedByOutdated(Inventory running, ResourceKey key) {
        Optional<? extends Declared<?>> now = running.find(key);
        return now.isPresent()
                && isSame(loadedByOutdated.find(key), now.get())
                && (!key.isServer()
                        || (OwnJobs.of(running, key).equals(OwnJobs.of(loadedByOutdated, key))
                                && own.changed(running).equals(own.changed(loadedByOutdated))));
    }

    /** Whether nothing else of a server can be to blame than the jobs that its author wrote into a secret. */
    private boolean isOfOwnJobs(Blamed refused) {
        return refused.version().key().isServer()
                && OwnJobs.named(refused.version()).isPresent()
                && (refused.message().contains(Bundle.ADDITIONAL_JOBS) || isTaken(refused.version()));
    }

    // The same instance is the same version of a resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Optional<? extends Declared<?>> known, Declared<?> version) {
        return known.isPresent() && known.get() == version;
    }

    /** Returns whether something of the bundle is this resource's. */
    private static boolean isRunning(Compilation compilation, ResourceKey key) {
        return !compilation.jobs(key).isEmpty() || !compilation.ruleGroups(key).isEmpty();
    }

    private static Set<ResourceKey> refused(Compilation compilation) {
        Set<ResourceKey> keys = new HashSet<>();
        if (compilation.count(Severity.ERROR) == 0) {
            return keys;
        }
        // A service that can't be found by a Monitor makes nothing of the Monitor's configuration wrong.
        Set<Diagnostic> ofTargets = new HashSet<>(compilation.discovery().diagnostics());
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            if (diagnostic.severity() == Severity.ERROR && !ofTargets.contains(diagnostic)) {
                diagnostic.resource().ifPresent(keys::add);
            }
        }
        return keys;
    }
}
