package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.docker.DockerException.Kind;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which version of its API a daemon is spoken to in; daemons of other releases are played by a proxy before a real one. */
class DockerVersionIT {

    private FaultProxy proxy;
    private DockerClient client;

    @BeforeEach
    void begin() throws Exception {
        DockerHost docker = TestDocker.host();
        proxy = new FaultProxy(docker);
        client = new DockerClient(new DockerTransport(proxy.host(), Duration.ofSeconds(10)));
    }

    @AfterEach
    void end() throws Exception {
        if (client != null) {
            client.close();
            proxy.close();
        }
    }

    @Test
    void aNewerDaemonIsSpokenToInTheNewestVersionThatIsKnown() throws Exception {
        proxy.speak("1.99", "1.44");
        assertThat(client.list(Kinds.NODES, Map.of())).isNotEmpty();
        assertThat(proxy.asked()).containsExactly("/version", "/v" + DockerClient.NEWEST + "/nodes");
    }

    @Test
    void theOldestIsSpokenTo() throws Exception {
        proxy.speak("1.41", "1.12");
        assertThat(client.list(Kinds.NODES, Map.of())).isNotEmpty();
        assertThat(proxy.asked()).containsExactly("/version", "/v1.41/nodes");
    }

    @Test
    void anOlderDaemonIsNamedWithWhatIsNeeded() {
        proxy.speak("1.40", "1.12");
        assertThatThrownBy(() -> client.list(Kinds.NODES, Map.of()))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_OLD))
                .hasMessageContaining("speaks version 1.40 of the API")
                .hasMessageContaining("1.41 or later, which is Docker 20.10");
    }

    @Test
    void aDaemonThatForgotWhatIsKnownIsNamed() {
        proxy.speak("2.10", "2.0");
        assertThatThrownBy(() -> client.list(Kinds.NODES, Map.of()))
                .isInstanceOfSatisfying(
                        DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOO_NEW))
                .hasMessageContaining("take a later Narthex");
    }

    @Test
    void aDaemonThatIsReplacedByAnOlderOneIsUnderstood() throws Exception {
        proxy.speak("1.51", "1.44");
        client.list(Kinds.NODES, Map.of());
        // The real one takes nothing after its own version.
        proxy.speakAsItIs();
        assertThat(client.list(Kinds.NODES, Map.of())).isNotEmpty();
    }
}
