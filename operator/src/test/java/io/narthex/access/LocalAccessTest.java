package io.narthex.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.compiler.model.ServerAddress;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Narthex comes to a run's server as itself, and takes the one certificate for the server's that the server reads. */
class LocalAccessTest {

    @TempDir
    Path state;

    private Path config;

    @BeforeEach
    void makeConfig() throws IOException {
        config = Files.createDirectory(state.resolve("config"));
    }

    private static String trusted(PrometheusEndpoint endpoint) throws IOException {
        return ((Trust.Presented) endpoint.trust()).source().read();
    }

    private PrometheusEndpoint endpoint() {
        return new LocalAccess(state, Optional.empty()).endpoint(URI.create("https://127.0.0.1:9090/"));
    }

    @Test
    void comesAsItself() throws Exception {
        Identity identity = new IdentityFile(state, new SecureRandom(), InstantSource.system())
                .obtain()
                .identity();
        PrometheusEndpoint endpoint = new LocalAccess(state, Optional.of(identity))
                .endpoint(new ServerAddress("0.0.0.0", 9091, true, "/prom"));

        assertThat(endpoint.base()).isEqualTo(URI.create("https://127.0.0.1:9091/prom"));
        assertThat(endpoint.credentials()).isEqualTo(new Credentials.Basic("narthex-operator", identity.password()));
        assertThat(endpoint.clientCertificate()).contains(identity.clientCertificate());
        assertThat(endpoint().credentials()).isEqualTo(Credentials.none());
    }

    @Test
    void trustsWhatTheServerReadsNow() throws Exception {
        PrometheusEndpoint endpoint = endpoint();
        Files.writeString(config.resolve("web.yml"), "tls_server_config: {cert_file: a.crt, key_file: a.key}\n");
        Files.writeString(config.resolve("a.crt"), "first");
        assertThat(trusted(endpoint)).isEqualTo("first");

        Files.writeString(config.resolve("a.crt"), "second");
        assertThat(trusted(endpoint)).isEqualTo("second");

        Path elsewhere = Files.writeString(state.resolve("b.crt"), "third");
        Files.writeString(config.resolve("web.yml"), "tls_server_config: {cert_file: \"" + elsewhere + "\"}\n");
        assertThat(trusted(endpoint)).isEqualTo("third");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a: [", "- 1", "basic_auth_users: {}", "tls_server_config: {key_file: k}"})
    void trustsNobodyWhereNoCertificateIsNamed(String web) throws Exception {
        Files.writeString(config.resolve("web.yml"), web);

        assertThatThrownBy(() -> trusted(endpoint()))
                .isInstanceOf(IOException.class)
                .hasMessage("the server's web configuration names no certificate");
    }

    @Test
    void trustsNobodyWhereTheFilesAreGone() throws Exception {
        assertThatThrownBy(() -> trusted(endpoint())).hasMessage("the server's web configuration isn't there");
        Files.writeString(config.resolve("web.yml"), "tls_server_config: {cert_file: a.crt}\n");
        assertThatThrownBy(() -> trusted(endpoint())).hasMessage("the server's certificate file isn't there");
    }
}
