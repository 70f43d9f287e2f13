package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.NotOurs;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept for the next start of the operator fits into its Secret, and a Secret that can't be written stops nothing. */
class HeldVersionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECRET = 1_048_576;

    private StubApiServer apiServer;
    private HeldVersions held;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(HeldVersionsTest::taken);
        held = new HeldVersions(
                apiServer.client(),
                ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")),
                DeploymentFactory.owner("main", "uid"));
    }

    private static Answer taken(Request request) {
        return request.method().equals("GET") ? Answer.refusal(404, "{}") : new Answer(200, request.body());
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    /** A character of three bytes in each place of an annotation. */
    private static Declared<?> ruleSet(int number) throws IOException {
        return new Declared<>(
                new ResourceKey("RuleSet", "shop", "r" + number),
                Map.of(),
                Map.of(),
                JSON.readValue(
                        "{\"groups\":[{\"name\":\"g\",\"rules\":[{\"alert\":\"A\",\"expr\":\"up == 0\",\"annotations\":"
                                + "{\"summary\":\"" + "\u706b".repeat(10_000) + "\"}}]}]}",
                        RuleSetSpec.class),
                SourceMap.NONE);
    }

    private List<byte[]> written() {
        return apiServer.asked().stream()
                .filter(request -> request.method().equals("PATCH"))
                .map(request -> {
                    try {
                        JsonNode secret = JSON.readTree(request.body());
                        return Base64.getDecoder()
                                .decode(secret.path("data").path("held.json").asText());
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    @Test
    void bytesCountAndNotCharacters() throws IOException {
        List<Declared<?>> versions = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            versions.add(ruleSet(number));
        }
        assertThat(held.keep(versions)).isTrue();
        assertThat(written()).hasSize(1);
        assertThat(written().getFirst().length).isBetween(850_000, SECRET);
    }

    @Test
    void aSecretThatCanNotBeWrittenIsTriedAgain() throws IOException {
        List<Declared<?>> versions = List.of(ruleSet(1));
        apiServer.answer(request -> request.method().equals("GET") ? taken(request) : Answer.refusal(403, "{}"));
        assertThat(held.keep(versions)).isFalse();
        assertThat(held.keep(versions)).isFalse();
        apiServer.answer(HeldVersionsTest::taken);
        assertThat(held.keep(versions)).isTrue();
        assertThat(written()).hasSize(3);
        assertThat(held.keep(versions)).isTrue();
        assertThat(written()).hasSize(3);
    }

    /** Such as by a tool that removes what it didn't make. */
    @Test
    void whatSomebodyDeletesOrChangesIsWrittenAnew() throws IOException {
        List<Declared<?>> versions = List.of(ruleSet(1));
        apiServer.answer(request -> request.method().equals("GET")
                ? taken(request)
                : new Answer(
                        200, request.body().replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"7\",")));
        held.keep(versions);
        held.changed("7");
        assertThat(held.isTold()).isTrue();
        held.keep(versions);
        assertThat(held.isTold()).isFalse();
        assertThat(written()).as("its own write is no news").hasSize(1);

        held.changed("");
        held.keep(versions);
        assertThat(written()).hasSize(2);
        held.changed("8");
        held.keep(versions);
        assertThat(written()).hasSize(3);
        held.unknown();
        held.keep(versions);
        assertThat(written()).hasSize(4);

        held.keep(List.of());
        assertThat(written()).hasSize(5);
        held.changed("");
        held.keep(List.of());
        assertThat(written()).as("there is nothing to keep").hasSize(5);
        held.unknown();
        held.keep(List.of());
        assertThat(written()).as("somebody may have brought an old one back").hasSize(6);
    }

    /** It would get this server as its owner, and go with it. */
    @Test
    void aSecretOfOthersIsLeftAlone() throws IOException {
        apiServer.answer(request -> new Answer(200, """
                {"apiVersion": "v1", "kind": "Secret",
                 "metadata": {"name": "a-name-that-is-needed", "namespace": "shop"}, "data": {"held.json": "W10="}}"""));
        assertThatThrownBy(() -> held.read(Inventory.EMPTY))
                .isInstanceOf(NotOurs.class)
                .hasMessageContaining("Secret shop/a-name-that-is-needed exists and isn't this server's");
        assertThat(held.keep(List.of(ruleSet(1)))).isFalse();
        IdentitySecret identity = new IdentitySecret(
                apiServer.client(),
                ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")),
                DeploymentFactory.owner("main", "uid"),
                InstantSource.system(),
                InstantSource.system());
        identity.provide();
        identity.keep();
        assertThat(identity.obstacle())
                .hasValueSatisfying(words ->
                        assertThat(words).contains("Secret shop/a-name-that-is-needed exists and isn't this server's"));
        assertThat(identity.find()).as("it serves all the same").isPresent();
        assertThat(apiServer.asked()).allMatch(request -> request.method().equals("GET"));
    }

    /** Such as by somebody's tool that wrote into all Secrets. */
    @ParameterizedTest
    @ValueSource(strings = {"AAECAwQ=", "e30=", "bnVsbA==", "", "!"})
    void whatCanNotBeReadIsSaidSkippedAndWrittenAnew(String data) throws Exception {
        apiServer.answer(request -> new Answer(200, """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "prometheus-main-held", "namespace": "shop",
                 "ownerReferences": [{"uid": "uid", "controller": true}]}, "data": {"held.json": "%s"}}""".formatted(data)));
        assertThat(held.read(Inventory.EMPTY)).isEmpty();
        assertThat(held.lost()).hasValueSatisfying(words -> assertThat(words).contains("none of the versions"));
        assertThat(held.keep(List.of())).isTrue();
        assertThat(written()).containsExactly("[]".getBytes(StandardCharsets.UTF_8));
        assertThat(held.lost()).as("what is refused runs without it").isPresent();
        held.missNothing();
        assertThat(held.lost()).isEmpty();
    }

    @Test
    void oneThatCanNotBeReadKeepsNoOtherBack() throws Exception {
        held.keep(List.of(ruleSet(1)));
        String kept = new String(written().getFirst(), StandardCharsets.UTF_8);
        String data = Base64.getEncoder()
                .encodeToString(("[{\"kind\":\"RuleSet\"}," + kept.substring(1)).getBytes(StandardCharsets.UTF_8));
        apiServer.answer(request -> new Answer(200, """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "prometheus-main-held", "namespace": "shop",
                 "ownerReferences": [{"uid": "uid", "controller": true}]}, "data": {"held.json": "%s"}}""".formatted(data)));
        assertThat(held.read(Inventory.EMPTY)).hasSize(1);
        assertThat(held.lost()).hasValueSatisfying(words -> assertThat(words).contains("not all of the versions"));
        assertThat(held.keep(List.of(ruleSet(1)))).isTrue();
        assertThat(written()).hasSize(2);
    }

    @Test
    void whatIsKeptIsReadAgain() throws Exception {
        held.keep(List.of(ruleSet(1)));
        String secret = apiServer.asked().getLast().body();
        apiServer.answer(request -> new Answer(200, secret));
        assertThat(held.read(Inventory.EMPTY).getFirst().spec())
                .isEqualTo(ruleSet(1).spec());
        assertThat(held.lost()).isEmpty();
    }

    /** As {@code kubectl replace --force} leaves it for a moment. */
    @Test
    void thatOfAServerThatWasDeletedAMomentAgoHoldsNothingUp() throws Exception {
        held.keep(List.of(ruleSet(1)));
        String left = apiServer.asked().getLast().body().replace("\"uid\":\"uid\"", "\"uid\":\"earlier\"");
        assertThat(left).contains("earlier");
        apiServer.answer(request -> new Answer(200, left));
        assertThat(held.read(Inventory.EMPTY)).isEmpty();

        String others = left.replace("\"kind\":\"PrometheusServer\"", "\"kind\":\"Backup\"");
        assertThat(others).isNotEqualTo(left);
        apiServer.answer(request -> new Answer(200, others));
        assertThatThrownBy(() -> held.read(Inventory.EMPTY)).isInstanceOf(NotOurs.class);
    }

    /** As {@code kubectl delete --cascade=orphan} of a server leaves it, which is then declared again. */
    @Test
    void whatAServerOfItsNameLeftIsTakenUp() throws Exception {
        held.keep(List.of(ruleSet(1)));
        String left = apiServer.asked().getLast().body().replaceFirst(",\"ownerReferences\":\\[[^]]*]", "");
        assertThat(left).doesNotContain("ownerReferences");
        apiServer.answer(request -> new Answer(200, left));
        assertThat(held.read(Inventory.EMPTY)).hasSize(1);
        Request adoption = apiServer.asked().getLast();
        assertThat(adoption.method()).isEqualTo("PATCH");
        assertThat(JSON.readTree(adoption.body())
                        .at("/metadata/ownerReferences/0/uid")
                        .asText())
                .isEqualTo("uid");
    }
}
