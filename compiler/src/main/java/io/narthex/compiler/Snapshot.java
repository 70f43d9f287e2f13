package io.narthex.compiler;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.assemble.JobParts;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.assemble.RuleParts;
import io.narthex.compiler.assemble.RulePiece;
import io.narthex.compiler.frontend.MonitorFrontend;
import io.narthex.compiler.frontend.RuleSetFrontend;
import io.narthex.compiler.frontend.ServerSettings;
import io.narthex.compiler.frontend.ServiceFrontend;
import io.narthex.compiler.frontend.SharedPool;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.Selection;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all selected resources of an inventory became for one server. Immutable; the next one is made from it and from
 * what differs between their inventories, and shares the rest.
 *
 * @param settings what it was made under; null for the empty one
 * @param monitors what the selected Monitors became
 * @param ruleSets what the selected RuleSets became
 * @param services what the labels of services became
 * @param jobs all scrape jobs
 * @param rules all rule groups
 * @param diagnostics what is wrong with resources that have something wrong
 * @param errors how many errors are among them
 * @param warnings how many warnings are among them
 * @param infos how many of the rest are among them
 * @param credentials how many Monitors use each credential, by its file's path
 * @param mounts how many resources use each Docker secret, by the path at which it is mounted
 * @param wanted how many Monitors ask for each credential, known or not
 */
