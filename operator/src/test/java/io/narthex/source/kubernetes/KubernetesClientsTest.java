package io.narthex.source.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.prometheus.Certificates;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubernetesClientsTest {

    @Test
    void whatIsWatchedIsReadAsWhatItIsAndAnErrorAsAStatus() {
        try (KubernetesClient client = client()) {
            assertThat(told(client, "v1", "Namespace")).isInstanceOf(Namespace.class);
            assertThat(told(client, "v1", "Pod")).isInstanceOf(Pod.class);
            assertThat(told(client, "apps/v1", "StatefulSet")).isInstanceOf(StatefulSet.class);
            assertThat(told(client, "v1", "Status")).isInstanceOf(Status.class);
        }
    }

    @Test
    void anyOtherKindIsMadeOfWhatWasRead() {
        try (KubernetesClient client = client()) {
            KubernetesSerialization kinds = client.getKubernetesSerialization();
            Object read = told(client, "coordination.k8s.io/v1", "Lease");
            assertThat(read).isInstanceOf(GenericKubernetesResource.class);
            assertThat(kinds.convertValue(read, Lease.class).getMetadata().getName())
                    .isEqualTo("a");
        }
    }

    private static Object told(KubernetesClient client, String version, String kind) {
        return client.getKubernetesSerialization()
                .unmarshal("""
                        {"type": "ADDED", "object": {"apiVersion": "%s", "kind": "%s", "metadata": {"name": "a"}}}""".formatted(version, kind), WatchEvent.class)
                .getObject();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # what the server allows                                                           | agreed on
                    TLS_AES_256_GCM_SHA384,TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256         | TLS_CHACHA20_POLY1305_SHA256
                    TLS_AES_128_GCM_SHA256                                                             | TLS_AES_128_GCM_SHA256
                    TLS_AES_256_GCM_SHA384                                                             | TLS_AES_256_GCM_SHA384
                    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 | TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
                    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256                                            | TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                    """)
    void aServerThatLeavesItToTheClientAgreesOnTheCipherThatIsLightWithoutProcessorsHelp(
            String allowed, String agreed, @TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.make(folder, "ip:127.0.0.1");
        List<String> suites = new CopyOnWriteArrayList<>();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                tls.setUseCipherSuitesOrder(false);
                tls.setCipherSuites(allowed.split(","));
                parameters.setSSLParameters(tls);
            }
        });
        server.createContext("/", exchange -> {
            try (exchange) {
                suites.add(((HttpsExchange) exchange).getSSLSession().getCipherSuite());
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
        try (KubernetesClient client = KubernetesClients.ofOperator(new ConfigBuilder()
                .withMasterUrl("https://127.0.0.1:" + server.getAddress().getPort())
                .withCaCertData(Base64.getEncoder()
                        .encodeToString(certificates.certificate().getBytes(StandardCharsets.UTF_8)))
                .build())) {
            assertThat(client.raw("/version")).isEqualTo("{}");
        } finally {
            server.stop(0);
        }
        assertThat(suites).containsExactly(agreed);
    }

    private static KubernetesClient client() {
        return KubernetesClients.ofOperator(
                new ConfigBuilder().withMasterUrl("http://127.0.0.1:1").build());
    }
}
