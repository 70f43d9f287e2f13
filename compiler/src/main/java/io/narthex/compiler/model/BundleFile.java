package io.narthex.compiler.model;

import java.util.List;

/**
 * A file that Prometheus reads: where it lies, what it holds, and a name for what it holds.
 *
 * @param path the path below the configuration folder, with forward slashes, such as {@code jobs-07-4f1c09aa.yml}
 * @param digest identifies the content: two files of the same digest hold the same bytes. In hexadecimal; made of the
 *     chunks' digests, so not the SHA-256 of the bytes themselves
 * @param chunks the content, to be written one after the other; UTF-8. Shared and never to be modified
 */
public record BundleFile(String path, String digest, List<byte[]> chunks) {

    public BundleFile {
        chunks = List.copyOf(chunks);
    }

    /** Returns whether the path names the content, so that another content lies at another path. */
    public boolean isAddressedByContent() {
        return path.contains(digest.substring(0, Math.min(16, digest.length())));
    }

    /** Returns the content's size in bytes. */
    public long size() {
        long size = 0;
        for (byte[] chunk : chunks) {
            size += chunk.length;
        }
        return size;
    }

    /** Returns the whole content, freshly made. */
    public byte[] content() {
        byte[] whole = new byte[Math.toIntExact(size())];
        int at = 0;
        for (byte[] chunk : chunks) {
            System.arraycopy(chunk, 0, whole, at, chunk.length);
            at += chunk.length;
        }
        return whole;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BundleFile that && path.equals(that.path) && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return path + " (" + size() + " bytes)";
    }
}
