package io.narthex.prometheus;

import io.narthex.prometheus.Answer.Obstacle;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;

/**
 * Sends a request and has its answer read, within a time and a number of bytes; turns every way to fail into an {@link
 * Answer}. Follows no redirect, so that credentials reach nobody else, and uses no proxy.
 */
final class Transport implements AutoCloseable {

    /** Of a refusal, more isn't read. */
    private static final int MESSAGE_BYTES = 64 * 1024;

    /** What nobody wants of an answer is read so far; to open another connection costs more. */
    private static final int REST_BYTES = 64 * 1024;

    private static final int MESSAGE_CHARACTERS = 2_000;

    /** Reads the body of an answer with a status of 2xx. */
    @FunctionalInterface
    interface BodyReader<T> {
        /**
         * Returns what the body says.
         *
         * @throws IOException when the body breaks off or isn't what was expected
         */
        Answer<T> read(InputStream body) throws IOException;
    }

    /** Reads the answer's message out of a refusal's body; empty where it is in no known form. */
    @FunctionalInterface
    interface MessageReader {
        Optional<String> read(String body);
    }

    /** A status other than 2xx. */
    record Refusal(int status, HttpHeaders headers, String message) {}

    /** Makes an answer of a status other than 2xx. */
    @FunctionalInterface
    interface RefusalReader<T> {
        Answer<T> read(Refusal refusal);
    }

    private final PrometheusEndpoint endpoint;
    private final Duration connectTimeout;
    private final MessageReader messages;
    private final ExecutorService threads;
    private final HttpClient http;

    Transport(PrometheusEndpoint endpoint, Duration connectTimeout, MessageReader messages) {
        this.endpoint = endpoint;
        this.connectTimeout = connectTimeout;
        this.messages = messages;
        this.threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
                .executor(threads);
        if ("https".equalsIgnoreCase(endpoint.base().getScheme())) {
            builder.sslContext(Tls.context(endpoint.trust(), endpoint.clientCertificate()));
        }
        this.http = builder.build();
    }

    /** Returns a refusal as it is: not let in, or refused. */
    static <T> Answer<T> refused(Refusal refusal) {
        return refusal.status() == 401 || refusal.status() == 403
                ? new Answer.Unauthorized<>(refusal.status(), refusal.message())
                : new Answer.Refused<>(refusal.status(), refusal.message());
    }

    /** Sends {@code GET path?query}. */
    <T> Answer<T> get(
            String path,
            Optional<String> query,
            Duration timeout,
            long limit,
            BodyReader<T> reader,
            RefusalReader<T> refusals) {
        return send(request(endpoint.at(path, query), timeout).GET().build(), timeout, limit, reader, refusals);
    }

