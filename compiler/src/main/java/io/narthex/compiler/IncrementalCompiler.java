package io.narthex.compiler;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ResourceSelection;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.frontend.ServerFrontend;
import io.narthex.compiler.frontend.ServerPlan;
import io.narthex.compiler.frontend.ServiceFrontend;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Selection;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A compiler that remembers its last work for each server and does anew only what depends on something that changed:
 * resources are compared by identity, server settings by value, of which what a server may see concerns only who goes by
 * it. Where two versions of a server are compiled in turn, as while the newer one is refused and the older one runs, it
 * remembers its work for both.
 */
final class IncrementalCompiler implements Compiler {

    /** After so many compilations of a server in which its work for a version wasn't needed it is forgotten. */
    private static final int UNNEEDED = 8;

    private static final int VERSIONS = 2;

    private static final FieldPath METADATA = FieldPath.of("metadata", "name");

    /**
     * One compilation.
     *
     * @param number how many there were of the server before it
     */
    private record Last(
            long number,
            Declared<PrometheusServerSpec> server,
            Inventory inventory,
            CompileOptions options,
            ServerPlan plan,
            Snapshot snapshot) {}

    /** The last compilation of each version of each server, the newest first. */
    private final Map<ResourceKey, List<Last>> last = new HashMap<>();

    @Override
    public Compilation compile(Inventory inventory, ResourceKey server, CompileOptions options) {
        Optional<Declared<PrometheusServerSpec>> declared =
                inventory.find(server).flatMap(found -> found.as(PrometheusServerSpec.class));
        if (declared.isEmpty()) {
            forget(server);
            return new ServerCompilation(
                    server,
                    Optional.empty(),
                    List.of(missing(server)),
                    Set.of(),
                    Map.of(),
                    Snapshot.EMPTY,
                    Optional.empty(),
                    inventory,
                    DiscoveryPlan.none(server));
        }
        List<Last> remembered = recall(server);
        ServerPlan plan = remembered.stream()
                .filter(one -> isSame(one, inventory, declared.get(), options))
                .findFirst()
                .map(Last::plan)
                .orElseGet(() -> new ServerFrontend(declared.get(), inventory, options).compile());
        Last before = remembered.stream()
                .filter(one -> plan.settings().isLike(one.plan().settings()))
                .findFirst()
                .orElse(null);
        Snapshot snapshot = Snapshot.of(
                before == null ? null : before.snapshot(),
                before == null ? Inventory.EMPTY : before.inventory(),
                inventory,
                plan.settings());
        long number = remembered.isEmpty() ? 0 : remembered.getFirst().number() + 1;
        remember(server, new Last(number, declared.get(), inventory, options, plan, snapshot));
        Snapshot fitting = CredentialRoom.fit(snapshot, inventory, plan);
        return new ServerCompilation(
                server,
                plan.usable() ? Optional.of(Bundles.bundle(server, inventory, plan, fitting)) : Optional.empty(),
                plan.diagnostics(),
                plan.wanted(),
                plan.credentials(),
                fitting,
                Optional.of(plan.settings()),
                inventory,
                DiscoveryPlans.plan(plan.settings(), inventory, fitting));
    }

    /** Whether the server's plan would come out the same: it depends on nothing but these. */
    @SuppressWarnings("ReferenceEquality") // One instance is one version.
    private static boolean isSame(
            Last before, Inventory inventory, Declared<PrometheusServerSpec> declared, CompileOptions options) {
        return before.options().equals(options)
                && before.inventory().secrets() == inventory.secrets()
                && before.inventory().dockerSecrets() == inventory.dockerSecrets()
                && before.inventory().visibleNamespaces().equals(inventory.visibleNamespaces())
                && before.inventory().resources().find(declared.key()) == (Object) declared;
    }

    private List<Last> recall(ResourceKey server) {
        synchronized (last) {
            return last.getOrDefault(server, List.of());
        }
    }

