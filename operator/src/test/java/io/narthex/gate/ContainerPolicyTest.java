package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerPolicyTest {

    @ParameterizedTest
    @CsvSource({"/version,", "/_ping,", "/v1.41/info,", "/v1.41/containers/json, all=1", "/v1.51/events, filters=%7B%7D"
    })
    void permitsToSeeContainers(String path, String query) throws Exception {
        Request request = new Request("GET", path, Optional.ofNullable(query), Optional.empty());

        assertThat(new ContainerPolicy().judge(request).target()).isEqualTo(request.target());
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1.41/containers/create,",
        "POST, /v1.41/containers/abc/kill,",
        "DELETE, /v1.41/containers/abc,",
        "HEAD, /v1.41/containers/json,",
        "GET, /v1.41/containers/abc/json,",
        "GET, /v1.41/containers/abc/logs,",
        "GET, /v1.41/containers/json, size=1",
        "GET, /v1.41/containers/json/,",
        "GET, //v1.41/containers/json,",
        "GET, /v1.41/x/../containers/json,",
        "GET, /containers/json,",
        "GET, /info,",
        "GET, /v1.41/services,",
        "GET, /v1.41/volumes,",
        "GET, /v1.41/images/json,",
        "GET, /version, all=1"
    })
    void permitsNothingElse(String method, String path, String query) {
        Request request = new Request(method, path, Optional.ofNullable(query), Optional.empty());

        assertThatThrownBy(() -> new ContainerPolicy().judge(request)).isInstanceOf(Refused.class);
    }

    @Test
    void showsOfContainersNoCommandLineAndNoMounts() throws Exception {
        String body = "[{\"Id\":\"a\",\"Command\":\"run --password=x\",\"Mounts\":[{\"Source\":\"/secret\"}],"
                + "\"HostConfig\":{},\"Labels\":{\"prometheus.io/scrape\":\"true\"},\"State\":\"running\"}]";

        byte[] seen = new Veil("")
                .over(
                        new Request("GET", "/v1.41/containers/json", Optional.empty(), Optional.empty()),
                        body.getBytes(StandardCharsets.UTF_8));

        assertThat(new ObjectMapper().readTree(seen))
                .isEqualTo(new ObjectMapper()
                        .readTree("[{\"Id\":\"a\",\"Labels\":{\"prometheus.io/scrape\":\"true\"},"
                                + "\"State\":\"running\"}]"));
    }
}
