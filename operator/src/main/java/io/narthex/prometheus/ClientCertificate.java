package io.narthex.prometheus;

import io.narthex.compiler.model.SecretValue;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * What the client shows a server that asks for a certificate.
 *
 * @param certificate an X.509 certificate of an elliptic curve's key, in PEM
 * @param privateKey its private key, PKCS #8 in PEM
 */
public record ClientCertificate(String certificate, SecretValue privateKey) {

    /**
     * Returns the certificate.
     *
     * @throws IllegalArgumentException where it or the key can't be read, or they aren't a pair
     */
    public X509Certificate parsed() {
        try {
            X509Certificate parsed = read();
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key());
            signature.update(parsed.getEncoded());
            byte[] signed = signature.sign();
            signature.initVerify(parsed.getPublicKey());
            signature.update(parsed.getEncoded());
            if (signature.verify(signed)) {
                return parsed;
            }
        } catch (GeneralSecurityException e) {
            // Said below; the cause could quote the key.
        }
        throw new IllegalArgumentException("the certificate and the private key aren't a pair");
    }

    X509Certificate read() throws GeneralSecurityException {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.UTF_8)));
    }

    PrivateKey key() throws GeneralSecurityException {
        String base64 = new String(privateKey.reveal(), StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "");
        try {
            return KeyFactory.getInstance("EC")
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the private key isn't in PEM", e);
        }
    }
}
