package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.DiagnosticCode;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** Who has a port, and which addresses are none. */
class PortCheckTest {

    @Test
    void namesWhoListens() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortCheck.problem("127.0.0.1", socket.getLocalPort())).hasValueSatisfying(problem -> {
                assertThat(problem.code()).isEqualTo(DiagnosticCode.PORT_IN_USE);
                assertThat(problem.message())
                        .contains("process ID " + ProcessHandle.current().pid());
            });
        }
        assertThat(PortCheck.problem("no-such-name.invalid", 9090).orElseThrow().code())
                .isEqualTo(DiagnosticCode.ADDRESS_UNUSABLE);
        assertThat(PortCheck.problem("192.0.2.1", 9090).orElseThrow().code())
                .isEqualTo(DiagnosticCode.ADDRESS_UNUSABLE);
    }

    @Test
    void readsLsof() {
        assertThat(PortCheck.lsof("p4711\ncgunicorn\nf5\n")).contains(new PortCheck.Owner(4711, "gunicorn"));
        assertThat(PortCheck.lsof("")).isEmpty();
    }
}
