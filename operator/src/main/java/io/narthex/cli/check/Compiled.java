package io.narthex.cli.check;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.cli.input.Input;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.reconcile.Intake;
import io.narthex.reconcile.local.ServerChoice;
import io.narthex.source.directory.FolderSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * An input, compiled for one or all of its servers, with everything that is wrong with it.
 *
 * @param inventory what it declares, with the default server where it has none
 * @param compilations one for each server compiled, ordered by its key
 * @param diagnostics all that is wrong, each thing once, in {@link Diagnostic#ORDER}
 * @param resources how many resources it holds, valid or not
 */
public record Compiled(
        Inventory inventory, List<Compilation> compilations, List<Diagnostic> diagnostics, int resources) {

    /**
     * Compiles for every server of the input, or for the one that {@code options} names.
     *
     * @param parser is asked about the expressions of rules
     */
    public static Compiled all(
            Compiler compiler, Input input, ServerOptions options, Layout layout, LintParser parser) {
        if (options.choice().name().isPresent()) {
            return chosen(compiler, input, options, layout, Optional.of(parser));
        }
        Inventory inventory = DefaultServer.addTo(Intake.inventoryOf(input.snapshot()));
        List<ResourceKey> servers =
                inventory.servers().map(server -> server.key()).sorted().toList();
        return of(compiler, input, inventory, servers, List.of(), options, layout, Optional.of(parser));
    }

    /** Compiles for the one server that is meant. */
    public static Compiled one(Compiler compiler, Input input, ServerOptions options, Layout layout) {
        return chosen(compiler, input, options, layout, Optional.empty());
    }

    private static Compiled chosen(
            Compiler compiler, Input input, ServerOptions options, Layout layout, Optional<LintParser> parser) {
        FolderSnapshot snapshot = input.snapshot();
        ServerChoice.Chosen chosen = options.choice().choose(Intake.inventoryOf(snapshot), snapshot.diagnostics());
        return of(
                compiler,
                input,
                chosen.inventory(),
                List.of(chosen.server()),
                chosen.diagnostics(),
                options,
                layout,
                parser);
    }

    private static Compiled of(
            Compiler compiler,
            Input input,
            Inventory inventory,
            List<ResourceKey> servers,
            List<Diagnostic> more,
            ServerOptions options,
            Layout layout,
            Optional<LintParser> parser) {
        FolderSnapshot snapshot = input.snapshot();
        Set<Diagnostic> found = new LinkedHashSet<>(snapshot.diagnostics());
        found.addAll(more);
        List<Compilation> compilations = new ArrayList<>();
        for (ResourceKey server : servers) {
            Optional<PrometheusVersion> named = options.version().or(() -> versionOf(inventory, server));
            CompileOptions compile = input.options(named.orElse(PrometheusVersion.NEWEST_KNOWN), layout);
            Compilation compilation = parser.isPresent()
                    ? parser.get().compile(compiler, inventory, server, compile, named.isPresent())
                    : compiler.compile(inventory, server, compile);
            compilations.add(compilation);
            found.addAll(compilation.diagnostics());
        }
        found.addAll(compiler.unselected(inventory));
        List<Diagnostic> diagnostics = found.stream().sorted(Diagnostic.ORDER).toList();
        Set<ResourceKey> resources = new TreeSet<>();
        snapshot.resources().forEach(resource -> resources.add(resource.key()));
        snapshot.diagnostics().forEach(diagnostic -> diagnostic.resource().ifPresent(resources::add));
        return new Compiled(inventory, List.copyOf(compilations), diagnostics, resources.size());
    }

    /** Returns the release that a PrometheusServer names; empty for none. */
    public static Optional<PrometheusVersion> versionOf(Inventory inventory, ResourceKey server) {
        return inventory
                .find(server)
                .map(declared -> declared.spec())
                .filter(PrometheusServerSpec.class::isInstance)
                .map(PrometheusServerSpec.class::cast)
                .map(PrometheusServerSpec::version)
                .flatMap(PrometheusVersion::parse);
    }

    /** Returns how many diagnostics of this severity there are. */
    public int count(Severity severity) {
        return (int) diagnostics.stream()
                .filter(diagnostic -> diagnostic.severity() == severity)
                .count();
    }
}
