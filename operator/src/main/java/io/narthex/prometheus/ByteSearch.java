package io.narthex.prometheus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Finds a text in a stream that is never held as a whole (Knuth, Morris and Pratt). */
final class ByteSearch {

    private final byte[] needle;
    private final int[] fallback;

    ByteSearch(String needle) {
        this.needle = needle.getBytes(StandardCharsets.US_ASCII);
        this.fallback = new int[this.needle.length];
        for (int i = 1, matched = 0; i < fallback.length; i++) {
            while (matched > 0 && this.needle[i] != this.needle[matched]) {
                matched = fallback[matched - 1];
            }
            if (this.needle[i] == this.needle[matched]) {
                matched++;
            }
            fallback[i] = matched;
        }
    }

    /** Returns whether the rest of the stream holds the text; reads no further than a buffer beyond its end. */
    boolean in(InputStream stream) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        int matched = 0;
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            for (int i = 0; i < count; i++) {
                while (matched > 0 && buffer[i] != needle[matched]) {
                    matched = fallback[matched - 1];
                }
                if (buffer[i] == needle[matched] && ++matched == needle.length) {
                    return true;
                }
            }
        }
        return false;
    }
}
