package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.testbed.Specs;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a server goes on with stands beside its StatefulSet, is written when it changes only, and is read again. */
class AcceptedServerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");

    private StubApiServer apiServer;
    private AcceptedServer accepted;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(request -> new Answer(200, request.body()));
        accepted = new AcceptedServer(apiServer.client(), SERVER);
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private static Declared<PrometheusServerSpec> server(String spec) {
        return new Declared<>(
                SERVER,
                Map.of("team", "a"),
                Map.of("a", "b"),
                Specs.read(spec, PrometheusServerSpec.class),
                SourceMap.NONE);
    }

    private static StatefulSet set(String resourceVersion, Map<String, String> annotations) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("prometheus-main")
                .withNamespace("shop")
                .withUid("uid")
                .withResourceVersion(resourceVersion)
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }

    private List<Request> writes() {
        return apiServer.asked().stream()
                .filter(request -> request.method().equals("PATCH"))
                .toList();
    }

    /** Returns what the last request leaves of the StatefulSet. */
    private StatefulSet written(String resourceVersion) throws IOException {
        JsonNode metadata = JSON.readTree(writes().getLast().body()).path("metadata");
        assertThat(metadata.path("uid").asText()).as("whose it is").isEqualTo("uid");
        String text =
                metadata.path("annotations").path(AcceptedServer.ANNOTATION).asText();
        return set(resourceVersion, Map.of(AcceptedServer.ANNOTATION, text));
    }

    @Test
    void whatIsKeptIsReadByTheNextOperatorWhichWritesNothing() throws IOException {
        Declared<PrometheusServerSpec> taken = server("""
                {replicas: 2, storage: {emptyDir: {}}, externalLabels: {b: c, a: b, z: a},
                 monitors: {selector: {matchLabels: {z: a, a: z}}},
                 remoteWrite: [{url: "http://a/", auth: {authorization: {credentials: {secretRef: {name: a, key: b}}}}}],
                 podTemplate: {spec: {containers: [{name: prometheus, env: [{name: Z, value: a}, {name: A}]}]}}}""");
        accepted.keep(taken, set("1", Map.of()));
        assertThat(writes()).hasSize(1);
        assertThat(writes().getFirst().toString())
                .isEqualTo("PATCH /apis/apps/v1/namespaces/shop/statefulsets/prometheus-main");
        accepted.keep(taken, set("1", Map.of()));
        assertThat(writes()).as("what is shown may be older").hasSize(1);

        StatefulSet there = written("2");
        AcceptedServer next = new AcceptedServer(apiServer.client(), SERVER);
        assertThat(next.read(there).map(Declared::spec)).contains(taken.spec());
        next.keep(taken, there);
        assertThat(writes()).hasSize(1);
        next.keep(server("{}"), there);
        assertThat(next.read(written("3")).map(Declared::spec))
                .contains(server("{}").spec());
    }

    @Test
    void whatSomebodyTookAwayIsWrittenAgain() {
        accepted.keep(server("{}"), set("1", Map.of()));
        accepted.keep(server("{}"), set("3", Map.of()));
        assertThat(writes()).hasSize(2);
    }

    @Test
    void whatCanNotBeWrittenIsTriedAgain() {
        apiServer.answer(request ->
                request.method().equals("PATCH") ? Answer.refusal(403, "{}") : new Answer(200, request.body()));
        accepted.keep(server("{}"), set("1", Map.of()));
        accepted.keep(server("{}"), set("1", Map.of()));
        assertThat(writes()).hasSize(2);
    }

    /** An earlier one that stays would be fallen back to. */
    @Test
    void whatHasNoRoomTakesTheOneBeforeAway() throws IOException {
        accepted.keep(server("{}"), set("1", Map.of()));
        StatefulSet there = written("2");
        Declared<PrometheusServerSpec> large =
                server("{podTemplate: {metadata: {annotations: {a: " + "x".repeat(300_000) + "}}}}");
        accepted.keep(large, there);
        assertThat(JSON.readTree(writes().getLast().body())
                        .path("metadata")
                        .path("annotations")
                        .path(AcceptedServer.ANNOTATION)
                        .isNull())
                .isTrue();
        accepted.keep(large, set("3", Map.of()));
        assertThat(writes()).hasSize(2);
    }

    @Test
    void whatIsNoVersionOfThisServerIsNone() {
        for (String text : List.of(
                "",
                "{",
                "[]",
                "null",
                "{\"kind\": \"PrometheusServer\", \"namespace\": \"shop\", \"name\": \"main\", \"spec\": {\"unknown\": 1}}",
                "{\"kind\": \"PrometheusServer\", \"namespace\": \"shop\", \"name\": \"other\", \"spec\": {}}",
                "{\"kind\": \"Monitor\", \"namespace\": \"shop\", \"name\": \"main\", \"spec\": {\"source\": {}}}")) {
            assertThat(accepted.read(set("1", Map.of(AcceptedServer.ANNOTATION, text))))
                    .as(text)
                    .isEqualTo(Optional.empty());
        }
        assertThat(
                        accepted.read(
                                set(
                                        "1",
                                        Map.of(
                                                AcceptedServer.ANNOTATION,
                                                "{\"kind\": \"PrometheusServer\", \"namespace\": \"shop\", \"name\": \"main\", \"spec\": {}}"))))
                .isPresent();
    }
}