    /** Sends {@code POST path} with a form, which may be empty. */
    <T> Answer<T> post(
            String path, String form, Duration timeout, long limit, BodyReader<T> reader, RefusalReader<T> refusals) {
        HttpRequest.Builder request = request(endpoint.at(path, Optional.empty()), timeout);
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return send(
                request.POST(
                                form.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                timeout,
                limit,
                reader,
                refusals);
    }

    private HttpRequest.Builder request(URI uri, Duration timeout) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri).timeout(timeout).header("User-Agent", "narthex");
        endpoint.credentials().header().ifPresent(header -> builder.header("Authorization", header));
        return builder;
    }

    private <T> Answer<T> send(
            HttpRequest request, Duration timeout, long limit, BodyReader<T> reader, RefusalReader<T> refusals) {
        long deadline = System.nanoTime() + timeout.toNanos();
        AtomicBoolean late = new AtomicBoolean();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            // The request's own timeout ends with the headers; this one closes the body under its reader.
            CompletableFuture<Void> read = new CompletableFuture<>();
            try (InputStream body = response.body()) {
                var _ = read.orTimeout(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)
                        .whenComplete((done, failure) -> {
                            if (failure instanceof TimeoutException) {
                                late.set(true);
                                close(body);
                            }
                        });
                int status = response.statusCode();
                Answer<T> answer = status / 100 == 2
                        ? reader.read(new Limited(body, limit))
                        : refusals.read(new Refusal(status, response.headers(), message(body)));
                finish(body);
                return late.get() && answer instanceof Answer.Unintelligible<T> ? timedOut(timeout) : answer;
            } finally {
                read.complete(null);
            }
        } catch (LimitExceeded e) {
            return new Answer.TooLarge<>(limit);
        } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
            return new Answer.Unreachable<>(Obstacle.INTERRUPTED, "interrupted");
        } catch (IOException e) {
            return late.get() ? timedOut(timeout) : failed(e, timeout);
        }
    }

    /** A body that was read to its end leaves its connection open for the next request. */
    private static void finish(InputStream body) {
        try {
            body.readNBytes(REST_BYTES);
        } catch (IOException e) {
            // The answer is there; the next request opens another connection.
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is closed so that its reader fails; whether closing fails, too, changes nothing.
        }
    }

    private <T> Answer<T> timedOut(Duration timeout) {
        return new Answer.Unreachable<>(
                Obstacle.TIMEOUT,
                "no complete answer from " + endpoint.hostAndPort() + " within " + seconds(timeout) + " s");
    }

    private <T> Answer<T> failed(Throwable failure, Duration timeout) {
        String where = endpoint.hostAndPort();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case UnresolvedAddressException unresolved -> {
                    return new Answer.Unreachable<>(
                            Obstacle.UNKNOWN_HOST, "the name " + endpoint.base().getHost() + " has no address");
                }
                case HttpConnectTimeoutException late -> {
                    return new Answer.Unreachable<>(
                            Obstacle.TIMEOUT,
                            "no connection to " + where + " within " + seconds(connectTimeout) + " s");
                }
                case HttpTimeoutException late -> {
                    return timedOut(timeout);
                }
                case SSLException tls -> {
                    return new Answer.Unreachable<>(
                            Obstacle.TLS, "no TLS connection to " + where + ": " + oneLine(words(tls)));
                }
                default -> {}
            }
        }
        return failure instanceof ConnectException
                ? new Answer.Unreachable<>(Obstacle.CONNECTION_REFUSED, "nothing listens at " + where)
                : new Answer.Unreachable<>(
                        Obstacle.BROKEN, "the connection to " + where + " broke: " + oneLine(words(failure)));
    }

    /** The innermost message says most: "unable to find valid certification path". */
    private static String words(Throwable failure) {
        String words = failure.getClass().getSimpleName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && !cause.getMessage().isBlank()) {
                words = cause.getMessage();
            }
        }
        return words;
    }

    private String message(InputStream body) throws IOException {
        String text = new String(body.readNBytes(MESSAGE_BYTES), StandardCharsets.UTF_8);
        return oneLine(messages.read(text).orElse(text));
    }

    /** Returns the text without line ends and control characters, shortened. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MESSAGE_CHARACTERS));
        text.codePoints().limit(MESSAGE_CHARACTERS).forEach(c -> {
            int type = Character.getType(c);
            boolean shown = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.SURROGATE
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            if (shown && !(c == ' ' && (line.isEmpty() || line.charAt(line.length() - 1) == ' '))) {
                line.appendCodePoint(c);
            } else if (!shown && !line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
                line.append(' ');
            }
        });
        return line.toString().strip();
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0);
    }

    /** Breaks off what is under way: it is answered as unreachable. */
    @Override
    public void close() {
        http.shutdownNow();
        threads.shutdownNow();
    }

    /** More bytes than allowed. */
    static final class LimitExceeded extends IOException {
        private static final long serialVersionUID = 1;

        LimitExceeded() {
            super("longer than the limit");
        }
    }

    /** Counts, and fails at the first byte beyond the limit. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long limit) {
            super(in);
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = in.read(bytes, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new LimitExceeded();
            }
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = in.skip(count);
            left -= skipped;
            if (left < 0) {
                throw new LimitExceeded();
            }
            return skipped;
        }
    }
}