    @SuppressWarnings("ReferenceEquality") // One instance is one version.
    private void remember(ResourceKey server, Last work) {
        synchronized (last) {
            List<Last> all = new ArrayList<>(2);
            all.add(work);
            for (Last older : last.getOrDefault(server, List.of())) {
                if (all.size() < VERSIONS
                        && older.server() != work.server()
                        && work.number() - older.number() <= UNNEEDED) {
                    all.add(older);
                }
            }
            last.put(server, all);
        }
    }

    @Override
    public void forget(ResourceKey server) {
        synchronized (last) {
            last.remove(server);
        }
    }

    private static Diagnostic missing(ResourceKey server) {
        return new Diagnostic(
                DiagnosticCode.SERVER_MISSING,
                Severity.ERROR,
                Optional.of(server),
                FieldPath.ROOT,
                Optional.empty(),
                "there is no " + server,
                "a PrometheusServer that is declared",
                "declare it, or name another one");
    }

    @Override
    public List<Diagnostic> unselected(Inventory inventory) {
        List<Declared<PrometheusServerSpec>> servers = inventory.servers().toList();
        List<Diagnostic> found = new ArrayList<>();
        BucketMap<ResourceKey, Declared<?>> resources = inventory.resources();
        resources.forEach((key, resource) -> {
            if (resource.as(MonitorSpec.class).isPresent()) {
                unselected(inventory, servers, resource, true).ifPresent(found::add);
            } else if (resource.as(RuleSetSpec.class).isPresent()) {
                unselected(inventory, servers, resource, false).ifPresent(found::add);
            } else {
                resource.as(SwarmService.class)
                        .flatMap(service -> unselected(servers, service))
                        .ifPresent(found::add);
            }
        });
        found.sort(Diagnostic.ORDER);
        return List.copyOf(found);
    }

    private static Optional<Diagnostic> unselected(
            List<Declared<PrometheusServerSpec>> servers, Declared<SwarmService> service) {
        Optional<String> wanted = ServiceFrontend.server(service);
        if (wanted.isEmpty()
                || servers.stream().anyMatch(server -> server.key().name().equals(wanted.get()))) {
            return Optional.empty();
        }
        FieldPath field = FieldPath.of("labels", ServiceFrontend.SERVER_LABEL);
        return Optional.of(new Diagnostic(
                DiagnosticCode.SERVICE_UNSELECTED,
                Severity.WARNING,
                Optional.of(service.key()),
                field,
                service.source().locate(field),
                "there is no PrometheusServer " + Quoting.quote(wanted.get()) + ", so nobody scrapes the service",
                servers.stream().map(server -> server.key().name()).sorted().collect(Collectors.joining(", ")),
                "name one of these, or remove the label"));
    }

    private static Optional<Diagnostic> unselected(
            Inventory inventory, List<Declared<PrometheusServerSpec>> servers, Declared<?> resource, boolean monitor) {
        List<String> misses = new ArrayList<>();
        for (Declared<PrometheusServerSpec> server : servers) {
            ResourceSelection selection =
                    monitor ? server.spec().monitors() : server.spec().ruleSets();
            Optional<String> miss = Selection.miss(
                    monitor ? "monitors" : "ruleSets",
                    selection,
                    server.key().namespace(),
                    resource.key().namespace(),
                    inventory.namespaceLabels(resource.key().namespace()),
                    resource.labels());
            if (miss.isEmpty()) {
                return Optional.empty();
            }
            misses.add(server.key() + ": " + miss.get());
        }
        int more = misses.size() - 3;
        String message = misses.isEmpty()
                ? "there is no PrometheusServer"
                : String.join("; ", misses.subList(0, Math.min(3, misses.size())))
                        + (more > 0 ? "; and " + more + " more" : "");
        return Optional.of(new Diagnostic(
                monitor ? DiagnosticCode.MONITOR_UNSELECTED : DiagnosticCode.RULESET_UNSELECTED,
                Severity.WARNING,
                Optional.of(resource.key()),
                METADATA,
                resource.source().locate(METADATA),
                message,
                "",
                "change its labels or namespace, or the server's selectors"));
    }
}
