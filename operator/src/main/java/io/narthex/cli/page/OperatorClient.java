package io.narthex.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.input.Urls;
import io.narthex.cli.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** Asks an operator on Docker for the pages that commands show. */
public final class OperatorClient {

    /** Where the operator is, for a command in its own container. */
    public static final String HERE = "http://127.0.0.1:9480";

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final String url;
    private final ObjectMapper json = new ObjectMapper();

    private final Duration limit;

    /**
     * Makes a client.
     *
     * @param url where the operator is, as {@code --operator} gives it
     * @throws Failure where that can be no operator
     */
    public OperatorClient(String url) {
        this(url, LIMIT);
    }

    /** Makes one that waits so long for an answer. */
    OperatorClient(String url, Duration limit) {
        this.url = Urls.of("--operator", url, HERE).toString();
        this.limit = limit;
    }

    /**
     * Returns the page of this path where it is of this kind; empty where no operator listens.
     *
     * @throws Failure where something listens and doesn't answer in time
     */
    public Optional<JsonNode> get(String path, String kind) throws InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                    .timeout(limit)
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            JsonNode document = json.readTree(response.body());
            return response.statusCode() == 200
                            && document.path("kind").asText().equals(kind)
                    ? Optional.of(document)
                    : Optional.empty();
        } catch (HttpConnectTimeoutException e) {
            return Optional.empty();
        } catch (HttpTimeoutException e) {
            throw Failure.environment(
                    "the operator at " + url + " doesn't answer within " + limit.toSeconds() + " s",
                    "try again; where it stays so, its log says what it is busy with");
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
