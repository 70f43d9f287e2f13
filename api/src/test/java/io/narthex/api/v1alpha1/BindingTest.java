package io.narthex.api.v1alpha1;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** JSON becomes records and back, with nothing lost and nothing null that shouldn't be. */
class BindingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void theShortestMonitorIsWhole() throws JsonProcessingException {
        MonitorSpec monitor = JSON.readValue("""
                {"source": {"static": {"targets": ["127.0.0.1:8000"]}}, "endpoints": [{"interval": "5s"}]}
                """, MonitorSpec.class);

        StaticSource source = requireNonNull(monitor.source().staticTargets());
        assertThat(source.targets()).containsExactly("127.0.0.1:8000");
        assertThat(source.groups()).isEmpty();
        assertThat(monitor.labels()).isEmpty();
        assertThat(monitor.endpoints()).singleElement().satisfies(endpoint -> {
            assertThat(endpoint.name()).isEqualTo("metrics");
            assertThat(endpoint.interval()).isEqualTo("5s");
            assertThat(endpoint.relabelings()).isEmpty();
            assertThat(endpoint.params()).isEmpty();
            assertThat(endpoint.honorLabels()).isNull();
        });
    }

    @Test
    void anEmptyServerHasItsDefaults() throws JsonProcessingException {
        PrometheusServerSpec server = JSON.readValue("{}", PrometheusServerSpec.class);

        assertThat(server.mode()).isEqualTo(ServerMode.MANAGED);
        assertThat(server.replicas()).isEqualTo(1);
        assertThat(server.shards()).isEqualTo(1);
        assertThat(server.paused()).isFalse();
        assertThat(server.alertmanagers()).isEmpty();
        assertThat(server.extraFlags()).isEmpty();
    }

    @Test
    void keywordsOfJavaKeepTheirNames() throws JsonProcessingException {
        Rule rule = JSON.readValue("""
                {"alert": "Down", "expr": "up == 0", "for": "5m"}
                """, Rule.class);

        assertThat(rule.forDuration()).isEqualTo("5m");
        assertThat(JSON.readTree(JSON.writeValueAsString(rule))).isEqualTo(JSON.readTree("""
                        {"alert": "Down", "expr": "up == 0", "for": "5m"}
                        """));
    }

    @Test
    void aPortIsANumberOrAName() throws JsonProcessingException {
        assertThat(JSON.readValue("8080", PortRef.class)).isEqualTo(PortRef.of(8080));
        assertThat(JSON.readValue("\"web\"", PortRef.class)).isEqualTo(PortRef.of("web"));
        assertThat(JSON.writeValueAsString(PortRef.of(8080))).isEqualTo("8080");
        assertThat(JSON.writeValueAsString(PortRef.of("web"))).isEqualTo("\"web\"");
    }

    @Test
    void enumsHaveTheValuesOfTheSchema() throws JsonProcessingException {
        assertThat(JSON.readValue("\"OpenMetricsText1.0.0\"", ScrapeProtocol.class))
                .isEqualTo(ScrapeProtocol.OPEN_METRICS_TEXT_1_0_0);
        assertThat(JSON.writeValueAsString(RelabelAction.KEEPEQUAL)).isEqualTo("\"keepequal\"");
    }

    @Test
    void emptyTextThatMeansSomethingIsKept() throws JsonProcessingException {
        String json = """
                {"action":"replace","sourceLabels":["a","b"],"separator":"","targetLabel":"c","replacement":""}""";

        Relabeling relabeling = JSON.readValue(json, Relabeling.class);

        assertThat(relabeling.separator()).isEmpty();
        assertThat(JSON.writeValueAsString(relabeling)).isEqualTo(json);
    }

    @Test
    void aRawObjectIsKeptAsItIsAndCannotBeChanged() throws JsonProcessingException {
        String json = """
                {"spec":{"hostNetwork":true,"dnsPolicy":null,"containers":[{"name":"prometheus","x":1.5}]}}""";

        RawObject raw = JSON.readValue(json, RawObject.class);

        assertThat(JSON.writeValueAsString(raw)).isEqualTo(json);
        assertThatThrownBy(() -> raw.fields().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void collectionsAreCopiesInTheirOwnOrder() throws JsonProcessingException {
        Endpoint endpoint = JSON.readValue("""
                {"params": {"z": ["1"], "a": ["2", "3"]}}
                """, Endpoint.class);

        assertThat(endpoint.params().keySet()).containsExactly("z", "a");
        Map<String, List<String>> params = endpoint.params();
        assertThatThrownBy(() -> params.remove("z")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> params.values().iterator().next().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatIsRequiredIsNamedWhenItIsMissing() {
        assertThatThrownBy(() -> JSON.readValue("{}", MonitorSpec.class))
                .isInstanceOf(ValueInstantiationException.class)
                .hasMessageContaining("source");
    }
}
