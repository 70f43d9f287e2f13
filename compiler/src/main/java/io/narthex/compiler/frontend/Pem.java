package io.narthex.compiler.frontend;

import io.narthex.compiler.model.SecretValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether credentials are what TLS needs, in PEM format (RFC 7468). Looks at each only once, however many resources
 * name it. For one thread.
 */
final class Pem {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----([^-]+)-----END ([A-Z0-9]+ )?PRIVATE KEY-----");
    private static final byte[] VERSION = {0x02, 0x01, 0x00};
    private static final byte[] SIGNED = "narthex".getBytes(StandardCharsets.US_ASCII);

    private final IdentityHashMap<SecretValue, Boolean> certificates = new IdentityHashMap<>();
    private final IdentityHashMap<SecretValue, IdentityHashMap<SecretValue, Boolean>> pairs = new IdentityHashMap<>();

    /** Returns whether there is at least one certificate, and all are readable. */
    boolean hasCertificates(SecretValue value) {
        return certificates.computeIfAbsent(value, Pem::areReadable);
    }

    private static boolean areReadable(SecretValue value) {
        Matcher blocks = CERTIFICATE.matcher(text(value));
        boolean any = false;
        while (blocks.find()) {
            any = true;
            try {
                publicKey(blocks.group());
            } catch (CertificateException e) {
                return false;
            }
        }
        return any;
    }

    private static PublicKey publicKey(String certificate) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)))
                .getPublicKey();
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8);
    }

    /** Returns whether there is a block of a private key. */
    static boolean hasPrivateKey(SecretValue value) {
        return PRIVATE_KEY.matcher(text(value)).find();
    }

    /**
     * Returns whether the private key is that of the first certificate, as Go demands (crypto/tls, X509KeyPair); also
     * where that can't be told, such as for a kind of key that Java doesn't know.
     */
    boolean belong(SecretValue certificate, SecretValue key) {
        return pairs.computeIfAbsent(certificate, one -> new IdentityHashMap<>())
                .computeIfAbsent(key, one -> areOne(certificate, key));
    }

    private static boolean areOne(SecretValue certificate, SecretValue key) {
        Matcher block = CERTIFICATE.matcher(text(certificate));
        Matcher keyBlock = PRIVATE_KEY.matcher(text(key));
        if (!block.find() || !keyBlock.find()) {
            return true;
        }
        try {
            PublicKey publicKey = publicKey(block.group());
            if (!(publicKey instanceof RSAPublicKey || publicKey instanceof ECPublicKey)) {
                return true;
            }
            PrivateKey privateKey = privateKey(Base64.getMimeDecoder().decode(keyBlock.group(2)), publicKey);
            return privateKey != null && fits(privateKey, publicKey);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Reads what begins with its kind (PKCS#8) or not (PKCS#1, SEC 1): Go tries all, whatever the block is called. */
    private static @Nullable PrivateKey privateKey(byte[] der, PublicKey publicKey) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance(publicKey.getAlgorithm());
        PrivateKey key = privateKey(der, keys);
        return key != null ? key : privateKey(withKind(der, publicKey.getEncoded()), keys);
    }

    private static @Nullable PrivateKey privateKey(byte[] encoded, KeyFactory keys) {
        try {
            return keys.generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (InvalidKeySpecException e) {
            return null;
        }
    }

    private static boolean fits(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        if (privateKey instanceof RSAKey one && publicKey instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(privateKey);
        signing.update(SIGNED);
        byte[] signature = signing.sign();
        signing.initVerify(publicKey);
        signing.update(SIGNED);
        return signing.verify(signature);
    }

    /** Returns a private key as PKCS#8 with the kind of a public key, which both begin with (RFC 5958, RFC 5280). */
    static byte[] withKind(byte[] key, byte[] publicKey) {
        int kind = content(publicKey, 0);
        int end = content(publicKey, kind) + length(publicKey, kind);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(VERSION);
        all.writeBytes(Arrays.copyOfRange(publicKey, kind, end));
        all.writeBytes(tagged(0x04, key));
        return tagged(0x30, all.toByteArray());
    }

    /** Returns where the content of the element at {@code start} begins (ITU-T X.690). */
    private static int content(byte[] der, int start) {
        return start + 2 + (der[start + 1] < 0 ? der[start + 1] & 0x7f : 0);
    }

    private static int length(byte[] der, int start) {
        if (der[start + 1] >= 0) {
            return der[start + 1];
        }
        int length = 0;
        for (int i = start + 2; i < content(der, start); i++) {
            length = (length << 8) | (der[i] & 0xff);
        }
        return length;
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            // As few bytes as the length takes: any more aren't DER.
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(content.length) + 7) / 8;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(content.length >> (8 * i));
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
