package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.RuleGroupEntry;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.reconcile.SteadyRollout;
import io.narthex.rollout.Status;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.DeclaredJson;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Finding;
import io.narthex.status.kubernetes.JobCounts;
import io.narthex.status.kubernetes.ResourceReport;
import io.narthex.status.kubernetes.RuleCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says of each Monitor and RuleSet that one server takes what became of it there. For the thread that reconciles the server.
 */
final class ResourceReporter {

    private final ResourceKey server;
    private final OperatorParts parts;
    private final ServerView view;
    private final SteadyRollout rollout;
    private final TargetPoll poll;

    private Inventory reported = Inventory.EMPTY;
    private SteadyCompiler.@Nullable Step reportedStep;
    private BucketMap<ResourceKey, Diagnostic> reportedUnreadable = BucketMap.empty();
    private BucketMap<SecretId, String> reportedUnread = BucketMap.empty();
    private BucketMap<ResourceKey, StoredObject> reportedObjects = BucketMap.empty();
    private final Set<ResourceKey> unsettled = new HashSet<>();
    private final Set<ResourceKey> told = new HashSet<>();
    private Optional<TargetPoll.Seen> counts = Optional.empty();

    ResourceReporter(ResourceKey server, OperatorParts parts, ServerView view, SteadyRollout rollout, TargetPoll poll) {
        this.server = server;
        this.parts = parts;
        this.view = view;
        this.rollout = rollout;
        this.poll = poll;
    }

    /**
     * Looks at those resources only of which there may be something new to say.
     *
     * @param now what is to run
     * @param status where its rollout stands
     * @param standstill why nothing new reaches Prometheus at all; empty where it does
     * @param passing whether what isn't loaded yet will be in a moment, so that nothing is said of it
     */
    @SuppressWarnings("ReferenceEquality") // Versions of a map that share everything are one instance.
    void report(
            ClusterState state, SteadyCompiler.Step now, Status status, Optional<Finding> standstill, boolean passing) {
        Inventory inventory = view.of(state);
        Set<ResourceKey> keys = new HashSet<>(unsettled);
        if (reportedStep != now) {
            reportedStep = now;
            keys.addAll(now.changed());
            keys.addAll(now.held());
        }
        boolean all = !reported.visibleNamespaces().equals(inventory.visibleNamespaces())
                || !reported.find(server).equals(inventory.find(server));
        inventory
                .resources()
                .differences(all ? BucketMap.empty() : reported.resources(), (key, before, after) -> keys.add(key));
        if (all) {
            keys.addAll(told);
        } else {
            keys.addAll(inventory.inNamespacesOtherThan(reported));
        }
        if (reported.secrets() != inventory.secrets() || reportedUnread != state.unread()) {
            told.stream()
                    .filter(key -> !now.written().wantedCredentials(key).isEmpty())
                    .forEach(keys::add);
        }
        Optional<TargetPoll.Seen> seen = poll.seen();
        if (counts.isPresent() != seen.isPresent()) {
            keys.addAll(told);
        }
        if (!seen.map(TargetPoll.Seen::rules).equals(counts.map(TargetPoll.Seen::rules))) {
            told.stream().filter(key -> key.kind().equals(ApiKinds.RULE_SET)).forEach(keys::add);
        }
        if (counts.isPresent() && seen.isPresent()) {
            seen.get()
                    .jobs()
                    .differences(
                            counts.get().jobs(),
                            (job, before, after) -> now.compilation()
                                    .bundle()
                                    .flatMap(bundle -> bundle.jobs().find(job))
                                    .map(JobEntry::resource)
                                    .ifPresent(keys::add));
            if (!seen.get().idle().equals(counts.get().idle())) {
                // Whether one that has no target has a scrape pool.
                now.compilation().bundle().stream()
                        .flatMap(bundle -> bundle.jobs().all())
                        .filter(job -> seen.get().jobs().get(job.name()).isEmpty())
                        .map(JobEntry::resource)
                        .forEach(keys::add);
            }
        }
        state.objects().differences(reportedObjects, (key, before, after) -> {
            if (before != null && after != null && before.generation() != after.generation()) {
                keys.add(key);
            }
        });
        reportedObjects = state.objects();
        state.unreadable().differences(reportedUnreadable, (key, before, after) -> keys.add(key));
        counts = seen;
        reported = inventory;
        reportedUnreadable = state.unreadable();
        reportedUnread = state.unread();
        Map<ResourceKey, List<Diagnostic>> blames = new HashMap<>();
        rollout.blames()
                .forEach(blame -> blame.resource()
                        .ifPresent(key -> blames.computeIfAbsent(key, k -> new ArrayList<>())
                                .add(blame)));
        state.unreadable().forEach((key, why) -> blames.put(key, List.of(why)));
        keys.remove(server);
        keys.removeIf(ResourceKey::isServer);
        keys.forEach(
                key -> report(key, now, inventory, status, standstill, passing, blames.getOrDefault(key, List.of())));
        if (!passing) {
            parts.board().spoken(server);
        }
    }

