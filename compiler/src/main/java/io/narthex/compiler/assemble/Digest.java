package io.narthex.compiler.assemble;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names for contents: the first half of a SHA-256, as 32 hexadecimal digits. Collects what it is given in order. */
public final class Digest {

    private final MessageDigest sha = sha256();

    /** Returns the digest of these bytes. */
    public static String of(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content), 0, 16);
    }

    /** Returns the digest of these bytes as 16 bytes. */
    static byte[] bytesOf(byte[] content) {
        return Arrays.copyOf(sha256().digest(content), 16);
    }

    /** Adds a digest; all are of one length, so nothing need tell them apart. */
    void addDigest(byte[] digest) {
        sha.update(digest);
    }

    /** Returns a number of 64 evenly spread bits that depends on {@code text} alone, today and in ten years. */
    public static long hash(String text) {
        long hash = 0xcbf29ce484222325L; // FNV-1a over UTF-16 units, then the finish of MurmurHash3.
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }

    /** Adds a text; where one ends and the next begins makes a difference. */
    public Digest add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes; where they end and the next begin makes a difference. */
    public Digest add(byte[] bytes) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            sha.update((byte) (bytes.length >>> shift));
        }
        sha.update(bytes);
        return this;
    }

    /** Returns the digest of all that was added, and forgets it. */
    public String finish() {
        return HexFormat.of().formatHex(sha.digest(), 0, 16);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
