package io.narthex.reconcile.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

    @ParameterizedTest
    @CsvSource({
        "http://prometheus:9090, prometheus",
        "https://10.0.0.1/prefix, 10.0.0.1",
        "http://tasks.mon_prometheus:9090/, tasks.mon_prometheus",
        "http://[::1]:9090, [::1]"
    })
    void tellsTheHost(String url, String host) {
        assertThat(ServerUrl.host(url)).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "prometheus:9090", "http://", "http://a:b@host", "http://host?x", "ftp://host", "http://a b"
            })
    void anythingElseHasNone(String url) {
        assertThat(ServerUrl.host(url)).isEmpty();
        assertThatThrownBy(() -> ServerUrl.dialled(url)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCanBeDialledStaysAsItIs() throws Exception {
        assertThat(ServerUrl.dialled("http://prometheus:9090/p")).isEqualTo(URI.create("http://prometheus:9090/p"));
        assertThat(ServerUrl.dialled("https://a_b:9090")).isEqualTo(URI.create("https://a_b:9090"));
    }
}