    @SuppressWarnings("ReferenceEquality") // The same instance is the same version of a resource.
    private void report(
            ResourceKey key,
            SteadyCompiler.Step now,
            Inventory inventory,
            Status status,
            Optional<Finding> standstill,
            boolean passing,
            List<Diagnostic> blames) {
        Optional<Declared<?>> declared = inventory.find(key);
        Optional<Declared<?>> taken = rollout.taken(key);
        boolean loaded = declared.isPresent()
                && taken.isPresent()
                && taken.get() == declared.get()
                && reportedUnreadable.get(key).isEmpty();
        if (passing && declared.isPresent() && !loaded) {
            unsettled.add(key);
            return;
        }
        if (declared.isEmpty()
                || !(now.written().selects(key) || now.compilation().selects(key))) {
            unsettled.remove(key);
            if (told.remove(key)) {
                parts.board().withdraw(key, server);
            }
            return;
        }
        if (standstill.filter(why -> why.reason() == ConditionReason.PAUSED).isPresent()
                && !rollout.wasVerified()
                && reportedObjects
                        .get(key)
                        .filter(object -> EarlierStatus.saysLoaded(object, server))
                        .isPresent()) {
            // Since the start nothing was looked at, and nothing changes while it is paused.
            unsettled.remove(key);
            return;
        }
        List<Diagnostic> diagnostics = new ArrayList<>(now.written().diagnostics(key));
        diagnostics.addAll(blames);
        diagnostics.addAll(unread(key, now, reportedUnread));
        List<ResourceReport.Job> jobs = now.compilation().jobs(key).stream()
                .map(job -> new ResourceReport.Job(job.endpoint(), job.name(), counts(job.name(), loaded)))
                .toList();
        OptionalInt groups = OptionalInt.empty();
        Optional<RuleCounts> rules = Optional.empty();
        if (key.kind().equals(ApiKinds.RULE_SET)) {
            List<RuleGroupEntry> entries = now.compilation().ruleGroups(key);
            groups = OptionalInt.of(entries.size());
            rules = rules(entries);
        }
        told.add(key);
        if (loaded) {
            unsettled.remove(key);
        } else {
            unsettled.add(key);
        }
        parts.board()
                .report(
                        key,
                        new ResourceReport(
                                server,
                                reportedObjects
                                        .get(key)
                                        .map(StoredObject::generation)
                                        .orElse(0L),
                                groups,
                                rules,
                                diagnostics,
                                loaded,
                                taken.isPresent() && !loaded,
                                loaded ? Status.VERIFIED : status,
                                standstill,
                                jobs));
    }

    /** What the API server says in place of credentials that a resource names. */
    static List<Diagnostic> unread(ResourceKey key, SteadyCompiler.Step now, BucketMap<SecretId, String> unread) {
        if (unread.isEmpty()) {
            return List.of();
        }
        List<Diagnostic> found = new ArrayList<>();
        for (SecretId id :
                now.declared().find(key).map(DeclaredJson::credentials).orElse(Set.of())) {
            boolean known = now.declared().secret(id).isPresent();
            unread.get(id)
                    .ifPresent(words -> found.add(new Diagnostic(
                            DiagnosticCode.CREDENTIAL_MISSING,
                            known ? Severity.WARNING : Severity.ERROR,
                            Optional.of(key),
                            FieldPath.ROOT,
                            Optional.empty(),
                            (id.isConfigMap() ? "the ConfigMap " : "the Secret ") + id.namespace() + "/"
                                    + id.objectName() + " can't be read, and counts as "
                                    + (known ? "it was when it last could" : "missing") + "; the API server says: "
                                    + words,
                            "",
                            "delete it and create it anew")));
        }
        found.sort(Diagnostic.ORDER);
        return found;
    }

    /** Those of the groups that the server has loaded; before the first look nothing is known. */
    private Optional<RuleCounts> rules(List<RuleGroupEntry> groups) {
        return counts.map(seen -> groups.stream()
                .flatMap(group ->
                        Optional.ofNullable(seen.rules().get(new TargetPoll.GroupKey(group.file(), group.group())))
                                .stream())
                .reduce(RuleCounts.NONE, RuleCounts::plus));
    }

    /**
     * A job that was looked at and has no target has none; one that is new wasn't looked at yet. That one that isn't loaded has
     * no scrape pool says nothing.
     */
    private Optional<JobCounts> counts(String job, boolean loaded) {
        return counts.flatMap(seen -> {
            Optional<JobCounts> now = seen.jobs().get(job);
            return poll.isAwaited(job) ? now : Optional.of(loaded ? seen.of(job) : now.orElse(JobCounts.NONE));
        });
    }
}
