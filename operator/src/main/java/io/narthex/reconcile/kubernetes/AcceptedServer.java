package io.narthex.reconcile.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SourceMap;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.reconcile.Complaint;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.rollout.kubernetes.StatefulSetAnnotation;
import io.narthex.source.kubernetes.DeclaredJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version of a server that Prometheus took last, as an annotation of its StatefulSet: what an operator that is started
 * anew has it go on with where the newest one is refused. A specification names credentials and holds none.
 *
 * <p>For one thread.
 */
final class AcceptedServer {

    /** Holds the version, as JSON. */
    static final String ANNOTATION = "monitoring.narthex.io/accepted-version";

    private static final Logger LOG = LoggerFactory.getLogger(AcceptedServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The API server takes 256 KiB for all annotations of an object. */
    private static final int MOST_BYTES = 200_000;

    private final StatefulSetAnnotation annotation;
    private final ResourceKey server;
    private String understood = "";
    private Optional<Declared<PrometheusServerSpec>> version = Optional.empty();
    /** The version of the StatefulSet that was written over last, which may be shown for some moments more. */
    private String writtenOver = "";

    private final Complaint complaint = new Complaint(LOG);

    AcceptedServer(KubernetesClient client, ResourceKey server) {
        this.annotation = new StatefulSetAnnotation(client, ObjectNames.of(server), ANNOTATION);
        this.server = server;
    }

    /** Returns the version that was kept; empty where none was, or it is none that this release can read. */
    Optional<Declared<PrometheusServerSpec>> read(StatefulSet set) {
        String text = text(set);
        if (!text.equals(understood)) {
            understood = text;
            version = of(set, server);
            if (!text.isEmpty() && version.isEmpty()) {
                complain("is written anew, since this release can't read it");
            }
        }
        return version;
    }

    /** Returns the version of a server that stands beside its StatefulSet; empty where none does that can be read. */
    static Optional<Declared<PrometheusServerSpec>> of(StatefulSet set, ResourceKey server) {
        try {
            return Optional.of(JSON.readTree(text(set)))
                    .flatMap(DeclaredJson::read)
                    .flatMap(read -> read.as(PrometheusServerSpec.class))
                    .filter(read -> read.key().equals(server));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /**
     * Keeps a version beside the StatefulSet, where another one stands there. What the API server refuses is logged once;
     * it is tried again at the next call, and nothing waits for it.
     */
    void keep(Declared<PrometheusServerSpec> taken, StatefulSet set) {
        if (read(set).filter(kept -> kept.spec().equals(taken.spec())).isPresent()) {
            return;
        }
        String shown = set.getMetadata().getUid() + "/" + set.getMetadata().getResourceVersion();
        Optional<String> wanted = wanted(taken);
        if (shown.equals(writtenOver) || (wanted.isEmpty() && text(set).isEmpty())) {
            return;
        }
        try {
            annotation.write(set.getMetadata().getUid(), wanted.orElse(null));
            writtenOver = shown;
            complaint.forget();
        } catch (KubernetesClientException e) {
            complain("can't be kept for the next start of the operator: " + ApiServerWords.of(e));
        }
    }

    /** The labels and annotations of a server make no part of what runs. */
    private Optional<String> wanted(Declared<PrometheusServerSpec> taken) {
        Optional<String> text = DeclaredJson.of(
                        new Declared<>(server, Map.of(), Map.of(), taken.spec(), SourceMap.NONE))
                .map(ObjectNode::toString)
                .filter(json -> json.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES);
        if (text.isEmpty()) {
            complain("has no room among its annotations, and isn't known after the next start of the operator");
        }
        return text;
    }

    private static String text(StatefulSet set) {
        return StatefulSetAnnotation.of(set, ANNOTATION);
    }

    private void complain(String words) {
        complaint.sayOnly("The version that Prometheus took of " + server + ", beside its StatefulSet, " + words);
    }
}
