package io.narthex.rollout.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Patches objects without being sent them back: the API server is asked to answer with the object's metadata only
 * (Kubernetes API Concepts, "Metadata-only fetches"). A configuration Secret or a pod is many times as long as what changes
 * in it.
 *
 * <p>Any thread may call any method.
 */
public final class QuietWrites {

    /** The API server waits for a webhook of somebody's for up to thirty seconds, and then says which one it was. */
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    private final KubernetesClient client;
    private final ObjectMapper json = new ObjectMapper();

    /** Makes one; the client asks the API server and isn't closed here. */
    public QuietWrites(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Merges a patch into an object of the core group; returns the object's new version. A strategic merge patch, since
     * for a JSON merge patch the API server writes and parses the whole object several times over, which for a large Secret
     * takes longer than all else (apiserver, endpoints/handlers/patch.go).
     *
     * @param path the object's path below that of its namespace, such as {@code secrets/NAME}
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    public String merge(String namespace, String path, String patch) throws InterruptedException {
        return patch(
                "/api/v1/namespaces/" + namespace + "/" + path + "?fieldManager=" + ObjectNames.NARTHEX,
                "application/strategic-merge-patch+json",
                patch);
    }

    /**
     * Applies an object on the server's side, taking over what others manage in it; returns its new version.
     *
     * @param path the object's whole path, such as {@code /apis/GROUP/VERSION/namespaces/NAMESPACE/PLURAL/NAME/status}
     * @param fieldManager the name under which it writes
     * @param object the object, as JSON
     * @throws KubernetesClientException where the API server refuses or can't be reached
     */
    public String apply(String path, String fieldManager, String object) throws InterruptedException {
        return patch(
                path + "?force=true&fieldManager=" + URLEncoder.encode(fieldManager, StandardCharsets.UTF_8),
                "application/apply-patch+yaml",
                object);
    }

    private String patch(String path, String type, String body) throws InterruptedException {
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(client.getMasterUrl().toString().replaceAll("/+$", "") + path)
                .header("Accept", METADATA)
                .patch(type, body)
                .build();
        try {
            HttpResponse<byte[]> response =
                    client.getHttpClient().sendAsync(request, byte[].class).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (response.isSuccessful()) {
                return json.readTree(response.body())
                        .path("metadata")
                        .path("resourceVersion")
                        .asText();
            }
            throw new KubernetesClientException(new StatusBuilder()
                    .withCode(response.code())
                    .withMessage(message(response.body()))
                    .build());
        } catch (ExecutionException | TimeoutException | IOException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new KubernetesClientException(String.valueOf(cause.getMessage()), cause);
        }
    }

    private String message(byte[] body) {
        try {
            JsonNode status = json.readTree(body);
            return status.path("message").asText("");
        } catch (IOException e) {
            return new String(body, StandardCharsets.UTF_8).lines().findFirst().orElse("");
        }
    }
}
