package io.narthex.compiler.frontend;

import io.narthex.compiler.model.SecretValue;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether a credential is what TLS needs, in PEM format (RFC 7468). */
final class Pem {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN ([A-Z0-9]+ )?PRIVATE KEY-----[^-]+-----END ([A-Z0-9]+ )?PRIVATE KEY-----");

    private Pem() {}

    /** Returns whether there is at least one certificate, and all are readable. */
    static boolean hasCertificates(SecretValue value) {
        Matcher blocks = CERTIFICATE.matcher(new String(value.reveal(), StandardCharsets.UTF_8));
        boolean any = false;
        while (blocks.find()) {
            any = true;
            try {
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(blocks.group().getBytes(StandardCharsets.UTF_8)));
            } catch (CertificateException e) {
                return false;
            }
        }
        return any;
    }

    /** Returns whether there is a block of a private key. */
    static boolean hasPrivateKey(SecretValue value) {
        return PRIVATE_KEY
                .matcher(new String(value.reveal(), StandardCharsets.UTF_8))
                .find();
    }
}
