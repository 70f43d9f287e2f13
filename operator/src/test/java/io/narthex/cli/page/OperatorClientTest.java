package io.narthex.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OperatorClientTest {

    @Test
    void oneThatIsSlowIsNotOneThatIsNotThere() throws Exception {
        String url;
        // The kernel accepts for it, and nobody ever answers.
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThatThrownBy(() -> new OperatorClient(url, Duration.ofSeconds(1))
                            .get(OperatorStatusPage.PATH, OperatorStatusPage.KIND))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("the operator at " + url + " doesn't answer within 1 s");
        }
        assertThat(new OperatorClient(url).get(OperatorStatusPage.PATH, OperatorStatusPage.KIND))
                .isEmpty();
    }
}
