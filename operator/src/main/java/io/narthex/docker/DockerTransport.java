package io.narthex.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.narthex.docker.DockerException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/**
 * Sends single requests to a Docker daemon as bytes; bounded in time and size. Any number of threads may send at once.
 */
public final class DockerTransport implements Closeable {

    /** What an answer may weigh: the tasks of some ten thousand services. */
    private static final int MOST_BYTES = 128 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int CONNECTIONS = 64;

    private final DockerHost host;
    private final Duration limit;
    private final DockerHttpClient client;
    /** Why nothing can be sent at all. */
    private final Optional<DockerException> broken;
    // A socket of the file system knows no time limit, so each exchange has a thread that can be interrupted.
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Makes a transport; nothing is sent yet.
     *
     * @param host where to
     * @param limit how long an answer may take
     */
    public DockerTransport(DockerHost host, Duration limit) {
        this.host = host;
        this.limit = limit;
        ZerodepDockerHttpClient.Builder builder = new ZerodepDockerHttpClient.Builder()
                .dockerHost(host.uri())
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT);
        Optional<DockerException> problem = Optional.empty();
        if (host.certificates().isPresent()) {
            try {
                SSLContext context = DockerTls.context(host.certificates().get());
                builder.sslConfig(() -> context);
            } catch (DockerException e) {
                problem = Optional.of(e);
            }
        }
        this.broken = problem;
        this.client = builder.build();
    }

    /** An answer. */
    public static final class Reply {
        private final int status;
        private final String contentType;
        private final byte[] body;

        Reply(int status, String contentType, byte[] body) {
            this.status = status;
            this.contentType = contentType;
            this.body = body;
        }

        /** Returns the HTTP status. */
        public int status() {
            return status;
        }

        /** Returns the content's type; empty where it has none. */
        public String contentType() {
            return contentType;
        }

        /** Returns the whole content, which is shared. */
        public byte[] body() {
            return body;
        }
    }

    /** Returns where it sends to. */
    public DockerHost host() {
        return host;
    }

    /**
     * Sends a request and returns the whole answer.
     *
     * @param method such as {@code GET}
     * @param path with its query
     * @param body the content, JSON; empty for none
     * @param headers further headers
     * @throws DockerException where there is no answer
     */
    public Reply send(String method, String path, Optional<byte[]> body, Map<String, String> headers)
            throws InterruptedException {
        return within(() -> {
            try (Response response = client.execute(request(method, path, body, headers))) {
                byte[] content = response.getBody().readNBytes(MOST_BYTES + 1);
                if (content.length > MOST_BYTES) {
                    throw new DockerException(
                            Kind.UNINTELLIGIBLE, "the answer to " + path + " is longer than " + MOST_BYTES + " bytes");
                }
                return new Reply(response.getStatusCode(), contentType(response), content);
            }
        });
    }

    /**
     * An answer whose content comes as it comes.
     *
     * @param status the HTTP status
     * @param contentType the content's type; empty where it has none
     * @param body the content; closing it ends the request
     */
    public record Stream(int status, String contentType, InputStream body) implements Closeable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /**
     * Sends a request whose answer may go on for ever.
     *
     * @throws DockerException where there is no answer
     */
    public Stream open(String path) throws InterruptedException {
        return within(() -> {
            Response response = client.execute(request("GET", path, Optional.empty(), Map.of()));
            InputStream content = response.getBody();
            return new Stream(response.getStatusCode(), contentType(response), new InputStream() {
                @Override
                public int read() throws IOException {
                    return content.read();
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return content.read(buffer, offset, length);
                }

                @Override
                public void close() {
                    response.close();
                }
            });
        });
    }

    private static String contentType(Response response) {
        for (Map.Entry<String, List<String>> header : response.getHeaders().entrySet()) {
            if (header.getKey().equalsIgnoreCase("Content-Type")
                    && !header.getValue().isEmpty()) {
                return header.getValue().getFirst();
            }
        }
        return "";
    }

    private static Request request(String method, String path, Optional<byte[]> body, Map<String, String> headers) {
        Request.Builder builder = Request.builder();
        Map<String, String> all = new TreeMap<>(headers);
        if (body.isPresent()) {
            all.put("Content-Type", "application/json");
            builder.bodyBytes(body.get());
        }
        return builder.method(method).path(path).headers(all).build();
    }

    private <T> T within(Callable<T> exchange) throws InterruptedException {
        if (broken.isPresent()) {
            throw new DockerException(broken.get().kind(), broken.get().words());
        }
        Future<T> answer = threads.submit(exchange);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new DockerException(
                    Kind.UNREACHABLE,
                    "the Docker daemon at " + host + " doesn't answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof DockerException known ? known : unreachable(cause);
        } finally {
            answer.cancel(true);
        }
    }

    private DockerException unreachable(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = String.valueOf(root.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        Optional<String> tls = host.certificates().flatMap(folder -> DockerTls.problem(problem, folder));
        if (tls.isPresent()) {
            return new DockerException(Kind.NOT_PERMITTED, "the Docker daemon at " + host + " " + tls.get());
        }
        if (lower.contains("permission denied")) {
            return new DockerException(
                    Kind.NOT_PERMITTED,
                    "this user may not use the Docker socket " + host
                            + " (permission denied); run narthex as a user of the group docker or as root");
        }
        if (host.isSocket() && (lower.contains("no such file") || lower.contains("connection refused"))) {
            return new DockerException(
                    Kind.UNREACHABLE,
                    "there is no Docker daemon at " + host + " (" + reason
                            + "); start it, or name another by DOCKER_HOST");
        }
        return new DockerException(Kind.UNREACHABLE, "the Docker daemon at " + host + " can't be reached: " + reason);
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        client.close();
    }
}
