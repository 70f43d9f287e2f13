package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.narthex.time.Backoff;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Follows which objects of a kind exist, in which version, without their content: the API server is asked for
 * PartialObjectMetadata (Kubernetes API Concepts, "Metadata-only fetches"). So of all Secrets none is read.
 *
 * <p>What it says may be said twice, and after a pause of the watch everything is said anew.
 */
public final class MetadataWatch implements AutoCloseable {

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30));

    /** So long the API server is to keep a watch open. */
    private static final Duration OPEN = Duration.ofMinutes(2);

    /** The end of a watch that isn't heard of so long after it was begun never comes: the connection died without a word. */
    private static final Duration PATIENCE = OPEN.plusSeconds(30);

    private static final Duration END = Duration.ofSeconds(1);

    private static final int PAGE = 500;
    private static final int GONE = 410;
    private static final String SILENT = "the connection to the API server went silent";
    private static final String LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final String OBJECT = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";

    /** Is told what exists. Must return soon. */
    public interface Listener {

        /** An object is there, in this version. */
        void present(String namespace, String name, String resourceVersion);

        /** An object is gone. */
        void gone(String namespace, String name);

        /** All that exists begins to be told of; what isn't told of before {@link #listed} is gone. */
        void listing();

        /** All that exists has been told of. */
        void listed();
    }

    private final KubernetesClient client;
    private final String kind;
    private final Optional<String> namespace;
    private final String path;
    private final Listener listener;
    private final WatchHealth health;
    private final Duration patience;
    private final ObjectMapper json = new ObjectMapper();
    private final CompletableFuture<Void> listed = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable InputStream open;

    /**
     * Makes a watch that does nothing before {@link #start}.
     *
     * @param client asks the API server; not closed here
     * @param kind the kind, for messages
     * @param plural its name in URLs, such as {@code secrets}; of the core group
     * @param namespace the namespace; empty for all
     * @param listener is told
     * @param health is told of failures
     */
    public MetadataWatch(
            KubernetesClient client,
            String kind,
            String plural,
            Optional<String> namespace,
            Listener listener,
            WatchHealth health) {
        this(client, kind, plural, namespace, listener, health, PATIENCE);
    }

    MetadataWatch(
            KubernetesClient client,
            String kind,
            String plural,
            Optional<String> namespace,
            Listener listener,
            WatchHealth health,
            Duration patience) {
        this.client = client;
        this.kind = kind;
        this.namespace = namespace;
        this.path =
                "/api/v1/" + namespace.map(name -> "namespaces/" + name + "/").orElse("") + plural;
        this.listener = listener;
        this.health = health;
        this.patience = patience;
        this.thread = Thread.ofVirtual().name("watch-" + plural).unstarted(this::run);
    }

    /** Begins. What is returned is complete once all that exists was told of. */
    public CompletableFuture<Void> start() {
        thread.start();
        return listed;
    }

    /** Returns where it watches; empty for everywhere. */
    public Optional<String> namespace() {
        return namespace;
    }

    private void run() {
        Duration pause = PAUSES.first();
        while (!closed) {
            long begun = System.nanoTime();
            try {
                String version = list();
                health.heard(kind, namespace);
                listed.complete(null);
                while (!closed) {
                    long opened = System.nanoTime();
                    String next = watch(version);
                    // One that ends at once and told nothing isn't begun again at once; one where nothing happened is.
                    boolean brief =
                            System.nanoTime() - opened < PAUSES.longest().toNanos();
                    pause = brief && next.equals(version) ? PAUSES.next(pause) : PAUSES.first();
                    version = next;
                    Thread.sleep(pause);
                }
            } catch (IOException e) {
                if (!closed && !(e instanceof Expired)) {
                    health.failed(kind, namespace, e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            // One that lists well and can't be watched isn't listed again and again at once.
            if (System.nanoTime() - begun > PAUSES.longest().toNanos()) {
                pause = PAUSES.first();
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            pause = PAUSES.next(pause);
        }
    }

    /** The API server no longer has the version from which to go on. */
    private static final class Expired extends IOException {
        private static final long serialVersionUID = 1;

        Expired(String message) {
            super(message);
        }
    }

    /** Tells of all objects; returns the version from which to watch. */
    private String list() throws IOException, InterruptedException {
        listener.listing();
        String next = "";
        String version;
        do {
            JsonNode page;
            try (InputStream body =
                    get("?limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + encoded(next)), LIST, false)) {
                page = whole(body);
            }
            page.path("items").forEach(this::present);
            next = page.path("metadata").path("continue").asText("");
            version = page.path("metadata").path("resourceVersion").asText("");
        } while (!next.isEmpty());
        listener.listed();
        return version;
    }

    /** Tells of changes until the API server ends the watch; returns the version from which to go on. */
    private String watch(String from) throws IOException, InterruptedException {
        String query = "?watch=1&allowWatchBookmarks=true&timeoutSeconds=" + OPEN.toSeconds() + "&resourceVersion="
                + encoded(from);
        try (InputStream body = get(query, OBJECT, true);
                Limit limit = new Limit(body, patience)) {
            open = body;
            try {
                String version = read(body, from);
                limit.check();
                return version;
            } catch (IOException e) {
                limit.check();
                throw e;
            }
        } finally {
            open = null;
        }
    }

    private String read(InputStream body, String from) throws IOException {
        String version = from;
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
            JsonNode event = json.readTree(line);
            JsonNode object = event.path("object");
            switch (event.path("type").asText()) {
                case "ADDED", "MODIFIED" -> present(object);
                case "DELETED" ->
                    listener.gone(
                            object.path("metadata").path("namespace").asText(),
                            object.path("metadata").path("name").asText());
                case "ERROR" -> {
                    awaitEnd(body);
                    throw failure(object);
                }
                default -> {
                    // A bookmark only brings a newer version.
                }
            }
            version = object.path("metadata").path("resourceVersion").asText(version);
        }
        return version;
    }

    /** Nothing comes after an error but the end, which the API server sends at once. */
    private static void awaitEnd(InputStream body) {
        try (Limit _ = new Limit(body, END)) {
            body.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Then it is closed in place of that.
        }
    }

    private static IOException failure(JsonNode status) {
        int code = status.path("code").asInt();
        String words = "HTTP " + code + ": " + status.path("message").asText("the watch failed");
        return code == GONE ? new Expired(words) : new WatchHealth.Refused(code, words);
    }

    /** Ends the reading of an answer that takes too long. */
    private static final class Limit implements AutoCloseable {

        private final AtomicBoolean over = new AtomicBoolean();
        private final CompletableFuture<Void> end;

        Limit(InputStream body, Duration patience) {
            this.end = CompletableFuture.runAsync(
                    () -> {
                        over.set(true);
                        closeQuietly(body);
                    },
                    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS));
        }

        void check() throws IOException {
            if (over.get()) {
                throw new IOException(SILENT);
            }
        }

        @Override
        public void close() {
            end.cancel(false);
        }
    }

    private void present(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        listener.present(
                metadata.path("namespace").asText(),
                metadata.path("name").asText(),
                metadata.path("resourceVersion").asText());
    }

    private InputStream get(String query, String accept, boolean stream) throws IOException, InterruptedException {
        HttpClient http = client.getHttpClient();
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(URI.create(client.getMasterUrl().toString().replaceAll("/+$", "") + path + query))
                .header("Accept", accept);
        if (stream) {
            request.forStreaming();
        }
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request.build(), InputStream.class);
        try {
            HttpResponse<InputStream> response = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (response.isSuccessful()) {
                return new Body(response.body());
            }
            String message;
            try (InputStream body = new Body(response.body())) {
                message = whole(body).path("message").asText("");
            }
            String words = "HTTP " + response.code() + (message.isEmpty() ? "" : ": " + message);
            throw response.code() == GONE ? new Expired(words) : new WatchHealth.Refused(response.code(), words);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new IOException(SILENT, e);
        } finally {
            if (!answer.isDone()) {
                answer.cancel(true);
            }
        }
    }

    /** Reads an answer to its very end, which lies behind that of its JSON. */
    private JsonNode whole(InputStream body) throws IOException {
        return json.readTree(body.readAllBytes());
    }

    /**
     * The body of an answer. To close the client's is to close its connection, also where the answer is over and another
     * request has the connection by then: so one that was read to its end isn't closed.
     */
    private static final class Body extends FilterInputStream {

        private boolean ended;

        Body(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            ended |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            ended |= read < 0;
            return read;
        }

        @Override
        public void close() throws IOException {
            if (!ended) {
                super.close();
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        InputStream body = open;
        if (body != null) {
            closeQuietly(body);
        }
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is closed so that its reader ends; whether closing fails changes nothing.
        }
    }
}
