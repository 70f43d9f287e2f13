package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.narthex.docker.DockerException.Kind;
import io.narthex.process.TestPrometheus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real daemons of the test's own, on loopback: one lets in who shows a certificate of its authority, one everybody. */
class DockerTlsIT {

    private static final String HERE = "127.0.0.1";
    private static final String BRIDGE = "narthex-tls-it";

    @TempDir
    private static Path folder;

    private static TestAuthority authority;
    private static final List<Process> daemons = new ArrayList<>();
    private static int port;
    private static int plainPort;

    @BeforeAll
    static void startDaemons() throws Exception {
        if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(Path.of("/usr/sbin/dockerd"))) {
            String message = "daemons of the test's own take root and /usr/sbin/dockerd";
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            abort(message);
        }
        ip("link", "add", BRIDGE, "type", "bridge");
        ip("addr", "add", "10.11.254.1/28", "dev", BRIDGE);
        authority = new TestAuthority();
        Path own = authority.write(folder.resolve("daemon"), KeyPurposeId.id_kp_serverAuth, HERE);
        port = TestPrometheus.freePort();
        plainPort = TestPrometheus.freePort();
        daemons.add(start(
                "closed",
                port,
                "--tlsverify",
                "--tlscacert=" + own.resolve("ca.pem"),
                "--tlscert=" + own.resolve("cert.pem"),
                "--tlskey=" + own.resolve("key.pem")));
        daemons.add(start("open", plainPort));
        answers(host(port, Optional.of(client(authority, "starting"))));
        answers(host(plainPort, Optional.empty()));
    }

    /** It makes no network and changes none of the machine's; without a bridge it would remove that of other daemons. */
    private static Process start(String name, int at, String... more) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        List<String> command = new ArrayList<>(List.of(
                "/usr/sbin/dockerd",
                "--host=tcp://" + HERE + ":" + at,
                "--bridge=" + BRIDGE,
                "--iptables=false",
                "--ip6tables=false",
                "--ip-forward=false",
                "--storage-driver=vfs",
                "--data-root=" + place.resolve("data"),
                "--exec-root=" + place.resolve("exec"),
                "--pidfile=" + place.resolve("pid")));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(place.resolve("log").toFile())
                .start();
    }

    private static void answers(DockerHost host) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            assertThat(daemons).as("daemons that run").allMatch(Process::isAlive);
            try (DockerClient client = new DockerClient(host)) {
                return client.info().has("ID");
            } catch (DockerException e) {
                return false;
            }
        });
    }

    @AfterAll
    static void stopThem() throws Exception {
        daemons.forEach(Process::destroy);
        for (Process daemon : daemons) {
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.destroyForcibly().waitFor();
            }
        }
        if (!daemons.isEmpty()) {
            ip("link", "del", BRIDGE);
        }
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    private static Path client(TestAuthority by, String name) throws IOException {
        return by.write(folder.resolve("client-" + name), KeyPurposeId.id_kp_clientAuth, HERE);
    }

    private static DockerHost host(int at, Optional<Path> certificates) {
        return DockerHost.parse("tcp://" + HERE + ":" + at, certificates);
    }

    private static void isRefused(DockerHost host, String... words) throws IOException {
        try (DockerClient client = new DockerClient(host)) {
            assertThatThrownBy(client::info)
                    .isInstanceOfSatisfying(
                            DockerException.class,
                            e -> assertThat(e.kind()).as(e.words()).isEqualTo(Kind.NOT_PERMITTED))
                    .message()
                    .contains(words);
        }
    }

    @Test
    void bothSidesKnowEachOther() throws Exception {
        try (DockerClient client = new DockerClient(host(port, Optional.of(client(authority, "good"))))) {
            assertThat(client.info().at("/Swarm/LocalNodeState").asText()).isEqualTo("inactive");
            assertThatThrownBy(() -> client.list(Kinds.SERVICES, Map.of()))
                    .isInstanceOfSatisfying(
                            DockerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_A_MANAGER))
                    .hasMessageContaining("is in no Swarm; docker swarm init makes one");
        }
    }

    @Test
    void anotherAuthorityIsNamed() throws Exception {
        Path folder = client(authority, "wrong-ca");
        Files.copy(
                client(new TestAuthority(), "stranger").resolve("ca.pem"),
                folder.resolve("ca.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        isRefused(host(port, Optional.of(folder)), "shows a certificate that", "ca.pem", "doesn't vouch for");
    }

    @Test
    void aCertificateThatTheDaemonDoesNotTakeIsNamed() throws Exception {
        Path stranger = client(new TestAuthority(), "unknown");
        Files.copy(
                client(authority, "known").resolve("ca.pem"),
                stranger.resolve("ca.pem"),
                StandardCopyOption.REPLACE_EXISTING);
        isRefused(host(port, Optional.of(stranger)), "doesn't take", "cert.pem", "--tlscacert");
    }

    @Test
    void aMissingFileIsNamed() throws Exception {
        Path incomplete = client(authority, "incomplete");
        Files.delete(incomplete.resolve("cert.pem"));
        isRefused(host(port, Optional.of(incomplete)), incomplete.toString(), "there is no cert.pem");
    }

    @Test
    void aFileThatIsNoKeyIsNamedWithoutQuotingIt() throws Exception {
        Path damaged = client(authority, "damaged");
        Files.writeString(damaged.resolve("key.pem"), "hunter2");
        isRefused(host(port, Optional.of(damaged)), "key.pem holds no private key");
    }

    @Test
    void plainHttpIsToldOfTls() throws Exception {
        isRefused(host(port, Optional.empty()), "speaks TLS; set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH");
    }

    @Test
    void tlsIsToldOfPlainHttp() throws Exception {
        isRefused(host(plainPort, Optional.of(client(authority, "plain"))), "doesn't speak TLS on this port");
    }
}
