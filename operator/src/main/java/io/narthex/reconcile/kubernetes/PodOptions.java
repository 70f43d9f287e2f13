package io.narthex.reconcile.kubernetes;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import java.util.Optional;

/** How a server is compiled that runs in pods. */
final class PodOptions {

    private PodOptions() {}

    /** Returns the options; the release is the one that the resource names, or else its image's tag. */
    static CompileOptions of(PrometheusServerSpec spec) {
        Optional<PrometheusVersion> named = Optional.ofNullable(spec.version()).flatMap(PrometheusVersion::parse);
        Optional<PrometheusVersion> tagged = Optional.ofNullable(spec.image())
                .map(image -> image.replaceFirst("@.*$", ""))
                .filter(image -> image.lastIndexOf(':') > image.lastIndexOf('/'))
                .flatMap(image -> PrometheusVersion.parse(image.substring(image.lastIndexOf(':') + 1)));
        return new CompileOptions(
                named.or(() -> tagged).orElse(PrometheusVersion.NEWEST_KNOWN),
                DeploymentFactory.LAYOUT,
                Platform.KUBERNETES,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }
}
