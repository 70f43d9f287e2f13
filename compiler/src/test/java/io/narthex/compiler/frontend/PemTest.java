package io.narthex.compiler.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.SecretValue;
import io.narthex.testing.SelfSigned;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;

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

    /** As openssl ecparam writes it (SEC 1): what PKCS#8 holds, without the kind of key. */
    @Test
    void aKeyWithoutItsKindBelongsToItsOwnCertificateToo() {
        String plain = sec1(ONE.key());
        assertThat(belong(ONE.certificate(), plain)).isTrue();
        assertThat(belong(OTHER.certificate(), plain)).isFalse();
    }

    private static String sec1(String pem) {
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
        // The octet string is the last element; what it holds begins as SEC 1 does: a sequence with the version 1.
        for (int i = 10; i < der.length - 6; i++) {
            if (der[i] == 0x04 && der[i + 2] == 0x30 && i + 2 + der[i + 1] == der.length) {
                byte[] key = Arrays.copyOfRange(der, i + 2, der.length);
                return "-----BEGIN EC PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(key)
                        + "\n-----END EC PRIVATE KEY-----\n";
            }
        }
        throw new IllegalStateException("no key in it");
    }

    @Test
    void whatCantBeReadIsNoKey() {
        String garbage = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assertThat(Pem.hasPrivateKey(SecretValue.of(garbage))).isTrue();
        assertThat(belong(ONE.certificate(), garbage)).isFalse();
        assertThat(belong(ONE.certificate(), garbage.replace("AAAA", "A"))).isFalse();
    }
}
