package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody's admission webhook that takes what it is asked and never answers. */
final class HangingWebhook implements AutoCloseable {

    /** The most that Kubernetes allows, and more than the ten seconds that the client waits by itself. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    /** As long as one takes that says nothing of it. */
    static final Duration USUAL = Duration.ofSeconds(10);

    private final KubernetesClient admin;
    private final String name;
    private final ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> asked = new CopyOnWriteArrayList<>();

    /**
     * Registers one.
     *
     * @param of what its name begins with
     * @param timeout how long the API server waits for it
     * @param label which label a namespace has that it is asked about
     * @param value the label's value
     * @param rules what it is asked about, as a list in YAML
     */
    HangingWebhook(KubernetesClient admin, String of, Duration timeout, String label, String value, String rules)
            throws IOException {
        this.admin = admin;
        this.name = of + ".example.com";
        Thread.ofVirtual().name("hanging-webhook").start(this::take);
        admin.load(new ByteArrayInputStream("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingWebhookConfiguration
                        metadata: {name: %s}
                        webhooks:
                        - name: %s
                          clientConfig: {url: 'https://127.0.0.1:%d/'}
                          admissionReviewVersions: [v1]
                          sideEffects: None
                          timeoutSeconds: %d
                          failurePolicy: Fail
                          namespaceSelector: {matchLabels: {%s: %s}}
                          rules:
                        %s""".formatted(
                                name,
                                webhook(),
                                silent.getLocalPort(),
                                timeout.toSeconds(),
                                label,
                                value,
                                rules.indent(2))
                        .getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    private void take() {
        try {
            while (true) {
                asked.add(silent.accept());
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    /** Returns what the API server calls it where it complains of it. */
    String webhook() {
        return "silent." + name;
    }

    /** Returns how often it was asked. */
    int asked() {
        return asked.size();
    }

    /** Has the API server ask it no more. */
    void withdraw() {
        admin.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name)
                .delete();
    }

    @Override
    public void close() throws IOException {
        withdraw();
        silent.close();
        for (Socket connection : asked) {
            connection.close();
        }
    }
}
