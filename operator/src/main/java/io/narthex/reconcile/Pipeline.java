package io.narthex.reconcile;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.model.Severity;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.process.Suspects;
import io.narthex.source.directory.FolderSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From a folder's snapshot to what its server is to run, change after change. A resource whose new version is refused,
 * by the compiler or by Prometheus, keeps running as Prometheus last took it, so that a mistake in one file never takes
 * a working job away.
 *
 * <p>Any thread may call any method.
 */
public final class Pipeline {

    /**
     * What became of a snapshot.
     *
     * @param compilation what is to run
     * @param inventory what that was made of
     * @param diagnostics everything wrong with the snapshot as the user wrote it
     * @param held resources that run as they were before, or not at all, since their newest version is refused or can't
     *     be read
     * @param changed Monitors and RuleSets in the bundle that Prometheus hasn't taken in this version yet
     */
    public record Step(
            Compilation compilation,
            Inventory inventory,
            List<Diagnostic> diagnostics,
            Set<ResourceKey> held,
            Set<ResourceKey> changed) {}

    private final Compiler compiler;
    private final ServerChoice choice;
    private final CompileOptions options;
    private final Intake intake = new Intake();
    private final QueryKnowledge queries;

    // Guarded by this.
    private Map<ResourceKey, Declared<?>> taken = Map.of();
    private final Map<ResourceKey, Blamed> blamed = new HashMap<>();
    private @Nullable FolderSnapshot latest;
    private Optional<ServerAddress> running = Optional.empty();

    private record Blamed(Declared<?> version, String message) {}

    /**
     * Makes a pipeline that has seen nothing yet.
     *
     * @param compiler compiles
     * @param choice says which server of the folder is meant
     * @param options what the compiler needs to know besides
     * @param parser is asked about expressions before they are rolled out
     */
    public Pipeline(Compiler compiler, ServerChoice choice, CompileOptions options, QueryParser parser) {
        this.compiler = compiler;
        this.queries = new QueryKnowledge(parser);
        this.choice = choice;
        this.options = options;
    }

    /** Compiles the newest snapshot. Never throws for a user's mistake. */
    public synchronized Step take(FolderSnapshot snapshot) {
        latest = snapshot;
        ServerChoice.Chosen chosen = choice.choose(intake.take(snapshot), snapshot.diagnostics());
        Compilation first = queries.compile(
                compiler, chosen.inventory(), chosen.server(), options, changed(chosen.inventory()), running);
        Inventory written = queries.addTo(chosen.inventory());
        blamed.entrySet()
                .removeIf(entry -> written.find(entry.getKey())
                        .filter(now ->
                                now.spec().equals(entry.getValue().version().spec()))
                        .isEmpty());

        Set<ResourceKey> refused = refused(first);
        refused.addAll(blamed.keySet());
        Set<ResourceKey> held = new TreeSet<>(intake.kept());
        held.addAll(refused);
        Inventory wanted = written;
        for (ResourceKey key : refused) {
            wanted = fallBack(wanted, key);
        }
        Compilation compilation = wanted.equals(written) ? first : compiler.compile(wanted, chosen.server(), options);
        return new Step(compilation, wanted, diagnostics(snapshot, chosen, first), Set.copyOf(held), changed(wanted));
    }

    /** Says that Prometheus runs what this step compiled: what its resources fall back to from now on. */
    public synchronized void loaded(Step step) {
        Map<ResourceKey, Declared<?>> now = new HashMap<>();
        Set<ResourceKey> refused = refused(step.compilation());
        step.inventory().resources().forEach((key, resource) -> {
            if (!refused.contains(key)) {
                now.put(key, resource);
            }
        });
        taken = now;
        running = step.compilation().bundle().map(Bundle::address);
    }

    /**
     * Compiles the newest snapshot anew where rules wait for a Prometheus that parses their expressions, which may be
     * there by now.
     *
     * @return empty where nothing waits
     */
    public synchronized Optional<Step> again() {
        FolderSnapshot snapshot = latest;
        return snapshot != null && queries.isWaiting() ? Optional.of(take(snapshot)) : Optional.empty();
    }

    /**
     * Says that Prometheus refuses what these resources became, and compiles anew without their present versions.
     *
     * @return empty where nothing new was said
     */
    public synchronized Optional<Step> blame(Step step, List<Culprit> culprits) {
        boolean isNews = false;
        for (Culprit culprit : culprits) {
            Optional<Declared<?>> version = step.inventory().find(culprit.resource());
            if (version.isPresent()) {
                Blamed before = blamed.put(culprit.resource(), new Blamed(version.get(), culprit.message()));
                isNews |= before == null;
            }
        }
        FolderSnapshot snapshot = latest;
        return isNews && snapshot != null ? Optional.of(take(snapshot)) : Optional.empty();
    }

    /** Returns among what the culprit is to be searched if Prometheus refuses this step's bundle. */
    public Suspects suspects(Step step) {
        return new Suspects() {
            @Override
            public Set<ResourceKey> resources() {
                return step.changed();
            }

            @Override
            public Optional<Bundle> without(Set<ResourceKey> excluded) {
                Inventory rest = step.inventory();
                for (ResourceKey key : excluded) {
                    rest = fallBack(rest, key);
                }
                return compiler.compile(rest, step.compilation().server(), options)
                        .bundle();
            }
        };
    }

    private synchronized Inventory fallBack(Inventory inventory, ResourceKey key) {
        Declared<?> before = taken.get(key);
        if (before == null) {
            // A server that never ran has nothing to fall back to, and without it nothing could be said of the rest.
            return isServer(key) ? inventory : inventory.without(key);
        }
        return isSame(inventory.find(key), before) ? inventory : inventory.with(before);
    }

    private Set<ResourceKey> changed(Inventory inventory) {
        Set<ResourceKey> changed = new TreeSet<>();
        inventory.resources().forEach((key, resource) -> {
            if (!isServer(key) && !isSame(Optional.ofNullable(taken.get(key)), resource)) {
                changed.add(key);
            }
        });
        return Set.copyOf(changed);
    }

    private List<Diagnostic> diagnostics(FolderSnapshot snapshot, ServerChoice.Chosen chosen, Compilation compilation) {
        Set<Diagnostic> all = new LinkedHashSet<>(snapshot.diagnostics());
        all.addAll(chosen.diagnostics());
        all.addAll(compilation.diagnostics());
        all.addAll(compiler.unselected(chosen.inventory()));
        blamed.forEach((key, blame) -> all.add(new Diagnostic(
                DiagnosticCode.REFUSED_BY_PROMETHEUS,
                DiagnosticCode.REFUSED_BY_PROMETHEUS.severity(),
                Optional.of(key),
                FieldPath.ROOT,
                blame.version().source().locate(FieldPath.of("spec")),
                "Prometheus refuses what this became: " + blame.message(),
                "",
                "mend what Prometheus names")));
        List<Diagnostic> ordered = new ArrayList<>(all);
        ordered.sort(Diagnostic.ORDER);
        return List.copyOf(ordered);
    }

    private static boolean isServer(ResourceKey key) {
        return key.kind().equals("PrometheusServer");
    }

    // The same instance is the same version of a resource.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Optional<? extends Declared<?>> known, Declared<?> version) {
        return known.isPresent() && known.get() == version;
    }

    private static Set<ResourceKey> refused(Compilation compilation) {
        Set<ResourceKey> keys = new LinkedHashSet<>();
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            if (diagnostic.severity() == Severity.ERROR) {
                diagnostic.resource().ifPresent(keys::add);
            }
        }
        return keys;
    }
}
