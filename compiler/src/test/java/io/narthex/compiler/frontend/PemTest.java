package io.narthex.compiler.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.SecretValue;
import io.narthex.testing.SelfSigned;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A certificate and a private key are a pair, or TLS fails with them. */
class PemTest {

    private static final SelfSigned ONE = SelfSigned.make();
    private static final SelfSigned OTHER = SelfSigned.make();

    private static boolean belong(String certificate, String key) {
        return new Pem().belong(SecretValue.of(certificate), SecretValue.of(key));
    }

    @Test
    void aKeyBelongsToItsOwnCertificate() {
        assertThat(belong(ONE.certificate(), ONE.key())).isTrue();
        assertThat(belong(ONE.certificate() + OTHER.certificate(), "some words\n" + ONE.key()))
                .isTrue();
        assertThat(belong(ONE.certificate(), OTHER.key())).isFalse();
        assertThat(belong(OTHER.certificate() + ONE.certificate(), ONE.key())).isFalse();
    }

    /** As openssl and cert-manager write them: what PKCS#8 holds, without the kind of key (SEC 1, PKCS#1). */
    @ParameterizedTest
    @CsvSource({"EC, 256, EC", "EC, 384, EC", "EC, 521, EC", "RSA, 2048, RSA"})
    void aKeyWithoutItsKindBelongsToItsOwnCertificateToo(String algorithm, int bits, String name) throws Exception {
        SelfSigned pair = SelfSigned.make(algorithm, bits);
        byte[] der = der(pair.key());
        byte[] inner = inner(der);
        String plain = pem(name + " PRIVATE KEY", inner);
        assertThat(belong(pair.certificate(), pair.key())).isTrue();
        assertThat(belong(pair.certificate(), plain)).isTrue();
        assertThat(belong(ONE.certificate(), plain)).isFalse();
        assertThat(belong(pair.certificate(), ONE.key())).isFalse();
        // No byte more than Java itself writes, which is DER.
        assertThat(Pem.withKind(inner, publicKey(pair.certificate()))).isEqualTo(der);
    }

    /** Nobody could tell Prometheus the password. */
    @Test
    void aKeyThatIsEncryptedIsNone() throws Exception {
        String algorithm = "PBEWithSHA1AndDESede";
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("password".toCharArray())),
                new PBEParameterSpec(new byte[8], 1_000));
        byte[] encrypted =
                new EncryptedPrivateKeyInfo(cipher.getParameters(), cipher.doFinal(der(ONE.key()))).getEncoded();
        String pem = pem("ENCRYPTED PRIVATE KEY", encrypted);
        assertThat(Pem.hasPrivateKey(SecretValue.of(pem))).isTrue();
        assertThat(belong(ONE.certificate(), pem)).isFalse();
        // As openssl wrote them before PKCS#8.
        assertThat(Pem.hasPrivateKey(SecretValue.of("""
                        -----BEGIN RSA PRIVATE KEY-----
                        Proc-Type: 4,ENCRYPTED
                        DEK-Info: AES-128-CBC,00

                        AAAA
                        -----END RSA PRIVATE KEY-----
                        """))).isFalse();
    }

    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der)
                + "\n-----END " + what + "-----\n";
    }

    private static byte[] publicKey(String certificate) throws CertificateException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII)))
                .getPublicKey()
                .getEncoded();
    }

    /** Returns what a key in PKCS#8 holds: the octet string behind its version and its kind. */
    private static byte[] inner(byte[] der) {
        ByteBuffer all = content(ByteBuffer.wrap(der));
        content(all);
        content(all);
        ByteBuffer key = content(all);
        byte[] bytes = new byte[key.remaining()];
        key.get(bytes);
        return bytes;
    }

    /** Reads one element of ASN.1. */
    private static ByteBuffer content(ByteBuffer from) {
        from.get();
        int length = from.get() & 0xff;
        if (length >= 0x80) {
            int bytes = length & 0x7f;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | (from.get() & 0xff);
            }
        }
        ByteBuffer content = from.slice(from.position(), length);
        from.position(from.position() + length);
        return content;
    }

    @Test
    void whatCantBeReadIsNoKey() {
        String garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assertThat(Pem.hasPrivateKey(SecretValue.of(garbage))).isTrue();
        assertThat(belong(ONE.certificate(), garbage)).isFalse();
        assertThat(belong(ONE.certificate(), garbage.replace("AAAA", "A"))).isFalse();
    }
}
