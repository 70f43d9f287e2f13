package io.narthex.docker;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Reads the three files by which Docker's client and daemon know each other. */
final class DockerTls {

    private DockerTls() {}

    static SSLContext context(Path folder) {
        try {
            char[] none = new char[0];
            Collection<? extends Certificate> own = certificates(folder.resolve("cert.pem"));
            KeyStore keys = emptyStore();
            keys.setKeyEntry("own", key(folder.resolve("key.pem")), none, own.toArray(Certificate[]::new));
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, none);
            KeyStore authorities = emptyStore();
            int number = 0;
            for (Certificate authority : certificates(folder.resolve("ca.pem"))) {
                authorities.setCertificateEntry("authority-" + number++, authority);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new DockerException(
                    DockerException.Kind.NOT_PERMITTED,
                    folder + ": " + e.getMessage() + "; Docker's TLS takes ca.pem, cert.pem and key.pem there");
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        // Whatever is in it must not be quoted.
        try (PEMParser parser =
                new PEMParser(new StringReader(new String(Files.readAllBytes(file), StandardCharsets.US_ASCII)))) {
            Object first = parser.readObject();
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            if (first instanceof PEMKeyPair pair) {
                return converter.getKeyPair(pair).getPrivate();
            }
            if (first instanceof PrivateKeyInfo info) {
                return converter.getPrivateKey(info);
            }
        } catch (org.bouncycastle.openssl.PEMException e) {
            // Said below.
        }
        throw new IOException(file.getFileName() + " holds no private key in PEM");
    }
}
