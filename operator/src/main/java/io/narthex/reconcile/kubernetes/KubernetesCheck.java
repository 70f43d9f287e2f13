package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.prometheus.ServerAccess;
import io.narthex.reconcile.PlatformCheck;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.PodOverlay;
import io.narthex.rollout.kubernetes.StorageChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What of a PrometheusServer can't be carried out on Kubernetes, though it compiles. For one thread. */
final class KubernetesCheck implements PlatformCheck {

    private final DeploymentFactory deployments;
    private final Supplier<Optional<StatefulSet>> there;
    private final Function<String, Optional<String>> unready;
    /** The newest version of the server, and the one that runs in its place. */
    private List<Judged> last = List.of();

    /** A change of Monitors alone changes nothing of this. */
    private record Judged(
            Declared<PrometheusServerSpec> server,
            String restartKey,
            Optional<StatefulSet> set,
            List<Diagnostic> refusals) {

        @SuppressWarnings("ReferenceEquality") // The same instance is the same version.
        boolean isOf(Declared<PrometheusServerSpec> other, Bundle bundle, Optional<StatefulSet> there) {
            return server == other && restartKey.equals(bundle.restartKey()) && set.orElse(null) == there.orElse(null);
        }
    }

    /**
     * Makes one for a server.
     *
     * @param deployments makes its objects
     * @param there returns the StatefulSet that it has
     * @param unready returns why no pods can run as a service account; empty where they can
     */
    KubernetesCheck(
            DeploymentFactory deployments,
            Supplier<Optional<StatefulSet>> there,
            Function<String, Optional<String>> unready) {
        this.deployments = deployments;
        this.there = there;
        this.unready = unready;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // One instance is one judgement.
    public List<Diagnostic> refusals(Declared<PrometheusServerSpec> server, Bundle bundle) {
        Optional<StatefulSet> set = there.get();
        Judged judged = last.stream()
                .filter(known -> known.isOf(server, bundle, set))
                .findFirst()
                .orElseGet(() -> new Judged(server, bundle.restartKey(), set, judge(server, bundle, set)));
        last = Stream.concat(Stream.of(judged), last.stream().filter(known -> known != judged))
                .limit(2)
                .toList();
        String account = DeploymentFactory.serviceAccount(ObjectNames.of(server.key()), server.spec());
        return Stream.concat(
                        judged.refusals().stream(),
                        unready.apply(account).stream().map(why -> accountRefused(server, why)))
                .toList();
    }

    private static Diagnostic accountRefused(Declared<PrometheusServerSpec> server, String why) {
        return refusal(
                server,
                DiagnosticCode.SERVICE_ACCOUNT_REFUSED,
                "serviceAccount",
                why,
                "mend what the message names, which is tried again all the time, or take another account");
    }

    private List<Diagnostic> judge(
            Declared<PrometheusServerSpec> server, Bundle bundle, Optional<StatefulSet> present) {
        List<Diagnostic> refusals = new ArrayList<>(Unserved.of(server));
        try {
            StatefulSet wanted =
                    deployments.make(server, "", bundle, ServerAccess.OPEN).statefulSet();
            Storage storage = server.spec().storage();
            present.flatMap(set -> StorageChange.refused(set, wanted, storage != null && storage.allowDataLoss()))
                    .ifPresent(change -> refusals.add(refusal(
                            server,
                            DiagnosticCode.STORAGE_CHANGE_REFUSED,
                            "storage",
                            change.problem(),
                            change.remedy())));
        } catch (PodOverlay.Refused e) {
            refusals.add(refusal(
                    server,
                    DiagnosticCode.POD_TEMPLATE_REFUSED,
                    "podTemplate",
                    String.valueOf(e.getMessage()),
                    e.remedy()));
        }
        return List.copyOf(refusals);
    }

    /** Returns that a field of the server isn't carried out. */
    static Diagnostic refusal(
            Declared<PrometheusServerSpec> server, DiagnosticCode code, String field, String message, String remedy) {
        FieldPath path = FieldPath.of("spec").field(field);
        return new Diagnostic(
                code,
                code.severity(),
                Optional.of(server.key()),
                path,
                server.source().locate(path),
                message,
                "",
                remedy);
    }
}
