package io.narthex.status.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.Status;
import io.narthex.source.kubernetes.JsonText;
import io.narthex.source.kubernetes.StoredObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final String SLOW = "slow";
    private static final ResourceKey OTHER = new ResourceKey("Monitor", "shop", "other");

    private final List<JsonNode> written = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<ResourceKey, JsonText> there = new ConcurrentHashMap<>();
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final AtomicBoolean unknown = new AtomicBoolean();
    private final AtomicBoolean refused = new AtomicBoolean();
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
                key -> Optional.of(new StoredObject("uid", 1, there.getOrDefault(key, JsonText.NONE))),
                InstantSource.system(),
                () -> Instant.now().plus(later.get()),
                "narthex");
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestMethod().equals("PATCH")) {
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
        return new ResourceReport(
                SERVER,
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
}
