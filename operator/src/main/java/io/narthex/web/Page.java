package io.narthex.web;

import java.util.Optional;
import java.util.function.Function;

/** Answers some paths of the operator's endpoint, beside those that it always has. Called by many threads at once. */
@FunctionalInterface
public interface Page extends AutoCloseable {

    /**
     * Answers a GET; may take its time, since each request has a thread of its own.
     *
     * @return empty where the path is another page's
     */
    Optional<Response> get(Request request);

    /** Ends what it waits for; each request is answered soon from then on. */
    @Override
    default void close() {}

    /**
     * A request.
     *
     * @param path the path, as it was sent
     * @param connection names the connection it came by, as long as that lasts
     * @param header returns a header by its name; empty where it has none
     */
    record Request(String path, String connection, Function<String, Optional<String>> header) {}

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param contentType the content's type
     * @param content the content
     */
    record Response(int status, String contentType, String content) {

        /** Returns an answer in plain text. */
        public static Response text(int status, String content) {
            return new Response(status, "text/plain; charset=utf-8", content + "\n");
        }

        /** Returns an answer in JSON. */
        public static Response json(String content) {
            return new Response(200, "application/json", content);
        }
    }
}
