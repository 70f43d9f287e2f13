package io.narthex.status.kubernetes;

import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.api.v1alpha1.ConditionStatus;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.TargetCounts;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of a PrometheusServer.
 *
 * @param generation the generation of the resource that this is about
 * @param paused whether it is left as it is
 * @param diagnostics what is wrong with the resource itself
 * @param errors how many Monitors and RuleSets that it selects have errors
 * @param lost what of the versions that they ran in before is lost; empty for nothing
 * @param rollout where its rollout stands
 * @param obstacle why nothing can be rolled out, such as an object that can't be written; empty for nothing
 * @param lacking what of its other objects isn't as declared, while everything else goes on; empty for nothing
 * @param storage what its volumes lack; empty for nothing
 * @param growing which volume isn't as large as declared yet; empty for none
 * @param podProblems what keeps pods from running, by pod
 * @param replicas how many pods there are to be
 * @param readyReplicas how many of them are ready
 * @param version the release of Prometheus that runs; empty where it isn't known
 * @param taken what it took; empty where nothing was compiled since the operator started
 * @param unseen whether nobody has told for long of its targets and Alertmanagers, or none is to, so that what was said of them
 *     doesn't count any more
 * @param targets its targets; empty where they aren't known
 * @param alerts whether Alertmanagers are declared
 * @param discovered which Alertmanagers Prometheus has discovered by them; empty where that isn't known
 * @param seesAll whether it may see all namespaces
 */
