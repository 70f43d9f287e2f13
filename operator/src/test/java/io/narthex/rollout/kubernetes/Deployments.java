package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.prometheus.ServerAccess;
import io.narthex.testbed.Specs;
import java.util.Map;
import java.util.Optional;

/** What a server becomes, without Monitors. */
final class Deployments {

    private Deployments() {}

    /** Returns it as the factory makes it of a specification. */
    static Deployment of(ResourceKey key, String spec) throws PodOverlay.Refused {
        return of(key, spec, Inventory.EMPTY);
    }

    /** Returns it as the factory makes it of a specification, beside what else an inventory declares. */
    static Deployment of(ResourceKey key, String spec, Inventory beside) throws PodOverlay.Refused {
        Declared<PrometheusServerSpec> server =
                new Declared<>(key, Map.of(), Map.of(), Specs.read(spec, PrometheusServerSpec.class), SourceMap.NONE);
        return new DeploymentFactory(
                        new DeploymentSettings(
                                "registry.example.com/prometheus", "narthex-discovery", Optional.of("narthex-system")),
                        new KubernetesSerialization())
                .make(
                        server,
                        "uid",
                        Compiler.create()
                                .compile(
                                        beside.with(server),
                                        key,
                                        CompileOptions.of(
                                                Platform.KUBERNETES,
                                                PrometheusVersion.NEWEST_KNOWN,
                                                DeploymentFactory.LAYOUT))
                                .bundle()
                                .orElseThrow(),
                        ServerAccess.OPEN);
    }
}
