package io.narthex.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.process.ProcessExit;
import io.narthex.process.ProcessObservation;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.Answer.Obstacle;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Readiness;
import io.narthex.prometheus.TargetQuery;
import io.narthex.prometheus.WalReplay;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server's process and answers come to. */
class ServerStatusTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Answer<Readiness> REFUSED = new Answer.Unreachable<>(Obstacle.CONNECTION_REFUSED, "nobody");

    private static Optional<ProcessObservation> seen(ProcessObservation.State state) {
        return Optional.of(new ProcessObservation(
                state,
                3,
                3,
                Map.of(),
                Optional.of(new ProcessExit(
                        2, 1, NOW, Duration.ofSeconds(1), List.of("level=error msg=\"boom\" err=\"no space left\"")))));
    }

    private static Answer<Readiness> replaying(int current, int max) {
        return new Answer.Ok<>(new Readiness.Starting(Optional.of(new WalReplay(0, max, current))));
    }

    @Test
    void theProcessCountsBeforeTheAnswer() {
        Answer<Readiness> ready = new Answer.Ok<>(new Readiness.Ready());
        assertThat(ServerPhase.of(seen(new ProcessObservation.Idle()), ready)).isEqualTo(ServerPhase.STOPPED);
        assertThat(ServerPhase.of(seen(new ProcessObservation.BackingOff(NOW)), ready))
                .isEqualTo(ServerPhase.BACKING_OFF);
        assertThat(ServerPhase.of(seen(new ProcessObservation.Stopping(7, NOW, Duration.ZERO)), ready))
                .isEqualTo(ServerPhase.STOPPING);
        Optional<ProcessObservation> running = seen(new ProcessObservation.Running(7, NOW));
        assertThat(ServerPhase.of(running, ready)).isEqualTo(ServerPhase.READY);
        assertThat(ServerPhase.of(running, REFUSED)).isEqualTo(ServerPhase.STARTING);
        assertThat(ServerPhase.of(running, replaying(3, 9))).isEqualTo(ServerPhase.REPLAYING);
        assertThat(ServerPhase.of(running, replaying(9, 9))).isEqualTo(ServerPhase.STARTING);
        assertThat(ServerPhase.of(running, replaying(0, 0))).isEqualTo(ServerPhase.STARTING);
    }

    @Test
    void somebodyElsesServerIsAsItAnswers() {
        assertThat(ServerPhase.of(Optional.empty(), REFUSED)).isEqualTo(ServerPhase.UNREACHABLE);
        assertThat(ServerPhase.of(Optional.empty(), new Answer.Unauthorized<>(401, "no")))
                .isEqualTo(ServerPhase.REFUSED);
        assertThat(ServerPhase.of(Optional.empty(), new Answer.Ok<>(new Readiness.Stopping())))
                .isEqualTo(ServerPhase.STOPPING);
        assertThat(ServerPhase.BACKING_OFF.words()).isEqualTo("backing off");
    }

    @Test
    void aServerThatIsGoneIsTold() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + port;
        try (PrometheusClient client =
                new PrometheusClient(PrometheusEndpoint.of(URI.create(url)), ClientLimits.DEFAULT)) {
            StatusReader reader = new StatusReader(client, url, InstantSource.fixed(NOW));
            ServerStatus status =
                    reader.read(Optional.empty(), Optional.empty(), Optional.empty(), TargetQuery.OVERVIEW);
            assertThat(status.phase()).isEqualTo(ServerPhase.UNREACHABLE);
            assertThat(status.reason()).isEqualTo("nothing listens at 127.0.0.1:" + port);
            assertThat(status.at()).isEqualTo(NOW);
            assertThat(status.gaps()).isEmpty();
            assertThat(reader.read(
                                    seen(new ProcessObservation.BackingOff(NOW)),
                                    Optional.empty(),
                                    Optional.empty(),
                                    TargetQuery.OVERVIEW)
                            .reason())
                    .isEqualTo("exit status 1: boom: no space left");
        }
    }
}
