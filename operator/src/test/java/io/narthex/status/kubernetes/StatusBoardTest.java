package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import io.narthex.rollout.Status;
import io.narthex.source.kubernetes.JsonText;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.testbed.StubApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A status is written when it says something else, as one write for what happens together, and not for counts alone. */
class StatusBoardTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "shop", "main");
    private static final ResourceKey WEB = new ResourceKey("Monitor", "shop", "web");
    private static final ResourceKey GONE = new ResourceKey("PrometheusServer", "shop", "gone");
    private static final ServerReport SERVER_REPORT = new ServerReport(
            1,
            false,
            List.of(),
            0,
            Optional.empty(),
            Status.VERIFIED,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            1,
            1,
            Optional.of("3.16.0"),
            Optional.empty(),
            false,
            Optional.empty(),
            false,
            Optional.empty(),
            false);
    private static final String SLOW = "slow";
    private static final ResourceKey OTHER = new ResourceKey("Monitor", "shop", "other");

    private final List<JsonNode> written = new CopyOnWriteArrayList<>();
    /** What was written and what became an event, in this order. */
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final ConcurrentHashMap<ResourceKey, JsonText> there = new ConcurrentHashMap<>();
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final AtomicBoolean unknown = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
    private final AtomicInteger versions = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicInteger hanging = new AtomicInteger();
    private final CountDownLatch answer = new CountDownLatch(1);
    private HttpServer apiServer;
    private KubernetesClient client;
    private StatusBoard board;

    @BeforeEach
    void begin() throws IOException {
        apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        apiServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        apiServer.createContext("/", this::take);
        apiServer.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(
                                "http://127.0.0.1:" + apiServer.getAddress().getPort())
                        .build())
                .build();
        board = board();
    }

    private StatusBoard board() {
        return new StatusBoard(
                client,
                key -> Optional.of(stored(key)),
                InstantSource.system(),
                () -> Instant.now().plus(later.get()),
                "narthex");
    }

    private StoredObject stored(ResourceKey key) {
        return new StoredObject("uid", 1, String.valueOf(versions.get()), there.getOrDefault(key, JsonText.NONE));
    }

    /** Somebody writes a status, and the watch tells of it. */
    private void changes(ResourceKey key, JsonNode status) {
        changes(key, status, new ObjectMeta());
    }

    private void changes(ResourceKey key, JsonNode status, ObjectMeta metadata) {
        there.put(key, JsonText.of(status));
        versions.incrementAndGet();
        board.statusChanged(key, stored(key), metadata);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("PATCH")) {
                if (!StubApiServer.isForMetadata(StubApiServer.accept(exchange), "PartialObjectMetadata")) {
                    exchange.sendResponseHeaders(406, -1);
                    return;
                }
                if (unknown.getAndSet(false)) {
                    exchange.sendResponseHeaders(404, -1);
                    return;
                }
                JsonNode patch = JSON.readTree(body);
                if (patch.at("/metadata/namespace").asText().equals(SLOW)) {
                    hanging.incrementAndGet();
                    answer.await();
                }
                if (refused.get() && patch.at("/metadata/name").asText().equals("web")) {
                    refusals.incrementAndGet();
                    exchange.sendResponseHeaders(422, -1);
                    return;
                }
                written.add(patch);
                told.add("status of " + patch.at("/metadata/name").asText());
                body = JSON.writeValueAsBytes(
                        Map.of("metadata", Map.of("resourceVersion", String.valueOf(versions.incrementAndGet()))));
            }
            if (exchange.getRequestMethod().equals("POST")) {
                JsonNode event = JSON.readTree(body);
                told.add(
                        event.path("type").asText() + " " + event.path("reason").asText() + " of "
                                + event.at("/involvedObject/kind").asText() + " "
                                + event.at("/involvedObject/name").asText() + " "
                                + event.at("/involvedObject/uid").asText());
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void end() {
        board.close();
        client.close();
        apiServer.stop(0);
    }

    private static ResourceReport report(boolean loaded, int total) {
        return report(SERVER, loaded, total);
    }

    private static ResourceReport report(ResourceKey server, boolean loaded, int total) {
        return new ResourceReport(
                server,
                1,
                OptionalInt.empty(),
                Optional.empty(),
                List.of(),
                loaded,
                false,
                Status.VERIFIED,
                Optional.empty(),
                List.of(new ResourceReport.Job(
                        "metrics", "job", Optional.of(new JobCounts(total, total, 0, Optional.empty())))));
    }

    private static ResourceReport refused(String why) {
        return new ResourceReport(
                SERVER,
                1,
                OptionalInt.empty(),
                Optional.empty(),
                List.of(new Diagnostic(
                        DiagnosticCode.NOT_BOUND,
                        Severity.ERROR,
                        Optional.of(WEB),
                        FieldPath.of("spec"),
                        Optional.empty(),
                        why,
                        "",
                        "")),
                false,
                false,
                Status.VERIFIED,
                Optional.empty(),
                List.of());
    }

    private int targets(int write) {
        return written.get(write).path("status").path("targets").path("total").asInt();
    }

    @Test
    void whatHappensTogetherMakesOneWrite() {
        board.report(WEB, report(false, 1));
        board.report(WEB, report(true, 1));
        board.report(WEB, report(true, 2));
        board.start();

        await().until(() -> written.size() == 1 && board.waiting().isEmpty());
        assertThat(targets(0)).isEqualTo(2);
        assertThat(written.getFirst().at("/metadata/name").asText()).isEqualTo("web");
        assertThat(written.getFirst().at("/status/conditions/0/status").asText())
                .isEqualTo("True");
    }

    /** For whoever is to be alerted: also where the API server takes no status. */
    @Test
    void howReadyEachIsCanBeAskedFor() {
        refused.set(true);
        board.report(WEB, report(true, 0));
        board.report(OTHER, report(true, 1));
        assertThat(board.readiness()).as("nothing is said yet").isEmpty();
        board.start();

        await().until(() -> refusals.get() > 0 && !written.isEmpty());
        assertThat(board.readiness())
                .containsOnly(
                        Map.entry(WEB, new Readiness("False", "NoTargets")),
                        Map.entry(OTHER, new Readiness("True", "AsDeclared")));
        board.forget(WEB);
        assertThat(board.readiness()).containsOnlyKeys(OTHER);
    }

    /** As `kubectl replace --force` does: what is said of the new one may be what was said of the old one. */
    @Test
    void oneThatIsMadeAnewIsToldWhatTheOneBeforeItWas() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1 && board.waiting().isEmpty());

        board.forget(WEB);
        board.report(WEB, report(true, 2));
        await().until(() -> written.size() == 2);
        assertThat(status(1).path("targets")).isEqualTo(status(0).path("targets"));
        assertThat(written.getLast().at("/metadata/uid").asText())
                .as("of which one it is said")
                .isEqualTo("uid");
    }

    /** What another operator's server takes, its operator speaks of. */
    @Test
    void ofWhatThereIsNothingToSayNothingIsWritten() {
        board.unselected(
                WEB,
                Optional.of(Finding.no(
                        io.narthex.api.v1alpha1.ConditionType.READY,
                        io.narthex.api.v1alpha1.ConditionReason.NOT_SELECTED,
                        "no")));
        board.unselected(WEB, Optional.empty());
        board.report(OTHER, report(true, 1));
        board.start();
        await().until(() -> !written.isEmpty() && board.waiting().isEmpty());
        assertThat(written).hasSize(1);
        assertThat(written.getFirst().at("/metadata/name").asText()).isEqualTo("other");

        board.withdraw(OTHER, SERVER);
        await().until(() -> written.size() == 2);
        assertThat(written.get(1).path("status").isEmpty())
                .as("what it wrote itself is taken back")
                .isTrue();
    }

    @Test
    void whatCanNotBeWrittenIsTriedEverMoreRarely() {
        refused.set(true);
        board.report(WEB, report(true, 1));
        board.start();
        List<Duration> pauses = new ArrayList<>();
        for (int attempt = 1; attempt <= 3; attempt++) {
            int count = attempt;
            await().until(() -> refusals.get() == count && board.waiting().contains(WEB));
            Duration before = later.get();
            // The clock goes on until it is tried again, a second at a time.
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                later.set(later.get().plusSeconds(1));
                board.report(OTHER, report(true, (int) later.get().toSeconds()));
                return refusals.get() > count || later.get().minus(before).toSeconds() > 90;
            });
            pauses.add(later.get().minus(before));
        }
        assertThat(pauses.get(1)).isGreaterThan(pauses.get(0));
        assertThat(pauses.get(2)).isGreaterThan(pauses.get(1));
    }

    private void reportAndAwait(ResourceReport report) {
        int writes = writesOf("web") + 1;
        board.report(WEB, report);
        await().until(() -> writesOf("web") == writes);
    }

    /** For `kubectl describe`: what it comes to say, by comparison with what stood there. */
    @Test
    void whatAStatusComesToSayBecomesAnEvent() {
        board.server(SERVER, SERVER_REPORT);
        board.start();
        await().until(() -> told.size() == 2);
        // A write follows the event of the one before.
        reportAndAwait(report(true, 1));
        reportAndAwait(refused("2 is no port"));
        later.set(Duration.ofSeconds(StatusBoard.COUNTS_SECONDS + 1));
        reportAndAwait(refused("3 is no port"));
        reportAndAwait(report(true, 0));
        reportAndAwait(report(true, 2));

        assertThat(told)
                .containsExactly(
                        "status of main",
                        "Normal AsDeclared of PrometheusServer main uid",
                        "status of web",
                        "status of web",
                        "Warning Invalid of Monitor web uid",
                        "status of web",
                        "status of web",
                        "status of web");
    }

    /** Somebody's webhook may keep it from answering for one namespace's resources. */
    @Test
    void whereNothingIsAnsweredTheOthersAreNotHeldUp() {
        board.start();
        for (int i = 0; i < 30; i++) {
            board.report(new ResourceKey("Monitor", SLOW, "m" + i), report(true, 1));
        }
        await().until(() -> hanging.get() > 0);
        board.report(WEB, report(true, 1));
        board.report(OTHER, report(true, 1));

        await().until(() -> written.size() == 2);
        assertThat(hanging.get()).as("asked of thirty").isLessThan(20);

        answer.countDown();
        await().until(() -> written.size() == 32);
    }

    /** While a definition is replaced, the API server doesn't know what is there. */
    @Test
    void whatWasNotFoundIsWrittenLater() {
        unknown.set(true);
        board.report(WEB, report(true, 1));
        board.start();
        await().until(() -> !unknown.get() && board.waiting().contains(WEB));
        assertThat(written).isEmpty();

        later.set(Duration.ofSeconds(10));
        board.report(OTHER, report(true, 1));
        await().until(() -> written.stream()
                .anyMatch(write -> write.at("/metadata/name").asText().equals("web")));
    }

    /** After a restart the board knows nothing of what it wrote. */
    @Test
    void whatStandsThereIsNotWrittenAgain() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1);
        there.put(WEB, JsonText.of(written.getFirst().path("status")));
        board.close();

        board = board();
        board.report(WEB, report(true, 2));
        board.report(OTHER, report(true, 1));
        board.start();

        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        assertThat(written.get(1).at("/metadata/name").asText()).isEqualTo("other");
    }

    @Test
    void countsAloneWaitHalfAMinute() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1);

        board.report(WEB, report(true, 3));
        board.report(OTHER, report(true, 1));
        await().until(() -> written.size() == 2);
        assertThat(written.get(1).at("/metadata/name").asText()).isEqualTo("other");
        await().until(() -> board.waiting().contains(WEB));

        later.set(Duration.ofSeconds(StatusBoard.COUNTS_SECONDS + 1));
        board.report(OTHER, report(false, 1));
        await().until(() -> written.stream()
                .anyMatch(write -> write.at("/metadata/name").asText().equals("web")
                        && write.at("/status/targets/total").asInt() == 3));
    }

    /** A change of a condition doesn't wait for the counts' half minute. */
    @Test
    void aConditionIsToldAtOnce() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1);

        board.report(WEB, report(false, 2));

        await().until(() -> written.size() == 2);
        assertThat(written.get(1).at("/status/conditions/0/status").asText()).isNotEqualTo("True");
    }

    @Test
    void whatNobodyTakesSaysWhyUntilSomebodyDoes() {
        board.unselected(
                WEB,
                Optional.of(Finding.no(
                        io.narthex.api.v1alpha1.ConditionType.READY,
                        io.narthex.api.v1alpha1.ConditionReason.NOT_SELECTED,
                        "no")));
        board.start();
        await().until(() -> written.size() == 1);
        assertThat(written.getFirst().toString()).contains("NotSelected");

        board.report(WEB, report(true, 1));
        await().until(() -> written.size() == 2);
        assertThat(written.get(1).toString()).doesNotContain("NotSelected");

        board.withdraw(WEB, SERVER);
        await().until(() -> written.size() == 3);
        assertThat(written.get(2).toString()).contains("NotSelected");
    }

    private JsonNode status(int write) {
        return written.get(write).path("status");
    }

    private static JsonNode withReady(JsonNode status, String value) {
        JsonNode copy = status.deepCopy();
        ((ObjectNode) copy.at("/conditions/0")).put("status", value);
        return copy;
    }

    /** Such as by `kubectl edit --subresource=status`, or from a backup. */
    @Test
    void whatSomebodyElseChangedIsPutRight() {
        board.report(WEB, report(true, 2));
        board.server(SERVER, SERVER_REPORT);
        board.start();
        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        int web = written.getFirst().at("/metadata/name").asText().equals("web") ? 0 : 1;

        changes(WEB, withReady(status(web), "False"));
        await().until(() -> written.size() == 3 && board.waiting().isEmpty());
        assertThat(status(2).at("/conditions/0/status").asText()).isEqualTo("True");
        changes(WEB, status(2));

        changes(SERVER, JSON.createObjectNode());
        await().until(() -> written.size() == 4);
        assertThat(status(3)).as("also since when").isEqualTo(status(1 - web));
    }

    /** The watch tells of what was written here as of anything else. */
    @Test
    void itsOwnWriteIsNoReasonToWrite() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1 && board.waiting().isEmpty());
        there.put(WEB, JsonText.of(status(0)));
        board.statusChanged(WEB, stored(WEB), ownedBy("narthex", SERVER));
        assertThat(board.waiting()).isEmpty();

        // Nor what says the same, whoever wrote it.
        changes(WEB, status(0));
        assertThat(board.waiting()).contains(WEB);
        await().until(() -> board.waiting().isEmpty());
        board.report(OTHER, report(true, 1));
        await().until(() -> written.size() == 2);
        assertThat(written.get(1).at("/metadata/name").asText()).isEqualTo("other");
    }

    @Test
    void whoChangesItAgainAndAgainIsAnsweredEverMoreRarely() {
        board.report(WEB, report(true, 2));
        board.start();
        await().until(() -> written.size() == 1);
        JsonNode wrong = withReady(status(0), "False");
        List<Duration> pauses = new ArrayList<>();
        for (int attempt = 1; attempt <= 4; attempt++) {
            int count = writesOf("web");
            await().until(() -> !board.waiting().contains(WEB));
            changes(WEB, wrong);
            Duration before = later.get();
            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                later.set(later.get().plusMillis(500));
                board.report(OTHER, report(true, (int) later.get().toMillis()));
                return writesOf("web") > count;
            });
            pauses.add(later.get().minus(before));
        }
        assertThat(pauses.get(3)).as("the fourth time").isGreaterThan(Duration.ofSeconds(7));

        // Once it is calm again, it is put right at once.
        later.set(later.get().plusSeconds(3_600));
        int count = writesOf("web");
        await().until(() -> !board.waiting().contains(WEB));
        changes(WEB, wrong);
        await().until(() -> writesOf("web") > count);
    }

    private int writesOf(String name) {
        return (int) written.stream()
                .filter(write -> write.at("/metadata/name").asText().equals(name))
                .count();
    }

    /** Returns a status as the operator of another class writes it. */
    private static JsonNode said(ResourceReport report) {
        return JSON.valueToTree(Statuses.monitor(
                1, List.of(report), Set.of(), Optional.empty(), Optional.empty(), null, Instant.now()));
    }

    private static ObjectMeta ownedBy(String manager, ResourceKey... servers) {
        Map<String, Object> entries = new HashMap<>(Map.of(".", Map.of()));
        for (ResourceKey server : servers) {
            entries.put(
                    "k:{\"name\":\"" + server.name() + "\",\"namespace\":\"" + server.namespace() + "\"}", Map.of());
        }
        FieldsV1 fields = new FieldsV1();
        fields.setAdditionalProperties(Map.of("f:status", Map.of("f:servers", entries)));
        return new ObjectMetaBuilder()
                .withUid("uid")
                .addNewManagedField()
                .withManager(manager)
                .withSubresource("status")
                .withFieldsV1(fields)
                .endManagedField()
                .build();
    }

    /** A server that was deleted while no operator ran. */
    @Test
    void ofAServerThatIsGoneNothingIsSaidAnyMore() {
        board.report(WEB, report(GONE, true, 1));
        board.report(WEB, report(SERVER, true, 2));
        board.start();
        await().until(() -> written.size() == 1);
        there.put(WEB, JsonText.of(status(0)));
        there.put(OTHER, JsonText.of(Shares.only(status(0), GONE::equals)));
        board.close();

        board = board();
        board.added(WEB, stored(WEB), ownedBy("narthex", SERVER, GONE));
        board.added(OTHER, stored(OTHER), ownedBy("narthex", GONE));
        board.start();
        assertThat(board.silent()).containsExactlyInAnyOrder(SERVER, GONE);
        board.spoken(GONE);

        await().until(() -> written.size() == 3);
        JsonNode web = written.stream()
                .skip(1)
                .filter(write -> write.at("/metadata/name").asText().equals("web"))
                .findFirst()
                .orElseThrow()
                .path("status");
        assertThat(Shares.servers(web)).as("what is there still").containsExactly(SERVER);
        assertThat(web.at("/targets/total").asInt()).isEqualTo(2);
        assertThat(written.stream()
                        .skip(1)
                        .filter(write -> write.at("/metadata/name").asText().equals("other"))
                        .findFirst()
                        .orElseThrow()
                        .path("status"))
                .isEmpty();
    }

    /** A write that was under way when the operator before this one ended arrives after what was seen at the start. */
    @Test
    void whatAnOperatorThatEndedWroteLateIsTakenBack() {
        board.report(WEB, report(GONE, true, 1));
        board.start();
        await().until(() -> written.size() == 1);
        JsonNode late = status(0);
        JsonNode others = JSON.valueToTree(Statuses.monitor(
                1,
                List.of(report(SERVER, true, 3)),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                null,
                Instant.now()));
        JsonNode both = Shares.with(late, others, SERVER::equals);
        board.close();

        board = board();
        board.added(WEB, stored(WEB), ownedBy("narthex", GONE));
        there.put(WEB, JsonText.of(both));
        board.spoken(GONE);
        board.start();
        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        assertThat(status(1)).isEmpty();
        changes(WEB, both, ownedBy("narthex", GONE));
        await().until(() -> written.size() == 3 && board.waiting().isEmpty());
        assertThat(status(2)).as("where something stood at the start").isEmpty();

        changes(OTHER, both, ownedBy("narthex", GONE));
        await().until(() -> written.size() == 4 && board.waiting().isEmpty());
        assertThat(status(3)).as("where nothing did").isEmpty();

        // Once it is taken back, and where another operator speaks, it is left.
        changes(WEB, others, ownedBy("another", SERVER));
        await().until(() -> board.waiting().isEmpty());
        board.report(new ResourceKey("Monitor", "shop", "third"), report(true, 1));
        await().until(() -> written.size() == 5);
        assertThat(writesOf("web")).isEqualTo(3);
    }

    /** What the operator of another class says of its server, it says itself. */
    @Test
    void anotherOperatorsServerCountsAndIsLeftToIt() {
        board.report(WEB, report(SERVER, true, 2));
        board.start();
        await().until(() -> written.size() == 1 && board.waiting().isEmpty());
        JsonNode others = said(report(GONE, false, 3));
        changes(WEB, Shares.with(status(0), others, GONE::equals));

        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        assertThat(Shares.servers(status(1))).containsExactly(SERVER);
        assertThat(status(1).at("/targets/total").asInt()).isEqualTo(5);
        assertThat(status(1).at("/conditions/0/message").asText()).contains(GONE.toString());

        // Also with the next change of its own.
        there.put(WEB, JsonText.of(Shares.with(status(1), others, GONE::equals)));
        board.report(WEB, report(SERVER, false, 2));
        await().until(() -> written.size() == 3);
        assertThat(Shares.servers(status(2))).containsExactly(SERVER);
        assertThat(status(2).at("/targets/total").asInt()).isEqualTo(5);
    }

    /** The API server lets nobody take away what would leave half a condition: of two that say it, each must own it. */
    @Test
    void whatAnotherOperatorSaidLastIsSaidAgainWhereItIsTheSame() {
        board.report(WEB, report(SERVER, true, 2));
        board.start();
        await().until(() -> written.size() == 1 && board.waiting().isEmpty());
        JsonNode others = said(report(GONE, false, 3));
        changes(WEB, Shares.with(status(0), others, GONE::equals));
        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        JsonNode agreed = Shares.with(status(1), others, GONE::equals);
        ObjectMeta shared = new ObjectMetaBuilder(ownedBy("narthex", SERVER))
                .addAllToManagedFields(ownedBy("another", GONE).getManagedFields())
                .build();
        changes(WEB, agreed, shared);

        await().until(() -> written.size() == 3 && board.waiting().isEmpty());
        assertThat(status(2)).isEqualTo(status(1));
    }

    /** Of a resource that servers of another class take, until their operator speaks. */
    @Test
    void thatAnotherOperatorIsSilentIsSaidAfterSomeTimeAndTakenBack() {
        Optional<Finding> others = Optional.of(Finding.unknown(
                io.narthex.api.v1alpha1.ConditionType.READY,
                io.narthex.api.v1alpha1.ConditionReason.PENDING,
                "its operator hasn't spoken"));
        board.unselected(WEB, others);
        board.unselected(OTHER, others);
        board.start();
        JsonNode spoken = said(report(GONE, true, 3));
        changes(OTHER, spoken);
        ResourceKey third = new ResourceKey("Monitor", "shop", "third");
        board.report(third, report(true, 1));
        await().until(() -> written.size() == 1);
        assertThat(writesOf("third")).as("what is said at once").isEqualTo(1);
        assertThat(board.waiting()).contains(WEB, OTHER);

        later.set(Duration.ofMinutes(1));
        board.report(third, report(false, 1));
        await().until(() -> written.size() == 3 && board.waiting().isEmpty());
        JsonNode web = written.stream()
                .filter(write -> write.at("/metadata/name").asText().equals("web"))
                .findFirst()
                .orElseThrow();
        assertThat(web.toString()).contains("its operator hasn't spoken");
        assertThat(writesOf("other")).as("it has spoken").isZero();

        changes(WEB, spoken);
        await().until(() -> written.size() == 4);
        assertThat(status(3)).as("of which its operator speaks").isEmpty();
        changes(WEB, withReady(spoken, "False"));
        await().until(() -> !board.waiting().contains(WEB));
        board.report(third, report(true, 1));
        await().until(() -> writesOf("third") == 3);
        assertThat(writesOf("web")).isEqualTo(2);
    }

    private JsonNode saidOfServer() {
        board.server(SERVER, SERVER_REPORT);
        board.start();
        await().until(() -> written.size() == 1 && board.waiting().isEmpty());
        there.put(SERVER, JsonText.of(status(0)));
        return status(0);
    }

    /** Something else is written, so that what was to be written before it would have been. */
    private void others(int writes) {
        board.report(new ResourceKey("Monitor", "shop", "m" + writes), report(true, 1));
        await().until(() -> written.size() == writes);
    }

    /** Whose class is changed: what the next operator leaves out would stand there for ever. */
    @Test
    void whatWasSaidOfAServerIsTakenBackOnceItsNextOperatorSpeaks() {
        JsonNode said = saidOfServer();
        board.release(SERVER);
        assertThat(board.readiness()).doesNotContainKey(SERVER);
        others(2);
        assertThat(board.waiting()).as("what the next one may go on with").contains(SERVER);

        changes(SERVER, withReady(said, "Unknown"));
        await().until(() -> written.size() == 3 && board.waiting().isEmpty());
        assertThat(written.get(2).at("/metadata/name").asText()).isEqualTo("main");
        assertThat(status(2)).isEmpty();

        // What the next one says then is its own affair.
        changes(SERVER, withReady(said, "False"));
        assertThat(board.waiting()).isEmpty();
    }

    @Test
    void whatWasSaidOfAServerThatNobodyTakesIsTakenBackLater() {
        saidOfServer();
        board.release(SERVER);
        later.set(Duration.ofSeconds(61));
        others(3);
        await().until(() -> board.waiting().isEmpty());
        assertThat(written).filteredOn(write -> write.path("status").isEmpty()).hasSize(1);
    }

    /** Also of one that comes back before anything was taken back: it is said anew, though it stands there still. */
    @Test
    void whatIsSaidOfAServerThatCameBackStays() {
        JsonNode said = saidOfServer();
        board.release(SERVER);
        board.server(SERVER, SERVER_REPORT);
        await().until(() -> written.size() == 2);
        assertThat(status(1)).isEqualTo(said);
        later.set(Duration.ofSeconds(61));
        others(3);
        await().until(() -> board.waiting().isEmpty());
        assertThat(written).hasSize(3);
    }

    /** It is tried again sooner than the next operator has spoken. */
    @Test
    void whatFailsToBeWrittenWhileAServerIsReleasedIsNotTakenBackSooner() {
        ResourceKey server = new ResourceKey("PrometheusServer", SLOW, "web");
        refused.set(true);
        board.added(server, stored(server), ownedBy("narthex"));
        board.spoken(server);
        board.start();
        board.server(server, SERVER_REPORT);
        await().until(() -> hanging.get() == 1);
        board.release(server);
        answer.countDown();
        await().until(() -> refusals.get() == 1);
        later.set(Duration.ofSeconds(30));
        others(1);
        others(2);
        assertThat(refusals).hasValue(1);

        later.set(Duration.ofSeconds(61));
        others(3);
        await().until(() -> refusals.get() == 2);
    }

    /** Of whom nothing is known yet, so that nothing is said of it. */
    @Test
    void nothingIsTakenBackOfAServerThatCameBackAndIsLookedAt() {
        saidOfServer();
        board.release(SERVER);
        board.take(SERVER);
        later.set(Duration.ofSeconds(61));
        others(2);
        await().until(() -> board.waiting().isEmpty());
        assertThat(written).filteredOn(write -> write.path("status").isEmpty()).isEmpty();
    }

    @Test
    void whatWasSaidOfAServerThatChangedHandsMeanwhileIsTakenBackAtTheStart() {
        JsonNode said = saidOfServer();
        board.close();

        board = board();
        board.added(SERVER, stored(SERVER), ownedBy("narthex"));
        board.start();
        assertThat(board.silent()).containsExactly(SERVER);
        changes(SERVER, withReady(said, "Unknown"));
        await().until(() -> board.waiting().isEmpty());
        others(2);
        assertThat(status(1)).as("whose it is isn't known yet").isNotEmpty();

        board.spoken(SERVER);
        board.release(SERVER);
        later.set(Duration.ofSeconds(61));
        others(4);
        assertThat(written).filteredOn(write -> write.path("status").isEmpty()).hasSize(1);
    }

    /** What only the former operator owns goes with what that takes back. */
    @Test
    void whatTheFormerOperatorSaidIsSaidAgainWhereItIsTheSame() {
        JsonNode said = saidOfServer();
        board.close();

        board = board();
        board.added(SERVER, stored(SERVER), ownedBy("another"));
        board.server(SERVER, SERVER_REPORT);
        board.start();
        await().until(() -> written.size() == 2 && board.waiting().isEmpty());
        assertThat(status(1)).isEqualTo(said);
        board.close();

        board = board();
        board.added(SERVER, stored(SERVER), ownedBy("narthex"));
        board.server(SERVER, SERVER_REPORT);
        board.start();
        others(3);
        await().until(() -> board.waiting().isEmpty());
        assertThat(written).as("what it said itself isn't").hasSize(3);
    }
}
