package io.narthex.reconcile.local;

import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.reconcile.Intake;
import io.narthex.reconcile.QueryParser;
import io.narthex.reconcile.SteadyCompiler;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.process.Suspects;
import io.narthex.source.directory.FolderSnapshot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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
     * @param compiled what is to run, and what that was made of
     * @param diagnostics everything wrong with the snapshot as the user wrote it
     * @param held resources that run as they were before, or not at all, since their newest version is refused or can't
     *     be read
     */
    public record Step(SteadyCompiler.Step compiled, List<Diagnostic> diagnostics, Set<ResourceKey> held) {

        /** Returns what is to run. */
        public Compilation compilation() {
            return compiled.compilation();
        }

        /** Returns what that was made of. */
        public Inventory inventory() {
            return compiled.inventory();
        }

        /** Returns how many entries of Alertmanagers are declared for the server. */
        public int alertmanagers() {
            return compiled.server()
                    .map(server -> server.spec().alertmanagers().size())
                    .orElse(0);
        }

        /** Returns the Monitors and RuleSets in the bundle that Prometheus hasn't taken in this version yet. */
        public Set<ResourceKey> changed() {
            return compiled.changed();
        }
    }

    private final Compiler compiler;
    private final ServerChoice choice;
    private final CompileOptions options;
    private final SteadyCompiler steady;
    private final Intake intake = new Intake();

    // Guarded by this.
    private @Nullable FolderSnapshot latest;
    private Optional<ServerAddress> running = Optional.empty();

    /**
     * Makes a pipeline that has seen nothing yet.
     *
     * @param compiler compiles
     * @param choice says which server of the folder is meant
     * @param options what the compiler needs to know besides
     * @param parser is asked about expressions before they are rolled out
     * @param timer tells how time passes, whatever becomes of the machine's clock
     */
    public Pipeline(
            Compiler compiler, ServerChoice choice, CompileOptions options, QueryParser parser, InstantSource timer) {
        this.compiler = compiler;
        this.steady = new SteadyCompiler(compiler, parser, timer);
        this.choice = choice;
        this.options = options;
    }

    /** Compiles the newest snapshot. Never throws for a user's mistake. */
    public synchronized Step take(FolderSnapshot snapshot) {
        latest = snapshot;
        ServerChoice.Chosen chosen = choice.choose(intake.take(snapshot), snapshot.diagnostics());
        SteadyCompiler.Step step = steady.take(chosen.inventory(), chosen.server(), options, running);
        Set<ResourceKey> held = new TreeSet<>(intake.kept());
        held.addAll(step.held());
        return new Step(step, diagnostics(snapshot, chosen, step), Set.copyOf(held));
    }

    /** Says that Prometheus runs what this step compiled: what its resources fall back to from now on. */
    public synchronized void loaded(Step step) {
        steady.loaded(step.compiled());
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
        return snapshot != null && (steady.isWaiting() || steady.isDue())
                ? Optional.of(take(snapshot))
                : Optional.empty();
    }

    /**
     * Says that Prometheus refuses what these resources became, and compiles anew without their present versions.
     *
     * @return empty where nothing new was said
     */
    public synchronized Optional<Step> blame(Step step, List<Culprit> culprits) {
        boolean isNews = steady.blame(step.compiled(), culprits);
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
                return steady.without(step.compiled(), excluded, options);
            }
        };
    }

    private List<Diagnostic> diagnostics(
            FolderSnapshot snapshot, ServerChoice.Chosen chosen, SteadyCompiler.Step step) {
        Set<Diagnostic> all = new LinkedHashSet<>(snapshot.diagnostics());
        all.addAll(chosen.diagnostics());
        all.addAll(step.written().diagnostics());
        all.addAll(step.refusals());
        all.addAll(compiler.unselected(chosen.inventory()));
        all.addAll(steady.blames());
        List<Diagnostic> ordered = new ArrayList<>(all);
        ordered.sort(Diagnostic.ORDER);
        return List.copyOf(ordered);
    }
}
