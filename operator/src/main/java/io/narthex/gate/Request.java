package io.narthex.gate;

import java.util.Optional;

/**
 * What arrives at the gate, and what leaves it.
 *
 * @param method the HTTP method
 * @param path the path as it was sent, without the query
 * @param query the query as it was sent; empty for none
 * @param body the content; empty for none
 */
record Request(String method, String path, Optional<String> query, Optional<byte[]> body) {

    /** Returns of what kind what it asks for is, such as {@code services}; an empty text where the path names none. */
    String noun() {
        String[] parts = parts();
        return parts.length > 2 ? parts[2] : "";
    }

    /** Returns whether it asks for the stream of events, and not for an object of this name. */
    boolean isEvents() {
        return noun().equals("events") && parts().length == 3;
    }

    /** Returns whether it asks for a task's log, and not for an object of this name. */
    boolean isLog() {
        String[] parts = parts();
        return parts.length == 5 && parts[4].equals("logs");
    }

    private String[] parts() {
        return path.split("/", -1);
    }

    String target() {
        return path + query.map(text -> "?" + text).orElse("");
    }
}
