package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of {@code docker login}, as the API of Docker takes what stands in it. */
class RegistryLoginsTest {

    /** The base64 of {@code shop:pa:ss}. */
    private static final String AUTH = "c2hvcDpwYTpzcw==";

    private static RegistryLogins logins(String json) throws RegistryLogins.Unusable {
        return RegistryLogins.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode header(RegistryLogins logins, String image) throws Exception {
        byte[] json = Base64.getUrlDecoder()
                .decode(logins.header(new ImageName(image)).orElseThrow());
        return new ObjectMapper().readTree(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prom/prometheus:v9                  | docker.io",
                "prometheus                          | docker.io",
                "index.docker.io/prom/prometheus     | docker.io",
                "quay.io/prometheus/prometheus       | quay.io",
                "localhost/prometheus:1              | localhost",
                "registry:5000/p:1                   | registry:5000",
                "registry:5000/p:1@sha256:0123       | registry:5000",
            })
    void anImageIsOfARegistry(String image, String registry) {
        assertThat(new ImageName(image).registry()).isEqualTo(registry);
    }

    @Test
    void theLoginOfTheImagesRegistryIsTaken() throws Exception {
        RegistryLogins logins = logins("""
                {'auths': {'registry.example.com:5000': {'auth': '%s'},
                           'https://index.docker.io/v1/': {'username': 'hub', 'password': 'secret'},
                           'https://token.example.com': {'identitytoken': 'tok'}}}""".formatted(AUTH));
        JsonNode own = header(logins, "registry.example.com:5000/mon/prometheus:v3.16.0");
        assertThat(own.path("username").asText()).isEqualTo("shop");
        assertThat(own.path("password").asText()).isEqualTo("pa:ss");
        assertThat(own.path("serveraddress").asText()).isEqualTo("registry.example.com:5000");
        JsonNode hub = header(logins, "prom/prometheus");
        assertThat(hub.path("username").asText()).isEqualTo("hub");
        assertThat(hub.path("serveraddress").asText()).isEqualTo("https://index.docker.io/v1/");
        JsonNode token = header(logins, "token.example.com/p");
        assertThat(token.path("identitytoken").asText()).isEqualTo("tok");
        assertThat(token.has("username")).isFalse();
        assertThat(logins.header(new ImageName("quay.io/prometheus/prometheus")))
                .isEmpty();
        assertThat(logins.header(new ImageName("registry.example.com/p"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Passw0rd: x                                                  | isn't JSON",
                "[]                                                           | no login below auths",
                "{'credsStore': 'desktop'}                                    | no login below auths",
                "{'auths': {'r.example.com': {}}, 'credsStore': 'desktop'}    | r.example.com, which a program",
                "{'auths': {'r.example.com': {'auth': 'Passw0rd!'}}}          | no base64",
                "{'auths': {'r.example.com': {'auth': 'UGFzc3cwcmQ='}}}       | no user and password",
            })
    void whatHoldsNoLoginIsSaidWithoutQuotingIt(String json, String reason) {
        assertThatThrownBy(() -> logins(json))
                .isInstanceOf(RegistryLogins.Unusable.class)
                .hasMessageContaining(reason)
                .hasMessageNotContaining("Passw0rd")
                .hasMessageNotContaining("UGFzc3cwcmQ");
    }

    @Test
    void anotherRegistrysLoginWithoutAPasswordHindersNobody() throws Exception {
        RegistryLogins logins = logins(
                "{'auths': {'a.example.com': {'auth': '%s'}, 'https://index.docker.io/v1/': {}}}".formatted(AUTH));
        assertThat(header(logins, "a.example.com/p").path("username").asText()).isEqualTo("shop");
        assertThat(logins.isKeptElsewhere(new ImageName("a.example.com/p"))).isFalse();
        assertThat(logins.header(new ImageName("prom/prometheus"))).isEmpty();
        assertThat(logins.isKeptElsewhere(new ImageName("prom/prometheus"))).isTrue();
        assertThat(logins.isKeptElsewhere(new ImageName("quay.io/p"))).isFalse();
    }

    @Test
    void noPasswordIsPrinted() throws Exception {
        RegistryLogins logins = logins("{'auths': {'r.example.com': {'auth': '%s'}}}".formatted(AUTH));
        assertThat(logins.toString()).contains("r.example.com").doesNotContain("pa:ss", AUTH);
        assertThat(logins).isEqualTo(logins("{'auths': {'r.example.com': {'auth': '%s'}}}".formatted(AUTH)));
    }
}
