package io.narthex.rollout.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is watched is kept as it was told last, but for its managed fields, which are as long as the rest. */
class ManagedObjectsTest {

    private static final String NAME = "prometheus-main";

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicInteger lists = new AtomicInteger();
    private final CountDownLatch changes = new CountDownLatch(1);
    private final CountDownLatch expires = new CountDownLatch(1);
    private final CountDownLatch ends = new CountDownLatch(1);
    private volatile int version = 1;
    private volatile String owner = "";
    private HttpServer apiServer;
    private KubernetesClient client;
    private ManagedObjects objects;

    @BeforeEach
    void begin() throws Exception {
        apiServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        apiServer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        apiServer.createContext("/", this::answer);
        apiServer.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(
                                "http://127.0.0.1:" + apiServer.getAddress().getPort())
                        .withOnlyHttpWatches(true)
                        .build())
                .build();
        objects = new ManagedObjects(client, (namespace, base) -> told.add(namespace + "/" + base), new Health());
    }

    @AfterEach
    void end() {
        changes.countDown();
        expires.countDown();
        ends.countDown();
        objects.close();
        client.close();
        apiServer.stop(0);
    }

    private static final class Health implements ManagedObjects.Health {
        @Override
        public void failed(String kind, Optional<String> namespace, Throwable problem) {}

        @Override
        public void heard(String kind, Optional<String> namespace) {}
    }

    /** Tells of a pod and a StatefulSet; a watch tells once that they changed, and then that it is too old to go on; the next tells nothing. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            String kind = exchange.getRequestURI().getPath().endsWith("/pods") ? "Pod" : "StatefulSet";
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            if (query.contains("watch=true")) {
                exchange.sendResponseHeaders(200, 0);
                OutputStream out = exchange.getResponseBody();
                out.flush();
                if (lists.get() > 2) {
                    ends.await();
                    return;
                }
                changes.await();
                out.write(("{\"type\": \"MODIFIED\", \"object\": " + object(kind) + "}\n").getBytes(UTF_8));
                out.flush();
                expires.await();
                out.write(
                        "{\"type\": \"ERROR\", \"object\": {\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": 410}}\n"
                                .getBytes(UTF_8));
                return;
            }
            byte[] list = """
                    {"kind": "%sList", "apiVersion": "v1", "metadata": {"resourceVersion": "%d"}, "items": [%s]}
                    """.formatted(kind, version, object(kind)).getBytes(UTF_8);
            lists.incrementAndGet();
            exchange.sendResponseHeaders(200, list.length);
            exchange.getResponseBody().write(list);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String object(String kind) {
        return """
                {"kind": "%s", "apiVersion": "%s", "metadata": {"name": "%s", "namespace": "shop", "uid": "%s",\
                 "ownerReferences": [%s],\
                 "resourceVersion": "%d", "annotations": {"in": "%d"}, "labels": {"app.kubernetes.io/instance": "%s"},\
                 "managedFields": [{"manager": "narthex", "operation": "Apply", "fieldsV1": {"f:spec": {}}}]}}""".formatted(kind, kind.equals("Pod") ? "v1" : "apps/v1", NAME, kind, owner, version, version, NAME);
    }

    private void areKeptWithoutManagedFields(int inVersion) {
        List<HasMetadata> kept = List.of(
                objects.pod("shop", NAME).orElseThrow(),
                objects.statefulSet("shop", NAME).orElseThrow());
        assertThat(kept).allSatisfy(object -> {
            assertThat(object.getMetadata().getResourceVersion()).isEqualTo(String.valueOf(inVersion));
            assertThat(object.getMetadata().getManagedFields()).isNullOrEmpty();
        });
    }

    @Test
    void noManagedFieldsAreKept() {
        var _ = objects.start(Optional.empty());
        await().until(() -> told.size() == 2);
        areKeptWithoutManagedFields(1);

        version = 2;
        changes.countDown();
        await().until(() -> told.size() == 4);
        areKeptWithoutManagedFields(2);

        // Of what is as it was, nobody is told.
        expires.countDown();
        await().until(() -> lists.get() >= 4);
        await().untilAsserted(() -> areKeptWithoutManagedFields(2));
    }

    /** Anybody who makes a pod can name it, and label it, like those of a server. */
    @ParameterizedTest
    @CsvSource({"StatefulSet, true, 1", "StatefulSet, false, 0", "StatefulSet, , 0", "other, true, 0", ", true, 0"})
    void aPodIsThatOfTheStatefulSetWhichControlsIt(String uid, Boolean controller, int count) {
        if (uid != null) {
            owner = """
                    {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "%s", "uid": "%s", "controller": %s}""".formatted(NAME, uid, controller);
        }
        var _ = objects.start(Optional.empty());
        await().until(() -> told.size() == 2);
        StatefulSet set = objects.statefulSet("shop", NAME).orElseThrow();
        assertThat(objects.pods(set)).hasSize(count);
        set.getMetadata().setNamespace("other");
        assertThat(objects.pods(set)).isEmpty();
    }
}
