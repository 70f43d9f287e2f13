package io.narthex.reconcile.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.api.v1alpha1.ExternalServer;
import io.narthex.compiler.model.Inventory;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How Narthex comes to a server that somebody else runs. */
class ExternalEndpointTest {

    private final ExternalEndpoint endpoint = new ExternalEndpoint(Inventory.EMPTY, "default");

    private static ExternalServer at(String url) {
        return new ObjectMapper().convertValue(Map.of("url", url), ExternalServer.class);
    }

    @Test
    void aNameThatTlsTakesIsAskedForAsItIs() throws Exception {
        assertThat(endpoint.of(at("https://own-prometheus:9090")).base())
                .isEqualTo(URI.create("https://own-prometheus:9090"));
    }

    /** As a stack's service has it: the certificate would be one of a name that can't be asked for. */
    @Test
    void anUnderscoreOverHttpsIsRefusedWithAWayOut() {
        assertThatThrownBy(() -> endpoint.of(at("https://tasks.mon_prometheus:9090")))
                .isInstanceOf(ExternalEndpoint.Unusable.class)
                .hasMessageContaining("tasks.mon_prometheus")
                .hasMessageContaining("no underscore")
                .hasMessageContaining("alias=NAME");
    }

    @Test
    void aUrlThatHoldsAPasswordIsNotQuoted() {
        assertThatThrownBy(() -> endpoint.of(at("https://user:s3cret@mon_prometheus:9090")))
                .isInstanceOf(ExternalEndpoint.Unusable.class)
                .hasMessageContaining("holds no user")
                .hasMessageNotContaining("s3cret");
    }
}
