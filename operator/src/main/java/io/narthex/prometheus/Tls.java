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
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes the TLS context that trusts what a {@link Trust} says, and shows the client's certificate where asked. */
final class Tls {

    private Tls() {}

    /** @throws IllegalArgumentException when the PEM holds no certificate */
    static SSLContext context(Trust trust, Optional<ClientCertificate> own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] managers = switch (trust) {
                case Trust.Defaults() -> null;
                case Trust.Authorities authorities -> managers(certificates(authorities.pem()));
                case Trust.Pinned pinned -> new TrustManager[] {new Only(pinned(pinned))};
                case Trust.Presented(Trust.CertificateSource source) ->
                    new TrustManager[] {new Only(() -> first(source.read()))};
                case Trust.Anything() -> new TrustManager[] {new Any()};
            };
            context.init(own.isPresent() ? keys(own.get()) : null, managers, null);
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

    private static Expected pinned(Trust.Pinned pinned) throws CertificateException {
        Certificate certificate = first(pinned.pem());
        return () -> certificate;
    }

    private static Certificate first(String pem) throws CertificateException {
        return certificates(pem).iterator().next();
    }

    private static KeyManager[] keys(ClientCertificate own) throws GeneralSecurityException, IOException {
        char[] none = new char[0];
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry("own", own.key(), none, new Certificate[] {own.read()});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, none);
        return factory.getKeyManagers();
    }

    /** Tells the one certificate that is trusted. */
    @FunctionalInterface
    private interface Expected {
        Certificate certificate() throws CertificateException, IOException;
    }

    /** Trusts the one certificate that is expected. */
    private static final class Only extends Any {
        private final Expected expected;

        Only(Expected expected) {
            this.expected = expected;
        }

        @Override
        void check(X509Certificate[] chain) throws CertificateException {
            Certificate certificate;
            try {
                certificate = expected.certificate();
            } catch (IOException e) {
                throw new CertificateException(e.getMessage(), e);
            }
            if (chain.length == 0 || !certificate.equals(chain[0])) {
                throw new CertificateException("the server has another certificate than the expected one");
            }
        }
    }

    /**
     * Trusts any certificate. It extends X509ExtendedTrustManager, and not X509TrustManager, because the runtime would
     * check the host's name around the latter.
     */
    private static class Any extends X509ExtendedTrustManager {
        void check(X509Certificate[] chain) throws CertificateException {}

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
