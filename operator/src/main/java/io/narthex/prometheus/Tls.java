package io.narthex.prometheus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the TLS context that trusts what a {@link Trust} says. */
final class Tls {

    private Tls() {}

    /** @throws IllegalArgumentException when the PEM holds no certificate */
    static SSLContext context(Trust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] managers = switch (trust) {
                case Trust.Defaults() -> null;
                case Trust.Authorities authorities -> managers(certificates(authorities.pem()));
                case Trust.Pinned pinned ->
                    new TrustManager[] {
                        new Only(Optional.of(
                                certificates(pinned.pem()).iterator().next()))
                    };
                case Trust.Anything() -> new TrustManager[] {new Only(Optional.empty())};
            };
            context.init(null, managers, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("can't be used to trust a server: " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> certificates(String pem) throws CertificateException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
        if (found.isEmpty()) {
            throw new CertificateException("no certificate in it");
        }
        return found;
    }

    private static TrustManager[] managers(Collection<? extends Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate authority : authorities) {
            store.setCertificateEntry("authority-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    /**
     * Trusts the one certificate, or any. It extends X509ExtendedTrustManager, and not X509TrustManager, because the
     * runtime would check the host's name around the latter.
     */
    private static final class Only extends X509ExtendedTrustManager {
        private final Optional<Certificate> certificate;

        Only(Optional<? extends Certificate> certificate) {
            this.certificate = certificate.map(c -> c);
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (certificate.isPresent()
                    && (chain.length == 0 || !certificate.get().equals(chain[0]))) {
                throw new CertificateException("the server has another certificate than the expected one");
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