record Snapshot(
        @Nullable ServerSettings settings,
        BucketMap<ResourceKey, MonitorFrontend.Result> monitors,
        BucketMap<ResourceKey, RuleSetFrontend.Result> ruleSets,
        BucketMap<ResourceKey, ServiceFrontend.Result> services,
        JobParts jobs,
        RuleParts rules,
        BucketMap<ResourceKey, List<Diagnostic>> diagnostics,
        int errors,
        int warnings,
        int infos,
        BucketMap<String, Use> credentials,
        BucketMap<String, Mount> mounts,
        BucketMap<SecretId, Integer> wanted) {

    /**
     * A Docker secret in use.
     *
     * @param secret which one
     * @param count by how many resources
     */
    record Mount(DockerSecret secret, int count) {}

    /**
     * A credential in use.
     *
     * @param id which one
     * @param count by how many resources
     */
    record Use(SecretId id, int count) {}

    static final Snapshot EMPTY = new Snapshot(
            null,
            BucketMap.empty(),
            BucketMap.empty(),
            BucketMap.empty(),
            JobParts.EMPTY,
            RuleParts.EMPTY,
            BucketMap.empty(),
            0,
            0,
            0,
            BucketMap.empty(),
            BucketMap.empty(),
            BucketMap.empty());

    /**
     * Returns the snapshot of {@code inventory}.
     *
     * @param before an earlier one; null for none
     * @param earlier the inventory that it was made of
     * @param inventory what is declared now
     * @param settings the server's settings now
     */
    static Snapshot of(@Nullable Snapshot before, Inventory earlier, Inventory inventory, ServerSettings settings) {
        boolean anew = before == null || before.settings == null || !settings.isLike(before.settings);
        Update update = new Update(anew || before == null ? EMPTY : before, inventory, settings);
        inventory
                .resources()
                .differences(
                        anew ? BucketMap.empty() : earlier.resources(), (key, old, now) -> update.resource(key, now));
        if (anew && settings.discoveryUrl().isPresent()) {
            update.add(SharedPool.job(settings));
        }
        if (!anew) {
            // Servers select by the labels of namespaces.
            update.again(inventory.inNamespacesOtherThan(earlier));
            update.sight();
            update.secrets(earlier);
            update.dockerSecrets(earlier);
            update.queries(earlier);
        }
        return update.finish();
    }

    /**
     * Returns this snapshot without what some Monitors became. They stay selected, and what they ask for stays wanted.
     *
     * @param why says why, by Monitor
     * @param inventory what is declared
     */
    Snapshot refusing(Map<ResourceKey, Diagnostic> why, Inventory inventory) {
        if (why.isEmpty() || settings == null) {
            return this;
        }
        Update update = new Update(this, inventory, settings);
        why.forEach(update::refuse);
        return update.finish();
    }

    /** Collects changes, and applies them all at once. */
    private static final class Update {

        private final Inventory inventory;
        private final ServerSettings settings;
        private final MonitorFrontend monitorFrontend;
        private final RuleSetFrontend ruleSetFrontend;
        private final ServiceFrontend serviceFrontend;
        private final Snapshot before;
        private final Set<String> removedJobs = new HashSet<>();
        private final Map<String, JobPiece> addedJobs = new HashMap<>();
        private final Map<ResourceKey, List<RulePiece>> changedRules = new TreeMap<>();
        private final Set<ResourceKey> done = new HashSet<>();
        private BucketMap<ResourceKey, MonitorFrontend.Result> monitors;
        private BucketMap<ResourceKey, RuleSetFrontend.Result> ruleSets;
        private BucketMap<ResourceKey, ServiceFrontend.Result> services;
        private BucketMap<ResourceKey, List<Diagnostic>> diagnostics;
        private BucketMap<String, Use> credentials;
        private BucketMap<String, Mount> mounts;
        private BucketMap<SecretId, Integer> wanted;
        private final int[] counts;

        Update(Snapshot before, Inventory inventory, ServerSettings settings) {
            this.before = before;
            this.inventory = inventory;
            this.settings = settings;
            this.monitors = before.monitors;
            this.ruleSets = before.ruleSets;
            this.services = before.services;
            this.diagnostics = before.diagnostics;
            this.credentials = before.credentials;
            this.mounts = before.mounts;
            this.wanted = before.wanted;
            this.counts = new int[] {before.errors, before.warnings, before.infos};
            this.monitorFrontend =
                    new MonitorFrontend(settings, inventory.secrets()::find, inventory.dockerSecrets()::find);
            this.ruleSetFrontend = new RuleSetFrontend(settings, inventory.queries()::find);
            this.serviceFrontend =
                    new ServiceFrontend(settings, inventory.dockerSecrets()::find, inventory.queries()::find);
        }

        /** Adds a job that no resource declares. */
        void add(JobPiece job) {
            addedJobs.put(job.name(), job);
        }

        /** Looks at one resource anew; null for one that is gone. */
        void resource(ResourceKey key, @Nullable Declared<?> now) {
            done.add(key);
            Optional<Declared<MonitorSpec>> monitor = now == null ? Optional.empty() : now.as(MonitorSpec.class);
            Optional<Declared<RuleSetSpec>> ruleSet = now == null ? Optional.empty() : now.as(RuleSetSpec.class);
            if (settings.platform().hasLabels()) {
                ServiceFrontend.Result old = services.find(key);
                Optional<Declared<SwarmService>> service = now == null ? Optional.empty() : now.as(SwarmService.class);
                if (old != null || service.isPresent()) {
                    service(
                            key,
                            old,
                            service.map(serviceFrontend::compile)
                                    .filter(some -> !some.isNothing())
                                    .orElse(null));
                }
            }
            MonitorFrontend.Result oldMonitor = monitors.find(key);
            if (monitor.isPresent() && selects(monitor.get(), true)) {
                monitor(key, oldMonitor, monitorFrontend.compile(monitor.get()));
            } else if (oldMonitor != null) {
                monitor(key, oldMonitor, null);
            }
            RuleSetFrontend.Result oldRules = ruleSets.find(key);
            if (ruleSet.isPresent() && selects(ruleSet.get(), false)) {
                rules(key, ruleSetFrontend.compile(ruleSet.get()));
            } else if (oldRules != null) {
                rules(key, null);
            }
        }

        /** Looks at those Monitors anew that go by the server's sight, where that is another. */
        void sight() {
            if (before.settings == null || settings.sight().equals(before.settings.sight())) {
                return;
            }
            List<ResourceKey> affected = new ArrayList<>();
            monitors.forEach((key, result) -> {
                if (inventory
                        .find(key)
                        .flatMap(found -> found.as(MonitorSpec.class))
                        .filter(found -> MonitorFrontend.goesBySight(found.spec()))
                        .isPresent()) {
                    affected.add(key);
                }
            });
            again(affected);
        }

        /** Looks at those resources anew whose credentials came, went or changed. */
        void secrets(Inventory earlier) {
            Set<SecretId> changed = new HashSet<>();
            inventory.secrets().differences(earlier.secrets(), (id, old, now) -> changed.add(id));
            if (changed.isEmpty()) {
                return;
            }
            List<ResourceKey> affected = new ArrayList<>();
            monitors.forEach((key, result) -> {
                if (result.wanted().stream().anyMatch(changed::contains)) {
                    affected.add(key);
                }
            });
            again(affected);
        }

        private void again(List<ResourceKey> affected) {
            for (ResourceKey key : affected) {
                if (!done.contains(key)) {
                    resource(key, inventory.resources().find(key));
                }
            }
        }

        /** Looks at those resources anew whose Docker secrets came, went or changed. */
        void dockerSecrets(Inventory earlier) {
            Set<String> changed = new HashSet<>();
            inventory.dockerSecrets().differences(earlier.dockerSecrets(), (name, old, now) -> changed.add(name));
            if (changed.isEmpty()) {
                return;
            }
            List<ResourceKey> affected = new ArrayList<>();
            services.forEach((key, result) -> {
                if (result.wanted().stream().anyMatch(changed::contains)) {
                    affected.add(key);
                }
            });
            monitors.forEach((key, result) -> {
                if (result.wanted().stream().map(SecretId::name).anyMatch(changed::contains)) {
                    affected.add(key);
                }
            });
            again(affected);
        }

        /** Looks at those RuleSets anew of whose expressions something else is known. */
        void queries(Inventory earlier) {
            Set<String> changed = new HashSet<>();
            inventory.queries().differences(earlier.queries(), (text, old, now) -> changed.add(text));
            if (changed.isEmpty()) {
                return;
            }
            List<ResourceKey> affected = new ArrayList<>();
            ruleSets.forEach((key, result) -> {
                if (result.expressions().stream().anyMatch(expression -> changed.contains(expression.text()))) {
                    affected.add(key);
                }
            });
            services.forEach((key, result) -> {
                if (result.expressions().stream().anyMatch(expression -> changed.contains(expression.text()))) {
                    affected.add(key);
                }
            });
            again(affected);
        }

        private boolean selects(Declared<?> resource, boolean monitor) {
            String namespace = resource.key().namespace();
            return Selection.miss(
                            "",
                            monitor ? settings.monitors() : settings.ruleSets(),
                            settings.server().namespace(),
                            namespace,
                            inventory.namespaceLabels(namespace),
                            resource.labels())
                    .isEmpty();
        }

        private void monitor(
                ResourceKey key, MonitorFrontend.@Nullable Result old, MonitorFrontend.@Nullable Result now) {
            if (old != null) {
                old.jobs().forEach(job -> removedJobs.add(job.name()));
                old.credentials().forEach((path, id) -> use(path, id, -1));
                old.mounts().forEach((path, secret) -> mount(path, secret, -1));
                old.wanted().forEach(id -> want(id, -1));
            }
            if (now != null) {
                now.jobs().forEach(job -> addedJobs.put(job.name(), job));
                now.credentials().forEach((path, id) -> use(path, id, 1));
                now.mounts().forEach((path, secret) -> mount(path, secret, 1));
                now.wanted().forEach(id -> want(id, 1));
            }
            monitors = now == null ? monitors.without(key) : monitors.with(key, now);
            tell(key, now == null ? List.of() : now.diagnostics());
        }

        /** Takes back what a Monitor became. */
        void refuse(ResourceKey key, Diagnostic why) {
            MonitorFrontend.Result old = monitors.find(key);
            if (old != null) {
                List<Diagnostic> all = new ArrayList<>(old.diagnostics());
                all.add(why);
                monitor(
                        key,
                        old,
                        new MonitorFrontend.Result(
                                List.of(), List.copyOf(all), Map.of(), Map.of(), old.wanted(), List.of()));
            }
        }

        private void rules(ResourceKey key, RuleSetFrontend.@Nullable Result now) {
            changedRules.put(key, now == null ? List.of() : now.groups());
            ruleSets = now == null ? ruleSets.without(key) : ruleSets.with(key, now);
            tell(key, now == null ? List.of() : now.diagnostics());
        }

        private void service(
                ResourceKey key, ServiceFrontend.@Nullable Result old, ServiceFrontend.@Nullable Result now) {
            if (old != null) {
                old.jobs().forEach(job -> removedJobs.add(job.name()));
                old.mounts().forEach((path, secret) -> mount(path, secret, -1));
            }
            if (now != null) {
                now.jobs().forEach(job -> addedJobs.put(job.name(), job));
                now.mounts().forEach((path, secret) -> mount(path, secret, 1));
            }
            boolean hadRules = old != null && !old.groups().isEmpty();
            if (hadRules || (now != null && !now.groups().isEmpty())) {
                changedRules.put(key, now == null ? List.of() : now.groups());
            }
            services = now == null ? services.without(key) : services.with(key, now);
            tell(key, now == null ? List.of() : now.diagnostics());
        }

        private void mount(String path, DockerSecret secret, int more) {
            Mount mount = mounts.find(path);
            int count = (mount == null ? 0 : mount.count()) + more;
            mounts = count == 0 ? mounts.without(path) : mounts.with(path, new Mount(secret, count));
        }

        private void use(String path, SecretId id, int more) {
            Use use = credentials.find(path);
            int count = (use == null ? 0 : use.count()) + more;
            credentials = count == 0 ? credentials.without(path) : credentials.with(path, new Use(id, count));
        }

        private void want(SecretId id, int more) {
            int count = wanted.get(id).orElse(0) + more;
            wanted = count == 0 ? wanted.without(id) : wanted.with(id, count);
        }

        private void tell(ResourceKey key, List<Diagnostic> now) {
            List<Diagnostic> old = diagnostics.find(key);
            if (old != null) {
                old.forEach(one -> counts[index(one.severity())]--);
            }
            now.forEach(one -> counts[index(one.severity())]++);
            diagnostics = now.isEmpty() ? diagnostics.without(key) : diagnostics.with(key, now);
        }

        private static int index(Severity severity) {
            return switch (severity) {
                case ERROR -> 0;
                case WARNING -> 1;
                case INFO -> 2;
            };
        }

        private RuleParts rules() {
            return before.settings == null ? RuleParts.none(settings.server().namespace()) : before.rules;
        }

        Snapshot finish() {
            return new Snapshot(
                    settings,
                    monitors,
                    ruleSets,
                    services,
                    before.jobs.change(removedJobs, addedJobs.values()),
                    changedRules.isEmpty() ? rules() : rules().change(changedRules),
                    diagnostics,
                    counts[0],
                    counts[1],
                    counts[2],
                    credentials,
                    mounts,
                    wanted);
        }
    }
}
