package io.narthex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerTransport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of odd HTTP reaches Docker through the gate: nothing but what the gate itself writes. */
class SocketGateTest {

    private static final int MOST = 2 << 20;
    private static final String CONFIG =
            "{\"Name\": \"a\", \"Labels\": {\"io.narthex.owner\": \"narthex\"}, \"Data\": \"YQ==\"}";

    /** Request lines, headers and bodies that reached what stands for Docker. */
    private final List<String> reached = new CopyOnWriteArrayList<>();

    private HttpServer docker;
    private DockerTransport transport;
    /** What stands for Docker's answer, but to the question for its version. */
    private volatile String says = "[]";

    private SocketGate gate;

    @BeforeEach
    void open() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        docker = HttpServer.create(anyPort, 0);
        docker.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        docker.createContext("/", this::answer);
        docker.start();
        transport = new DockerTransport(
                DockerHost.parse("tcp://127.0.0.1:" + docker.getAddress().getPort(), Optional.empty()),
                Duration.ofSeconds(10));
        gate = new SocketGate(anyPort, "narthex", transport);
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        transport.close();
        docker.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        reached.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + new TreeMap<>(exchange.getRequestHeaders()).toString().toLowerCase(Locale.ROOT) + " " + body);
        byte[] text = (exchange.getRequestURI().getPath().equals("/version") ? "{\"ApiVersion\":\"1.41\"}" : says)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }

    /** Sends these bytes as they are, and returns what comes back on the connection until its end. */
    private String raw(String... parts) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gate.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            try {
                for (String part : parts) {
                    out.write(part.getBytes(StandardCharsets.ISO_8859_1));
                }
                out.flush();
                socket.shutdownOutput();
            } catch (IOException e) {
                // The gate may close before it has read all.
            }
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException e) {
            // Closed while the rest of a request was on its way.
            return "";
        }
    }

    private String request(String line, String headers, String body) throws IOException {
        return raw(line + " HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n" + headers + "\r\n", body);
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String length(String body) {
        return "Content-Length: " + body.length() + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1.41/containers/json",
                "GET //v1.41/containers/json",
                "GET /v1.41//containers/json",
                "GET /v1.41/./containers/json",
                "GET /v1.41/services/../containers/json",
                "GET /v1.41/services/..%2fcontainers/json",
                "GET /v1.41/services/%2e%2e/containers/json",
                "GET /v1.41/services%2f..%2fcontainers",
                "GET /v1.41/%63ontainers/json",
                "GET /v1.41/services;/../containers",
                "GET /v1.41/services/",
                "GET /v1.41/services\\..\\containers",
                "GET http://docker/v1.41/containers/json",
                "GET /containers/json",
                "GET /v1.41/containers/json?x=/services",
                "GET /v1.41/services?filters={}&all=1",
                "HEAD /v1.41/services",
                "OPTIONS *",
                "TRACE /v1.41/services",
                "BREW /v1.41/services",
                "CONNECT docker:2375",
            })
    void passesNoPathButTheListed(String line) throws IOException {
        assertThat(request(line, "", "")).doesNotContain(" 200 ");
        assertThat(reached).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1.41/containers/x/attach?stream=1",
                "POST /v1.41/exec/x/start",
                "POST /v1.41/session",
                "POST /grpc",
            })
    void handsOverNoConnection(String line) throws IOException {
        assertThat(request(line, "Upgrade: tcp\r\nConnection: Upgrade\r\n", "")).doesNotContain(" 101 ", " 200 ");
        assertThat(request(line, "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", ""))
                .doesNotContain(" 101 ", " 200 ");
        assertThat(reached).isEmpty();
    }

    @Test
    void handsOnNoHeaderOfTheClients() throws IOException {
        String answer = request(
                "GET /v1.41/services",
                lines(
                        "Upgrade: tcp",
                        "X-HTTP-Method-Override: DELETE",
                        "X-Forwarded-Prefix: /containers",
                        "Authorization: Basic eDp5",
                        "Cookie: a=b",
                        "Referer: evil"),
                "");
        assertThat(answer).contains(" 200 ");
        assertThat(reached)
                .singleElement()
                .asString()
                .startsWith("GET /v1.41/services ")
                .doesNotContain("upgrade", "override", "prefix", "authorization", "cookie", "referer");
    }

    @Test
    void writesWhatItReadAnewWhateverItsFormIs() throws IOException {
        String chunked = Integer.toHexString(CONFIG.length()) + ";x=y\r\n" + CONFIG + "\r\n0\r\n\r\n";
        String form = "Content-Type: application/x-www-form-urlencoded\r\n";
        String answers = request("POST /v1.41/configs/create", form + length(CONFIG), CONFIG)
                + request("POST /v1.41/configs/create", form + "Transfer-Encoding: chunked\r\n", chunked);
        assertThat(answers).doesNotContain(" 403 ");
        assertThat(reached)
                .hasSize(2)
                .allSatisfy(one -> assertThat(one)
                        .contains("content-type=[application/json")
                        .contains("{\"Name\":\"a\",\"Labels\":{\"io.narthex.owner\":\"narthex\"},\"Data\":\"YQ==\"}")
                        .doesNotContain("urlencoded"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "[]",
                "\"text\"",
                "{\"Labels\": {\"io.narthex.owner\": \"narthex\"}, \"labels\": {}}",
                "{\"Labels\": {\"io.narthex.owner\": \"x\", \"io.narthex.owner\": \"narthex\"}}",
                "{\"Labels\": {\"io.narthex.owner\": [\"narthex\"]}}",
                "{\"Labels\": {\"io.narthex.owner\": \"narthex\"}} {\"Labels\": {}}",
            })
    void passesNoContentThatItDoesntUnderstand(String body) throws IOException {
        assertThat(request("POST /v1.41/configs/create", length(body), body)).contains(" 403 ");
        String chunked = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        assertThat(request("POST /v1.41/configs/create", "Transfer-Encoding: chunked\r\n", chunked))
                .contains(" 403 ");
        assertThat(reached).isEmpty();
    }

    @Test
    void readsNoMoreThanAConfigMayHold() throws IOException {
        String body = CONFIG.replace("YQ==", "A".repeat(MOST));
        request("POST /v1.41/configs/create", length(body), body);
        String chunk = "10000\r\n" + "A".repeat(0x10000) + "\r\n";
        request("POST /v1.41/configs/create", "Transfer-Encoding: chunked\r\n", chunk.repeat(40) + "0\r\n\r\n");
        request("GET /v1.41/services", "X-Registry-Auth: " + "A".repeat(20_000) + "\r\n", "");
        assertThat(reached).isEmpty();
    }

    @Test
    void tellsOfEventsNoCommandLinesAndNoLabels() throws IOException {
        says = """
                {"Type":"container","Action":"exec_create: mysqladmin ping -phunter2","status":"exec_create: hunter2",\
                "id":"c","Actor":{"ID":"c","Attributes":{"execID":"e","name":"shop_db.1","image":"db",\
                "com.docker.swarm.task.id":"t","password":"hunter2"}},"scope":"local","time":1,"timeNano":2}
                {"Type":"container","Action":"health_status: healthy","Actor":{"ID":"c","Attributes":{}}}
                """;

        String answer = request("GET /v1.41/events?filters={}".replace("{}", "%7B%7D"), "", "");

        assertThat(answer)
                .contains(
                        "{\"Type\":\"container\",\"Action\":\"exec_create\",\"Actor\":{\"ID\":\"c\",\"Attributes\":{"
                                + "\"name\":\"shop_db.1\",\"com.docker.swarm.task.id\":\"t\"}},"
                                + "\"scope\":\"local\",\"time\":1,\"timeNano\":2}\n",
                        "\"Action\":\"health_status: healthy\"")
                .doesNotContain("hunter2", "\"image\"", "execID");
    }

    @Test
    void judgesEachRequestOfAConnectionByItself() throws IOException {
        // The second one is in what claims to be the first one's content, or behind it.
        String hidden = lines("DELETE /v1.41/containers/x HTTP/1.1", "Host: gate", "Connection: close", "");
        String line = "GET /v1.41/services HTTP/1.1";
        raw(lines(line, "Host: gate", ""), hidden);
        raw(lines(line, "Host: gate", "Content-Length: 4", "Transfer-Encoding: chunked", "", "0", ""), hidden);
        raw(lines(line, "Host: gate", "Content-Length: " + hidden.length(), ""), hidden);
        assertThat(reached).isNotEmpty().allSatisfy(one -> assertThat(one).startsWith("GET /v1.41/services "));
    }
}
