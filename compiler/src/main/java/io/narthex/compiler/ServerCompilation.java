package io.narthex.compiler;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.compiler.assemble.JobPiece;
import io.narthex.compiler.discovery.DiscoveryPlan;
import io.narthex.compiler.frontend.MonitorFrontend;
import io.narthex.compiler.frontend.RuleSetFrontend;
import io.narthex.compiler.frontend.ServerSettings;
import io.narthex.compiler.frontend.ServiceFrontend;
import io.narthex.compiler.model.BucketMap;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.RuleGroupEntry;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@link IncrementalCompiler} made. Holds shared structures and works out lists when asked. */
record ServerCompilation(
        ResourceKey server,
        Optional<Bundle> bundle,
        List<Diagnostic> ofServer,
        Set<SecretId> wantedByServer,
        Map<String, SecretId> serverCredentials,
        Snapshot snapshot,
        Optional<ServerSettings> settings,
        Inventory inventory,
        DiscoveryPlan discovery)
        implements Compilation {

    @Override
    public List<Diagnostic> diagnostics() {
        List<Diagnostic> all = new ArrayList<>(ofServer);
        snapshot.diagnostics().forEach((key, some) -> all.addAll(some));
        all.addAll(tooLarge());
        all.addAll(discovery.diagnostics());
        all.sort(Diagnostic.ORDER);
        return List.copyOf(all);
    }

    @Override
    public List<Diagnostic> diagnostics(ResourceKey resource) {
        List<Diagnostic> all = new ArrayList<>(resource.equals(server) ? ofServer : List.of());
        snapshot.diagnostics().get(resource).ifPresent(all::addAll);
        List<Diagnostic> others = new ArrayList<>(tooLarge());
        others.addAll(discovery.diagnostics());
        for (Diagnostic one : others) {
            if (one.resource().equals(Optional.of(resource))) {
                all.add(one);
            }
        }
        all.sort(Diagnostic.ORDER);
        return List.copyOf(all);
    }

    @Override
    public int count(Severity severity) {
        int own = (int) Stream.concat(ofServer.stream(), discovery.diagnostics().stream())
                .filter(one -> one.severity() == severity)
                .count();
        return own
                + switch (severity) {
                    case ERROR -> snapshot.errors() + tooLarge().size();
                    case WARNING -> snapshot.warnings();
                    case INFO -> snapshot.infos();
                };
    }

    private List<Diagnostic> tooLarge() {
        List<Diagnostic> found = new ArrayList<>();
        for (JobPiece job : snapshot.jobs().leftOut()) {
            found.add(tooLarge(
                    DiagnosticCode.JOB_TOO_LARGE,
                    job.resource(),
                    "the job " + job.name() + " doesn't fit into its file",
                    "divide it, or have fewer or shorter jobs in its namespace, which has most in that file: list targets by"
                            + " http or file"));
        }
        for (ResourceKey key : snapshot.rules().leftOut()) {
            found.add(tooLarge(
                    DiagnosticCode.RULES_TOO_LARGE,
                    key,
                    "the RuleSet doesn't fit into its file",
                    "divide it, or have fewer rules in its namespace, which has most in that file"));
        }
        return found;
    }

    private Diagnostic tooLarge(DiagnosticCode code, ResourceKey key, String message, String remedy) {
        FieldPath field = FieldPath.of("spec");
        return new Diagnostic(
                code,
                code.severity(),
                Optional.of(key),
                field,
                inventory.find(key).flatMap(resource -> resource.source().locate(field)),
                message,
                "512 KiB for all of a file",
                remedy);
    }

    @Override
    public boolean selects(ResourceKey resource) {
        return snapshot.monitors().find(resource) != null
                || snapshot.ruleSets().find(resource) != null
                || snapshot.services().find(resource) != null;
    }

    @Override
    public int monitors() {
        return snapshot.monitors().size();
    }

    @Override
    public int ruleSets() {
        return snapshot.ruleSets().size();
    }

    @Override
    public BucketMap<SecretId, Integer> wantedCredentials() {
        BucketMap<SecretId, Integer> all = snapshot.wanted();
        for (SecretId id : wantedByServer) {
            all = all.with(id, all.get(id).orElse(0) + 1);
        }
        return all;
    }

    @Override
    public Set<SecretId> wantedCredentials(ResourceKey monitor) {
        return snapshot.monitors()
                .get(monitor)
                .map(MonitorFrontend.Result::wanted)
                .orElse(Set.of());
    }

    @Override
    public Set<String> wantedDockerSecrets(ResourceKey resource) {
        return snapshot.services()
                .get(resource)
                .map(ServiceFrontend.Result::wanted)
                .orElseGet(() -> wantedCredentials(resource).stream()
                        .map(SecretId::name)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public List<JobEntry> jobs(ResourceKey monitor) {
        if (bundle.isEmpty()) {
            return List.of();
        }
        return snapshot
                .monitors()
                .get(monitor)
                .map(MonitorFrontend.Result::jobs)
                .or(() -> snapshot.services().get(monitor).map(ServiceFrontend.Result::jobs))
                .orElse(List.of())
                .stream()
                .flatMap(job -> bundle.get().jobs().find(job.name()).stream())
                .sorted(Comparator.comparing(JobEntry::name))
                .toList();
    }

    @Override
    public List<RuleGroupEntry> ruleGroups(ResourceKey ruleSet) {
        return bundle.isEmpty() ? List.of() : snapshot.rules().groups(ruleSet);
    }

    @Override
    public List<Origin> origins(String job) {
        Optional<JobEntry> entry = bundle.flatMap(some -> some.jobs().find(job));
        if (entry.isEmpty() || settings.isEmpty()) {
            return List.of();
        }
        return inventory
                .find(entry.get().resource())
                .flatMap(resource -> resource.as(MonitorSpec.class))
                .map(monitor -> new MonitorFrontend(
                                settings.get(), inventory.secrets()::find, inventory.dockerSecrets()::find)
                        .origins(monitor, entry.get().endpoint(), firstLine(entry.get())))
                .orElse(List.of());
    }

    private int firstLine(JobEntry entry) {
        BundleFile file = bundle.orElseThrow().files().get(entry.file());
        return file != null
                ? snapshot.jobs().line(entry.name())
                : snapshot.jobs().inlineLine(entry.name(), bundle.orElseThrow().index());
    }

    @Override
    public List<Expression> expressions() {
        List<Expression> all = new ArrayList<>();
        snapshot.ruleSets().values().map(RuleSetFrontend.Result::expressions).forEach(all::addAll);
        snapshot.services().values().map(ServiceFrontend.Result::expressions).forEach(all::addAll);
        all.sort(Comparator.comparing(Expression::resource)
                .thenComparing(expression -> expression.field().toString()));
        return List.copyOf(all);
    }

    @Override
    public List<Expression> expressions(ResourceKey ruleSet) {
        return snapshot.ruleSets()
                .get(ruleSet)
                .map(RuleSetFrontend.Result::expressions)
                .or(() -> snapshot.services().get(ruleSet).map(ServiceFrontend.Result::expressions))
                .orElse(List.of());
    }

    @Override
    public String toString() {
        return "Compilation of " + server;
    }
}
