package io.narthex.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.CommandProcesses;
import io.narthex.compiler.model.SecretValue;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.Certificates;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code narthex run} of servers that don't let in everybody: they are verified like any other, by Narthex's own user
 * and certificate, and nothing that anybody reads tells these.
 */
class ProtectedRunIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(60);

    /** The bcrypt hash of "narthex". */
    private static final String ALICES = "$2a$04$aeKI7ENGjOVIvb7WPwt//uOTiirdx49p3FapCN26SqqkqvJAilIxy";

    private static final String USERS = """
                users:
                  - {name: alice, passwordHash: {secretRef: {name: web, key: alice}}}
            """;
    private static final String TLS = """
                tls:
                  cert: {secretRef: {name: web, key: tls.crt}}
                  key: {secretRef: {name: web, key: tls.key}}
            """;
    private static final String CLIENTS = """
                  clientCa: {secretRef: {name: web, key: ca.crt}}
                  clientAllowedSans: [alice.invalid]
            """;

    @TempDir
    Path temporary;

    @RegisterExtension
    private final CommandProcesses processes = new CommandProcesses();

    private Path folder;
    private Path state;
    private Path program;

    @SuppressWarnings("NullAway.Init") // Each test begins with a run.
    private CommandProcesses.Started running;

    private int port;

    @BeforeEach
    void writeFolder() throws Exception {
        program = RealPrograms.prometheus();
        port = TestPrometheus.freePort();
        folder = Files.createDirectory(temporary.resolve("shop"));
        state = folder.resolve(".narthex");
        Path secrets = folder.resolve(".secrets/web");
        Files.createDirectories(
                secrets, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        secret("alice", ALICES);
        serveWith(Certificates.make(temporary, "dns:shop.invalid"));
        secret("ca.crt", Certificates.make(temporary, "dns:alice.invalid").certificate());
        write("self.yaml", monitor("5s"));
    }

    private void server(String web) throws IOException {
        write("server.yaml", """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  listen: {address: 127.0.0.1, port: %d}
                  web:
                """.formatted(port) + web);
    }

    private String monitor(String interval) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: self}
                spec:
                  source:
                    static: {targets: ["127.0.0.1:%d"]}
                  endpoints:
                    - interval: %s
                      timeout: 1s
                """.formatted(port, interval);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private void secret(String key, String content) throws IOException {
        Path fresh = folder.resolve(".secrets/web/." + key);
        Files.writeString(fresh, content);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        Files.move(fresh, folder.resolve(".secrets/web").resolve(key), StandardCopyOption.REPLACE_EXISTING);
    }

    private void serveWith(Certificates certificates) throws Exception {
        secret("tls.crt", certificates.certificate());
        secret("tls.key", certificates.key());
    }

    private CommandProcesses.Started run() throws IOException {
        running = processes.start("run", folder.toString(), "-v", "-o", "json", "--prometheus", program.toString());
        return running;
    }

    private String said(String... arguments) throws Exception {
        return processes.start(arguments).said();
    }

    private void assertChangesAreVerified(String interval) throws IOException {
        write("self.yaml", monitor(interval));
        JsonNode loaded = running.awaitEvent("loaded", "/change", "self.yaml changed");
        assertThat(loaded.path("how").asText()).isEqualTo("reloaded");
    }

    private void assertOthersFindTheRun() throws Exception {
        // After a reload, releases before 3.12 have no targets for 5 s.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(said("status", folder.toString()))
                        .startsWith("exit 0\nready")
                        .contains("1 job"));
        assertThat(said("diff", folder.toString(), "--running"))
                .startsWith("exit 0\n")
                .contains("Nothing differs");
        assertThat(said("explain", "monitor/self", "--dir", folder.toString()))
                .startsWith("exit 0\n")
                .contains("  targets ");
    }

    /** Looks into everything that is printed or written, but for what only Prometheus and Narthex itself read. */
    private void assertNothingIsTold() throws IOException {
        JsonNode identity = JSON.readTree(Files.readAllBytes(state.resolve("operator.json")));
        List<String> secrets = List.of(
                identity.path("password").asText(),
                identity.path("passwordHash").asText(),
                identity.path("privateKey").asText().lines().skip(1).findFirst().orElseThrow(),
                ALICES);
        List<Path> files = new ArrayList<>(processes.outputs());
        try (Stream<Path> walk = Files.walk(state)) {
            walk.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(state.resolve("data")))
                    .forEach(files::add);
        }
        assertThat(files).contains(state.resolve("prometheus.log"), state.resolve("run.json"));
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (name.equals("operator.json")
                    || name.equals("web.yml")
                    || file.toString().contains("/credentials/")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            } else {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secrets);
            }
        }
    }

    private Answer<Boolean> healthy(String scheme, Trust trust, Credentials credentials) {
        try (PrometheusClient client = new PrometheusClient(
                new PrometheusEndpoint(URI.create(scheme + "://127.0.0.1:" + port), trust, credentials),
                ClientLimits.DEFAULT)) {
            return client.healthy();
        }
    }

    private Credentials alice() {
        return new Credentials.Basic("alice", SecretValue.of("narthex"));
    }

    @Test
    void usersOnly() throws Exception {
        server(USERS);
        run();
        running.awaitEvent("ready", "/url", "http://127.0.0.1:" + port);

        assertThat(healthy("http", Trust.defaults(), Credentials.none())).isInstanceOf(Answer.Unauthorized.class);
        assertThat(healthy("http", Trust.defaults(), alice())).isEqualTo(new Answer.Ok<>(true));
        assertChangesAreVerified("3s");
        assertOthersFindTheRun();

        String url = "http://127.0.0.1:" + port;
        Path password = Files.writeString(temporary.resolve("password"), "narthex\n");
        assertThat(said("status", "--url", url))
                .startsWith("exit 3\nrefused")
                .contains("HTTP 401", "--user and --password-file");
        assertThat(said("status", "--url", url, "--user", "alice", "--password-file", password.toString()))
                .startsWith("exit 0\nready");

        // It lets itself in no more than others, and that is said in words.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(said("explain", "monitor/self", "--dir", folder.toString()))
                        .contains("HTTP 401", "the Prometheus itself", "auth.basic", "NX3102"));
        assertNothingIsTold();
    }

    @Test
    void anotherUserIsLetInWithoutRestartOrReload() throws Exception {
        server(USERS);
        CommandProcesses.Started narthex = run();
        running.awaitEvent("ready", "/url", "http:");
        long prometheus = narthex.prometheus().pid();

        secret("bob", ALICES);
        server(USERS + "      - {name: bob, passwordHash: {secretRef: {name: web, key: bob}}}\n");
        assertThat(running.awaitEvent("loaded", "/change", "server.yaml changed")
                        .path("how")
                        .asText())
                .isEqualTo("credentials replaced");

        Credentials bob = new Credentials.Basic("bob", SecretValue.of("narthex"));
        assertThat(healthy("http", Trust.defaults(), bob)).isEqualTo(new Answer.Ok<>(true));
        assertThat(narthex.prometheus().pid()).isEqualTo(prometheus);
        assertChangesAreVerified("3s");
    }

    @Test
    void usersThatComeAndGo() throws Exception {
        server("    pageTitle: Shop\n");
        run();
        running.awaitEvent("ready", "/url", "http:");

        server("    pageTitle: Shop\n" + USERS);
        assertThat(running.awaitEvent("loaded", "/change", "server.yaml changed")
                        .path("how")
                        .asText())
                .isEqualTo("restarted");
        assertThat(healthy("http", Trust.defaults(), Credentials.none())).isInstanceOf(Answer.Unauthorized.class);
        assertChangesAreVerified("3s");
        server("    pageTitle: Shop\n");
        await().atMost(LONG)
                .until(() ->
                        healthy("http", Trust.defaults(), Credentials.none()).equals(new Answer.Ok<>(true)));
        write("self.yaml", monitor("4s"));
        await().atMost(LONG)
                .until(() ->
                        running.events("loaded", "/change", "self.yaml changed").count() == 2);
    }

    @Test
    void tlsOnly() throws Exception {
        server(TLS);
        run();
        running.awaitEvent("ready", "/url", "https://127.0.0.1:" + port);
        assertChangesAreVerified("3s");
        assertOthersFindTheRun();

        Certificates renewed = Certificates.make(temporary, "dns:shop.invalid");
        serveWith(renewed);
        await().atMost(LONG)
                .until(() -> healthy("https", new Trust.Pinned(renewed.certificate()), Credentials.none())
                        .equals(new Answer.Ok<>(true)));
        write("self.yaml", monitor("4s"));
        await().atMost(LONG)
                .until(() ->
                        running.events("loaded", "/change", "self.yaml changed").count() == 2);
        assertOthersFindTheRun();
        assertNothingIsTold();
    }

    @Test
    void usersTlsAndClientsCertificates() throws Exception {
        server(TLS + CLIENTS + USERS);
        run();
        running.awaitEvent("ready", "/url", "https://127.0.0.1:" + port);
        assertChangesAreVerified("3s");
        assertOthersFindTheRun();

        assertThat(healthy("https", new Trust.Anything(), alice()))
                .as("a client without a certificate")
                .isInstanceOf(Answer.Unreachable.class);
        assertNothingIsTold();
    }

    @Test
    void theNextRunOnTheFolderComesAsTheSame() throws Exception {
        server(TLS + USERS);
        CommandProcesses.Started first = run();
        String generation =
                running.awaitEvent("ready", "/url", "https:").path("generation").asText();
        byte[] identity = Files.readAllBytes(state.resolve("operator.json"));
        byte[] web = Files.readAllBytes(state.resolve("config/web.yml"));
        first.end();

        run();
        assertThat(running.awaitEvent("ready", "/url", "https:")
                        .path("generation")
                        .asText())
                .isEqualTo(generation);
        assertThat(Files.readAllBytes(state.resolve("operator.json"))).isEqualTo(identity);
        assertThat(Files.readAllBytes(state.resolve("config/web.yml"))).isEqualTo(web);
        assertChangesAreVerified("3s");
    }

    @Test
    void aDamagedIdentityIsSaidAndMadeAnew() throws Exception {
        server(USERS);
        CommandProcesses.Started first = run();
        running.awaitEvent("ready", "/url", "http:");
        Path file = state.resolve("operator.json");
        String before = Files.readString(file);
        Files.writeString(file, before.replaceAll("\"password\" : \"....", "\"password\" : \"AAAA"));

        assertThat(said("status", folder.toString()))
                .startsWith("exit 3\nrefused")
                .contains("HTTP 401", "operator.json is damaged: its password and the password's hash don't match");
        assertChangesAreVerified("3s");
        first.end();

        run();
        JsonNode note = running.awaitEvent("diagnostics", "/diagnostics/0/code", "NX4015")
                .at("/diagnostics/0");
        assertThat(note.path("message").asText()).contains(file.toString(), "is damaged");
        running.awaitEvent("ready", "/url", "http:");
        assertThat(Files.readString(file)).isNotEqualTo(before);
        write("self.yaml", monitor("4s"));
        running.awaitEvent("loaded", "/change", "self.yaml changed");
        assertOthersFindTheRun();
        assertNothingIsTold();
    }

    @Test
    void aServerThatCantBeLookedIntoIsSaidToBe() throws Exception {
        server(USERS);
        run();
        running.awaitEvent("ready", "/url", "http:");

        // Somebody stops Prometheus's process without ending it: nothing answers.
        ProcessHandle prometheus = running.prometheus();
        signal("-STOP", prometheus);
        try {
            write("self.yaml", monitor("3s"));
            JsonNode told = running.awaitEvent("state", "/reason", "UNREACHABLE");
            assertThat(told.path("text").asText())
                    .contains("can't be verified", "no complete answer from 127.0.0.1:" + port);
        } finally {
            signal("-CONT", prometheus);
        }
        running.awaitEvent("loaded", "/change", "self.yaml changed");
    }

    private static void signal(String signal, ProcessHandle process) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
