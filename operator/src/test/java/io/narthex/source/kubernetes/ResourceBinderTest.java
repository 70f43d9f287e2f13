package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.Specs;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the API server stores is read, or it is said which field can't be. */
class ResourceBinderTest {

    private final ResourceBinder binder = new ResourceBinder();

    private static GenericKubernetesResource object(String spec) {
        return Specs.read("""
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata:
                  name: web
                  namespace: shop
                  uid: u
                  generation: 3
                  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}', a: b}
                spec: %s
                """.formatted(spec), GenericKubernetesResource.class);
    }

    @Test
    void aResourceIsReadWithoutKubectlsCopyOfIt() {
        GenericKubernetesResource object =
                object("{source: {static: {targets: ['a:1']}}, endpoints: [{interval: 5s}]}");
        object.setAdditionalProperty("status", Map.of("observedGeneration", 2));

        Declared<?> read = ((ResourceBinder.Bound.Taken) binder.bind("Monitor", object)).resource();

        assertThat(read.spec()).isInstanceOf(MonitorSpec.class);
        assertThat(read.annotations()).containsOnlyKeys("a");
        assertThat(binder.stored(object).generation()).isEqualTo(3);
        assertThat(binder.stored(object)
                        .status()
                        .tree()
                        .path("observedGeneration")
                        .asInt())
                .isEqualTo(2);
        assertThat(binder.stored(object("{}")).status()).isEqualTo(JsonText.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{source: {static: {targets: ['a:1']}}, later: 1} | later",
                "{source: {static: {targets: {x: 1}}}} | spec.source.static.targets",
                "{source: 5} | spec.source",
                "{source: {static: {targets: ['a:1']}}, endpoints: [{interval: [5]}]} | spec.endpoints[0].interval",
                "[] | spec",
            })
    void whatCantBeReadIsNamed(String spec, String named) {
        Diagnostic problem = ((ResourceBinder.Bound.Unreadable) binder.bind("Monitor", object(spec))).problem();

        assertThat(problem.field() + " " + problem.message()).contains(named).doesNotContain("\n", "io.narthex");
        assertThat(problem.resource()).contains(new ResourceKey("Monitor", "shop", "web"));
    }
}
