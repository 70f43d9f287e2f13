package io.narthex.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.access.Identity;
import io.narthex.access.IdentityText;
import io.narthex.cli.Session;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.swarm.SwarmNames;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever answers in the operator's place learns no password. A Docker that says what the test wants stands in here, since the
 * tests' real one can't be made to have tasks on this machine's own address.
 */
class OperatorStatusTest {

    private static final SwarmNames NAMES =
            new SwarmNames("narthex", new ResourceKey("PrometheusServer", "default", "main"));
    private static final Identity IDENTITY = IdentityText.make(new SecureRandom(), InstantSource.system());

    private final ObjectMapper json = new ObjectMapper();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> passwords = new CopyOnWriteArrayList<>();
    private final Map<String, String> docker = new TreeMap<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private interface Answer {
        String to(HttpExchange exchange);
    }

    private int serve(Answer answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String text = answer.to(exchange);
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(text.isEmpty() ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return server.getAddress().getPort();
    }

    private int prometheus() throws IOException {
        return serve(exchange -> {
            List<String> given = exchange.getRequestHeaders().get("Authorization");
            if (given != null) {
                passwords.addAll(given);
            }
            return "{}";
        });
    }

    private void askStatus(String claimed) throws IOException {
        String page = """
                {"kind": "operatorStatus", "servers": [{"namespace": "default", "name": "main", "phase": "ready",
                 "url": "%s", "access": {"instance": "narthex"}}]}""".formatted(claimed);
        int operator = serve(exchange -> page);
        ObjectNode config = json.createObjectNode().put("ID", "c1");
        ObjectNode spec = config.putObject("Spec").put("Name", NAMES.identity());
        NAMES.labels("identity").forEach(spec.putObject("Labels")::put);
        spec.put("Data", Base64.getEncoder().encodeToString(new IdentityText(InstantSource.system()).write(IDENTITY)));
        docker.put("/configs/" + NAMES.identity(), config.toString());
        docker.put("/version", "{\"ApiVersion\": \"1.47\", \"MinAPIVersion\": \"1.24\"}");
        int daemon = serve(exchange ->
                docker.getOrDefault(exchange.getRequestURI().getPath().replaceFirst("^/v1[.][0-9]+", ""), ""));
        Session.Result result = new Session()
                .with("DOCKER_HOST", "tcp://127.0.0.1:" + daemon)
                .run("status", "--operator", "http://127.0.0.1:" + operator);
        assertThat(result.out()).as(result.err()).contains("PrometheusServer default/main");
    }

    /** Docker knows a task of the server that listens so, at this address. */
    private void task(String listens, String address) {
        ObjectNode service = json.createObjectNode().put("ID", "s1");
        NAMES.labels("server")
                .forEach(service.putObject("Spec").put("Name", NAMES.base()).putObject("Labels")::put);
        ObjectNode task =
                json.createObjectNode().put("ID", "t1").put("ServiceID", "s1").put("NodeID", "n1");
        task.putObject("Status").put("State", "running");
        task.putObject("Spec").putObject("ContainerSpec").putObject("Labels").put("io.narthex.listens", listens);
        ArrayNode attachments = task.putArray("NetworksAttachments");
        attachments.addObject().putArray("Addresses").add(address + "/24");
        docker.put("/services", "[" + service + "]");
        docker.put("/tasks", "[" + task + "]");
        docker.put("/nodes", "[]");
    }

    @Test
    void whatIsNoTaskOfTheServerGetsNoPassword() throws Exception {
        int port = prometheus();
        task("http://0.0.0.0:" + port, "10.0.9.9");
        askStatus("http://127.0.0.1:" + port);
        assertThat(passwords).isEmpty();
    }

    @Test
    void neitherDoesAnotherPortOrSchemeOfATask() throws Exception {
        int port = prometheus();
        task("http://0.0.0.0:1", "127.0.0.1");
        askStatus("http://127.0.0.1:" + port);
        task("https://0.0.0.0:" + port, "127.0.0.1");
        askStatus("http://127.0.0.1:" + port);
        assertThat(passwords).isEmpty();
    }

    @Test
    void aServerWithoutAServiceGetsNone() throws Exception {
        docker.put("/services", "[]");
        askStatus("http://127.0.0.1:" + prometheus());
        assertThat(passwords).isEmpty();
    }

    @Test
    void theServersOwnTaskGetsIt() throws Exception {
        int port = prometheus();
        task("http://0.0.0.0:" + port, "127.0.0.1");
        askStatus("http://127.0.0.1:" + port);
        assertThat(passwords).isNotEmpty().allMatch(given -> given.startsWith("Basic "));
    }

    @Test
    void aUrlThatIsNoneIsTheOtherSidesMistake() throws Exception {
        askStatus("http:// x");
        askStatus("ftp://127.0.0.1");
    }
}
