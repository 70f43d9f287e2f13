package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was declared is read from what was kept, to the last field. */
class DeclaredJsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Declared<?> declared(String kind, Class<?> type, String spec) {
        return new Declared<>(
                new ResourceKey(kind, "shop", "web"),
                Map.of("team", "a", "b", ""),
                Map.of("note", "x: \"y\"\n"),
                Specs.read(spec, type),
                SourceMap.NONE);
    }

    static Stream<Declared<?>> resources() {
        return Stream.of(
                declared("Monitor", MonitorSpec.class, """
                        source: {service: {selector: {}, namespaces: {names: [a, b]}}}
                        endpoints:
                        - port: http
                          interval: 1m30s
                          params: {module: [x, '']}
                          auth: {authorization: {credentials: {secretRef: {name: token, key: t}}}}
                          relabelings: [{sourceLabels: [a], regex: '.*', replacement: '', targetLabel: b}]
                          tls: {ca: {configMapRef: {name: ca, key: ca.crt}}, insecureSkipVerify: false}
                        """),
                declared("Monitor", MonitorSpec.class, "{source: {static: {targets: ['a:1'], labels: {x: ''}}}}"),
                declared("Monitor", MonitorSpec.class, "{source: {other: {type: consul, config: {tags: [null]}}}}"),
                declared("RuleSet", RuleSetSpec.class, """
                        groups: [{name: g, interval: 5s, rules: [{alert: A, expr: up == 0, for: 1m, labels: {a: b}}]}]
                        """),
                declared("PrometheusServer", PrometheusServerSpec.class, """
                        replicas: 2
                        monitors: {namespaceSelector: {}, selector: {matchLabels: {a: b}}}
                        storage: {size: 10Gi}
                        podTemplate: {spec: {containers: [{name: prometheus, env: [{name: A, value: ''}], args: [null]}]}}
                        """));
    }

    @ParameterizedTest
    @MethodSource("resources")
    void aResourceIsReadAsItWasWritten(Declared<?> resource) throws Exception {
        String text = DeclaredJson.of(resource).orElseThrow().toString();
        Optional<Declared<?>> read = DeclaredJson.read(JSON.readTree(text));
        assertThat(read.orElseThrow()).isEqualTo(resource);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "{\"kind\":\"Pod\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":{}}",
                "{\"kind\":\"Monitor\",\"namespace\":\"a\",\"name\":\"b\"}",
                "{\"kind\":\"Monitor\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":null}",
                "{\"kind\":\"RuleSet\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":{\"groups\":[null]}}",
                "{\"kind\":\"Monitor\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":{\"later\":1}}",
                "{\"kind\":\"Monitor\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":{\"source\":5}}"
            })
    void whatThisReleaseCannotReadIsNone(String text) throws Exception {
        assertThat(DeclaredJson.read(JSON.readTree(text))).isEmpty();
    }

    @Test
    void aResourceWithoutLabelsHasNone() throws Exception {
        Declared<?> read = DeclaredJson.read(JSON.readTree(
                        "{\"kind\":\"Monitor\",\"namespace\":\"a\",\"name\":\"b\",\"spec\":{\"source\":{}}}"))
                .orElseThrow();
        assertThat(read.labels()).isEmpty();
        assertThat(read.annotations()).isEmpty();
    }
}
