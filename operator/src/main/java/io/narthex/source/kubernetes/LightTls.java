package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.client.vertx.VertxHttpClientFactory;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;
import java.util.stream.Stream;

/**
 * Connections that prefer ChaCha20-Poly1305. AES-GCM takes a processor's instructions, which only Java's second compiler
 * uses: the operator does without it, and encrypts four times as much in the same time so. A server that has no ChaCha20,
 * such as one restricted to FIPS 140, is offered AES as always; Go's, of which the API server is made, takes what a client
 * names first (crypto/tls, {@code aesgcmPreferred}).
 */
final class LightTls extends VertxHttpClientFactory {

    private static final List<String> LIGHT = List.of(
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    @Override
    protected void additionalConfig(WebClientOptions options) {
        SslContextFactory usual = options.getSslEngineOptions().sslContextFactory();
        String[] protocols = options.getEnabledSecureTransportProtocols().toArray(String[]::new);
        options.setSslEngineOptions(new Engine(() -> light(usual.create(), protocols)));
    }

    private static SslContext light(SslContext usual, String[] protocols) {
        if (!(usual instanceof JdkSslContext jdk)) {
            return usual;
        }
        return new JdkSslContext(
                jdk.context(),
                true,
                Stream.concat(LIGHT.stream(), jdk.cipherSuites().stream())
                        .distinct()
                        .toList(),
                SupportedCipherSuiteFilter.INSTANCE,
                ApplicationProtocolConfig.DISABLED,
                ClientAuth.NONE,
                protocols,
                false);
    }

    private static final class Engine extends JdkSSLEngineOptions {

        private final SslContextFactory contexts;

        Engine(SslContextFactory contexts) {
            this.contexts = contexts;
        }

        @Override
        public SslContextFactory sslContextFactory() {
            return contexts;
        }

        @Override
        public JdkSSLEngineOptions copy() {
            return new Engine(contexts);
        }
    }
}
