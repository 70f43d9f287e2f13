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

    String target() {
        return path + query.map(text -> "?" + text).orElse("");
    }
}
