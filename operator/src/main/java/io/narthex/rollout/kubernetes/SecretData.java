package io.narthex.rollout.kubernetes;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The entries of a Secret, and the bytes that they stand for (Secret.data of the core API: base64). */
public final class SecretData {

    private SecretData() {}

    /** Returns what stands in a Secret for these bytes. */
    public static String encoded(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Returns an entry of a Secret; empty where there is none, or it is no base64. */
    public static Optional<byte[]> content(Map<String, String> data, String key) {
        try {
            return Optional.ofNullable(data.get(key)).map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
