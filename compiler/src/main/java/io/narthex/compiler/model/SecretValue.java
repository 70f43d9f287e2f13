package io.narthex.compiler.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The content of a credential. Prints as {@code ***} wherever it is shown, logged or formatted. */
public final class SecretValue {

    private final byte[] content;

    private SecretValue(byte[] content) {
        this.content = content;
    }

    /** Returns the credential with this content, which is copied. */
    public static SecretValue of(byte[] content) {
        return new SecretValue(content.clone());
    }

    /** Returns the credential with this content, in UTF-8. */
    public static SecretValue of(String content) {
        return new SecretValue(content.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a copy of the content, for the one place that writes it where Prometheus reads it. */
    public byte[] reveal() {
        return content.clone();
    }

    /** Returns the content's length in bytes. */
    public int size() {
        return content.length;
    }

    /** Returns whether both hold the same content; takes the same time whatever they hold. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretValue that && MessageDigest.isEqual(content, that.content);
    }

    @Override
    public int hashCode() {
        return content.length;
    }

    @Override
    public String toString() {
        return "***";
    }
}
