package io.narthex.prometheus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds a text in a stream that is never held as a whole (Knuth, Morris and Pratt). Used once. */
final class ByteSearch {

    private final String text;
    private final byte[] needle;
    private final int[] fallback;
    private int matched;

    ByteSearch(String text) {
        this.text = text;
        this.needle = text.getBytes(StandardCharsets.US_ASCII);
        this.fallback = new int[needle.length];
        for (int i = 1, prefix = 0; i < fallback.length; i++) {
            while (prefix > 0 && needle[i] != needle[prefix]) {
                prefix = fallback[prefix - 1];
            }
            if (needle[i] == needle[prefix]) {
                prefix++;
            }
            fallback[i] = prefix;
        }
    }

    /** Returns the text that is found first in the rest of the stream; reads no further than a buffer beyond its end. */
    static Optional<String> first(Collection<ByteSearch> searches, InputStream stream) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
            @Nullable ByteSearch first = null;
            int end = count;
            for (ByteSearch search : searches) {
                int found = search.in(buffer, end);
                if (found >= 0) {
                    first = search;
                    end = found;
                }
            }
            if (first != null) {
                return Optional.of(first.text);
            }
        }
        return Optional.empty();
    }

    /** Returns at which byte the text ends; a negative number where it doesn't within this count of bytes. */
    private int in(byte[] buffer, int count) {
        for (int i = 0; i < count; i++) {
            while (matched > 0 && buffer[i] != needle[matched]) {
                matched = fallback[matched - 1];
            }
            if (buffer[i] == needle[matched] && ++matched == needle.length) {
                return i;
            }
        }
        return -1;
    }
}
