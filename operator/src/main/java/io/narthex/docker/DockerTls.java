package io.narthex.docker;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
            for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
                if (!Files.isRegularFile(folder.resolve(name))) {
                    throw new IOException("there is no " + name);
                }
            }
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

    /**
     * Returns what went wrong between the two sides, in words that follow the daemon's name; empty where it is nothing
     * of TLS.
     */
    static Optional<String> problem(Throwable thrown, Path folder) {
        StringBuilder all = new StringBuilder();
        boolean certificate = false;
        for (Throwable one = thrown; one != null; one = one.getCause()) {
            all.append(one.getMessage()).append('\n');
            certificate |= one instanceof CertificateException
                    || one instanceof CertPathValidatorException
                    || one instanceof CertPathBuilderException;
        }
        String lower = all.toString().toLowerCase(Locale.ROOT);
        if (lower.contains("unsupported or unrecognized ssl message")) {
            return Optional.of("doesn't speak TLS on this port; name its port with TLS (usually 2376), or leave out"
                    + " DOCKER_TLS_VERIFY and --docker-cert-path");
        }
        if (lower.contains("subject alternative") || lower.contains("no name matching")) {
            return Optional.of("shows a certificate of another name; name the daemon as its certificate does");
        }
        if (lower.contains("notafter") || lower.contains("notbefore")) {
            return Optional.of("shows a certificate that isn't valid today; renew it, or set the clock");
        }
        if (certificate) {
            return Optional.of("shows a certificate that " + folder.resolve("ca.pem")
                    + " doesn't vouch for; lay the certificate of the daemon's authority there");
        }
        // In TLS 1.3 it looks at our certificate after the handshake, and closes with an alert (RFC 8446, section 6.2),
        // which what is sent meanwhile may overtake.
        if (lower.contains("received fatal alert")
                || lower.contains("broken pipe")
                || lower.contains("connection reset")) {
            return Optional.of("doesn't take " + folder.resolve("cert.pem")
                    + "; have the daemon's authority (its --tlscacert) sign it for a client");
        }
        return Optional.empty();
    }
}
