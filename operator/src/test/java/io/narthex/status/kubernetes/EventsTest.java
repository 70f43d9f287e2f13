package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ConditionReason;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What `kubectl describe` shows of what became of a resource, and what it is spared. */
class EventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "shop", "web");
    private static final ResourceKey RULES = new ResourceKey("RuleSet", "shop", "rules");
    private static final JsonNode NOTHING = MissingNode.getInstance();
    private static final JsonNode WELL = status("True", "AsDeclared", "");
    private static final JsonNode INVALID = status("False", "Invalid", "NX1204 2 is no port");

    /** What passes by itself, or is usual where nothing runs yet. */
    private static final Set<ConditionReason> PASSING = EnumSet.of(
            ConditionReason.PENDING,
            ConditionReason.PUBLISHING,
            ConditionReason.RELOADING,
            ConditionReason.RESTARTING,
            ConditionReason.REPLAYING_WAL,
            ConditionReason.NO_TARGETS);

    private StubApiServer apiServer;
    private Events events;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(request -> new Answer(201, request.body()));
        events = new Events(apiServer.client());
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private static JsonNode status(String status, String reason, String message) {
        ObjectNode all = JSON.createObjectNode();
        all.putArray("conditions")
                .add(condition("Accepted", "True", "AsDeclared", ""))
                .add(condition("Ready", status, reason, message));
        return all;
    }

    private static ObjectNode condition(String type, String status, String reason, String message) {
        return JSON.createObjectNode()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message);
    }

    private void compare(ResourceKey key, JsonNode before, JsonNode after) {
        events.compare(key, "uid-of-" + key.name(), before, after, NOW);
    }

    private JsonNode only() throws JsonProcessingException {
        List<Request> asked = apiServer.asked();
        assertThat(asked).singleElement().hasToString("POST /api/v1/namespaces/shop/events");
        return JSON.readTree(asked.getFirst().body());
    }

    private static void isAbout(JsonNode event, ResourceKey key) {
        assertThat(event.path("involvedObject"))
                .isEqualTo(JSON.createObjectNode()
                        .put("apiVersion", "monitoring.narthex.io/v1alpha1")
                        .put("kind", key.kind())
                        .put("name", key.name())
                        .put("namespace", "shop")
                        .put("uid", "uid-of-" + key.name()));
        assertThat(event.at("/metadata/namespace").asText()).isEqualTo("shop");
        assertThat(event.at("/metadata/generateName").asText()).isEqualTo(key.name() + ".");
        assertThat(event.at("/source/component").asText()).isEqualTo("narthex");
    }

    @Test
    void ofAServerThatIsWellAgainANormalOneIsMade() throws Exception {
        compare(SERVER, INVALID, WELL);

        JsonNode event = only();
        isAbout(event, SERVER);
        assertThat(event.path("type").asText()).isEqualTo("Normal");
        assertThat(event.path("reason").asText()).isEqualTo("AsDeclared");
        assertThat(event.path("message").asText()).isEqualTo("all is as declared");
        assertThat(event.path("count").asInt()).isEqualTo(1);
        assertThat(event.path("firstTimestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(event.path("lastTimestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void ofWhateverIsWrongAWarningIsMadeThatSaysWhy() throws Exception {
        for (ResourceKey key : List.of(SERVER, WEB, RULES)) {
            apiServer.forget();
            compare(key, WELL, INVALID);

            JsonNode event = only();
            isAbout(event, key);
            assertThat(event.path("type").asText()).isEqualTo("Warning");
            assertThat(event.path("reason").asText()).isEqualTo("Invalid");
            assertThat(event.path("message").asText()).isEqualTo("NX1204 2 is no port");
        }
    }

    @ParameterizedTest
    @EnumSource(ConditionReason.class)
    void whatPassesByItselfMakesNoneAndEverythingElseAWarning(ConditionReason reason) throws Exception {
        compare(WEB, NOTHING, status("False", reason.value(), "why"));
        if (PASSING.contains(reason)) {
            assertThat(apiServer.asked()).isEmpty();
        } else {
            assertThat(only().path("type").asText()).isEqualTo("Warning");
            assertThat(only().path("reason").asText()).isEqualTo(reason.value());
        }
    }

    @Test
    void ofAMonitorThatIsWellNoneIsMade() {
        compare(WEB, NOTHING, WELL);
        compare(WEB, INVALID, WELL);
        compare(RULES, INVALID, WELL);
        assertThat(apiServer.asked()).isEmpty();
    }

    @Test
    void whereOnlyWordsChangeNoneIsMade() throws Exception {
        compare(WEB, INVALID, status("False", "Invalid", "NX1204 3 is no port"));
        compare(SERVER, WELL, status("True", "AsDeclared", "2 errors in Monitors"));
        compare(SERVER, WELL, JSON.createObjectNode());
        assertThat(apiServer.asked()).isEmpty();

        // The same reason with another status is something else.
        compare(WEB, status("Unknown", "Unverified", ""), status("False", "Unverified", ""));
        assertThat(only().path("reason").asText()).isEqualTo("Unverified");
    }

    /** The API server takes 1,024 characters of words, and 253 of a name. */
    @Test
    void whatIsTooLongIsShortened() throws Exception {
        String name = "x".repeat(253);
        compare(new ResourceKey("Monitor", "shop", name), WELL, status("False", "TargetsDown", "y".repeat(2_000)));

        assertThat(only().path("message").asText()).hasSize(1_000);
        assertThat(only().at("/metadata/generateName").asText()).isEqualTo("x".repeat(200) + ".");
        assertThat(only().at("/involvedObject/name").asText()).isEqualTo(name);
    }

    /** The status says the same. */
    @Test
    void oneThatIsRefusedIsNoProblem() {
        apiServer.answer(request -> Answer.refusal(403, "{}"));
        assertThatCode(() -> compare(WEB, WELL, INVALID)).doesNotThrowAnyException();
        assertThat(apiServer.asked()).hasSize(1);
    }
}
