package io.narthex.source.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.narthex.testbed.StubApiServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A connection that dies without a word, which no real API server can be asked for, doesn't end what is told; and no more is asked
 * for than metadata.
 */
class MetadataWatchTest {

    private final AtomicInteger version = new AtomicInteger(1);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final WatchHealth health = new WatchHealth(InstantSource.system());
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger(1);
    private volatile boolean ends;
    private volatile boolean answers;
    private volatile boolean expires;
    private HttpServer apiServer;
    private KubernetesClient client;

    @BeforeEach
    void begin() throws IOException {
        apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        apiServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        apiServer.createContext("/api/v1/secrets", this::answer);
        apiServer.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(
                                "http://127.0.0.1:" + apiServer.getAddress().getPort())
                        .build())
                .build();
    }

    @AfterEach
    void end() {
        end.countDown();
        client.close();
        apiServer.stop(0);
    }

    /** Lists one Secret, as metadata only; a watch says nothing and never ends, with an answer begun or without. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean watches =
                    String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=1");
            String kind = watches ? "PartialObjectMetadata" : "PartialObjectMetadataList";
            if (!StubApiServer.isForMetadata(StubApiServer.accept(exchange), kind)) {
                exchange.sendResponseHeaders(406, -1);
                return;
            }
            if (watches) {
                if (ends) {
                    byte[] event = """
                            {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "%d"}}}
                            """.formatted(begun.incrementAndGet()).getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(event);
                    return;
                }
                if (expires) {
                    byte[] event = """
                            {"type": "ERROR", "object": {"kind": "Status", "code": 410, "message": "too old"}}
                            """.getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(event);
                    return;
                }
                if (answers) {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().flush();
                }
                end.await();
                return;
            }
            lists.incrementAndGet();
            byte[] list = """
                    {"metadata": {"resourceVersion": "%1$d"},
                     "items": [{"metadata": {"namespace": "shop", "name": "token", "resourceVersion": "%1$d"}}]}
                    """.formatted(version.get()).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MetadataWatch watch() {
        MetadataWatch.Listener listener = new MetadataWatch.Listener() {
            @Override
            public void present(String namespace, String name, String resourceVersion) {
                told.add(namespace + "/" + name + " " + resourceVersion);
            }

            @Override
            public void gone(String namespace, String name) {}

            @Override
            public void listing() {}

            @Override
            public void listed() {}
        };
        return new MetadataWatch(
                client, "Secret", "secrets", Optional.empty(), listener, health, Duration.ofMillis(300));
    }

    private void awaitNews() {
        try (MetadataWatch watch = watch()) {
            var _ = watch.start();
            await().until(() -> told.contains("shop/token 1"));
            version.set(2);
            await().until(() -> told.contains("shop/token 2"));
            await().until(() -> health.problems().getOrDefault("Secret", "").contains("went silent"));
        }
    }

    /** To close an answer that is over would close its connection, which another watch may have by then. */
    @Test
    void watchesThatEndDoNotBreakEachOther() {
        ends = true;
        List<MetadataWatch> watches = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            watches.add(watch());
        }
        watches.forEach(one -> {
            var _ = one.start();
        });
        List<String> problems = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            problems.addAll(health.problems().values());
            return lists.get() + begun.get() > 200;
        });
        watches.forEach(MetadataWatch::close);
        assertThat(problems).isEmpty();
    }

    /** What came after the version that the API server has forgotten is in the list. */
    @Test
    void whatTheApiServerHasForgottenIsListedAnew() {
        expires = true;
        try (MetadataWatch watch = watch()) {
            var _ = watch.start();
            await().until(() -> told.contains("shop/token 1"));
            version.set(2);
            await().until(() -> told.contains("shop/token 2"));
            int before = lists.get();
            Instant until = Instant.now().plusSeconds(3);
            await().until(() -> Instant.now().isAfter(until));
            assertThat(lists.get() - before).as("lists in three seconds").isLessThan(8);
            assertThat(health.problems()).isEmpty();
        }
    }

    @Test
    void aWatchThatSaysNothingAnyMoreIsGivenUp() {
        answers = true;
        awaitNews();
    }

    @Test
    void aWatchThatIsNeverAnsweredIsGivenUp() {
        awaitNews();
    }
}