public record ServerReport(
        long generation,
        boolean paused,
        List<Diagnostic> diagnostics,
        int errors,
        Optional<String> lost,
        Status rollout,
        Optional<String> obstacle,
        Optional<String> lacking,
        Optional<String> storage,
        Optional<String> growing,
        Map<String, String> podProblems,
        int replicas,
        int readyReplicas,
        Optional<String> version,
        Optional<Taken> taken,
        boolean unseen,
        Optional<TargetCounts> targets,
        boolean alerts,
        Optional<AlertmanagerCounts> discovered,
        boolean seesAll) {

    /**
     * What a server took.
     *
     * @param monitors how many Monitors
     * @param ruleSets how many RuleSets
     * @param jobs how many jobs the Monitors became
     */
    public record Taken(int monitors, int ruleSets, int jobs) {}

    /** Returns what its conditions say. */
    public List<Finding> findings() {
        Finding accepted = DiagnosticWords.accepted(ConditionType.CONFIG_ACCEPTED, diagnostics);
        if (accepted.holds() && accepted.message().isEmpty() && errors > 0) {
            accepted = Finding.yes(
                    ConditionType.CONFIG_ACCEPTED,
                    errors + (errors == 1 ? " error" : " errors")
                            + " in Monitors and RuleSets; what they speak of is left out or runs as it was before"
                            + lost.map(words -> ". As it was before runs only what could be read when the operator"
                                            + " started: " + words)
                                    .orElse(""));
        }
        Finding loaded = loaded();
        List<Finding> findings =
                new ArrayList<>(List.of(ready(accepted, loaded), accepted, loaded, storageReady(), progressing()));
        if (alerts) {
            findings.add(alertmanagersDiscovered());
        }
        return List.copyOf(findings);
    }

    private Finding ready(Finding accepted, Finding loaded) {
        if (paused) {
            return Finding.unknown(
                    ConditionType.READY, ConditionReason.PAUSED, "spec.paused is set: nothing is changed or verified");
        }
        if (!accepted.holds()) {
            return Finding.no(ConditionType.READY, accepted.reason(), accepted.message());
        }
        if (!loaded.holds()) {
            return new Finding(ConditionType.READY, loaded.status(), loaded.reason(), loaded.message());
        }
        if (readyReplicas < replicas) {
            return Finding.no(
                    ConditionType.READY,
                    ConditionReason.UNAVAILABLE,
                    readyReplicas + " of " + replicas + " pods are ready" + problems());
        }
        if (storage.isPresent()) {
            return Finding.no(ConditionType.READY, ConditionReason.STORAGE_FAILED, storage.get());
        }
        return lacking.isPresent()
                ? Finding.no(
                        ConditionType.READY,
                        ConditionReason.UNAVAILABLE,
                        "not all of the server's objects are as declared: " + lacking.get())
                : Finding.yes(ConditionType.READY, "");
    }

    private Finding loaded() {
        ConditionType type = ConditionType.CONFIG_LOADED;
        if (obstacle.isPresent()) {
            return Finding.no(type, ConditionReason.UNAVAILABLE, obstacle.get());
        }
        String message = RolloutWords.sentence(rollout) + problems();
        if (rollout.reason() == Reason.NOTHING_DESIRED && (paused || !diagnostics.isEmpty())) {
            return Finding.unknown(
                    type,
                    paused ? ConditionReason.PAUSED : ConditionReason.UNVERIFIED,
                    "what runs wasn't looked at since the operator started");
        }
        // A claim that isn't bound yet is usual for a moment; what keeps a pod from starting otherwise isn't.
        if (rollout.reason() == Reason.STARTING
                && !podProblems.isEmpty()
                && storageReady().status() != ConditionStatus.FALSE) {
            return Finding.no(type, ConditionReason.UNAVAILABLE, message);
        }
        return switch (rollout.phase()) {
            case READY -> Finding.yes(type, message);
            case UNVERIFIED -> Finding.unknown(type, ConditionReason.UNVERIFIED, message);
            case PARTIAL ->
                rollout.reason() == Reason.UNREACHABLE
                        ? Finding.unknown(type, ConditionReason.UNVERIFIED, message)
                        : Finding.no(type, RolloutWords.reason(rollout), message);
            case PROGRESSING, WAITING, ROLLING_BACK, ROLLED_BACK, REFUSED ->
                Finding.no(type, RolloutWords.reason(rollout), message);
        };
    }

    private String problems() {
        return podProblems.isEmpty()
                ? ""
                : podProblems.entrySet().stream()
                        .map(problem -> problem.getKey() + ": " + problem.getValue())
                        .collect(Collectors.joining("; ", " (", ")"));
    }

    private Finding storageReady() {
        ConditionType type = ConditionType.STORAGE_READY;
        if (storage.isPresent()) {
            return Finding.no(type, ConditionReason.STORAGE_FAILED, storage.get());
        }
        Optional<String> unbound = podProblems.values().stream()
                .filter(problem ->
                        problem.contains("PersistentVolumeClaim") || problem.contains("persistentvolumeclaim"))
                .findFirst();
        if (unbound.isPresent()) {
            return Finding.no(type, ConditionReason.STORAGE_FAILED, unbound.get());
        }
        if (growing.isPresent()) {
            return Finding.unknown(type, ConditionReason.PENDING, growing.get());
        }
        return readyReplicas > 0
                ? Finding.yes(type, "")
                : Finding.unknown(type, ConditionReason.PENDING, "no pod is ready yet");
    }

    private Finding alertmanagersDiscovered() {
        ConditionType type = ConditionType.ALERTMANAGERS_DISCOVERED;
        if (discovered.isEmpty()) {
            return Finding.unknown(
                    type, ConditionReason.PENDING, "it isn't known yet which Alertmanagers Prometheus has discovered");
        }
        if (discovered.get().discovered() > 0) {
            return Finding.yes(type, "");
        }
        int dropped = discovered.get().dropped();
        return Finding.no(
                type,
                ConditionReason.NO_ALERTMANAGERS,
                "no alert is sent: by spec.alertmanagers Prometheus has discovered no Alertmanager"
                        + (dropped == 0
                                ? ", nor any other address"
                                : "; of what it found, the name or port of a service, or relabelings, dropped all: "
                                        + dropped + (dropped == 1 ? " address" : " addresses")));
    }

    private Finding progressing() {
        ConditionType type = ConditionType.PROGRESSING;
        if (paused) {
            return Finding.no(type, ConditionReason.PAUSED, "");
        }
        return switch (rollout.phase()) {
            case PROGRESSING, WAITING, PARTIAL, ROLLING_BACK ->
                new Finding(type, ConditionStatus.TRUE, RolloutWords.reason(rollout), RolloutWords.sentence(rollout));
            case READY, ROLLED_BACK, REFUSED, UNVERIFIED -> Finding.no(type, RolloutWords.reason(rollout), "");
        };
    }
}
