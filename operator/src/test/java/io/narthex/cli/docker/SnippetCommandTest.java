package io.narthex.cli.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.narthex.cli.Session;
import io.narthex.cli.page.SnippetPage;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.reconcile.OperatorView;
import io.narthex.reconcile.ServerState;
import io.narthex.reconcile.Snippet;
import io.narthex.web.OperatorEndpoint;
import io.narthex.web.OperatorHealth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SnippetCommandTest {

    private static final String STANZA = """
            rule_files:
              - "rules-00.yml"
              - "generation-0123456789abcdef-*.none"
            scrape_configs:
              - job_name: "swarm"
            """;

    private static Snippet snippet(String name) {
        return new Snippet(
                new ResourceKey("PrometheusServer", "default", name),
                PrometheusVersion.NEWEST_KNOWN,
                "0123456789abcdef",
                STANZA,
                new TreeMap<>(Map.of("rules-00.yml", "groups: []\n")),
                new TreeSet<>(List.of("credentials/a")),
                new TreeMap<>(Map.of("discovery.token", "narthex-main-token-1")));
    }

    private record View(String platform, List<Snippet> snippets) implements OperatorView {
        @Override
        public Optional<String> instance() {
            return Optional.of("staging");
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public boolean isWorking() {
            return true;
        }

        @Override
        public Optional<String> waitsFor() {
            return Optional.empty();
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public Map<String, Long> resources() {
            return Map.of();
        }

        @Override
        public List<Diagnostic> diagnostics() {
            return List.of();
        }

        @Override
        public List<ServerState> servers() {
            return List.of();
        }
    }

    private static Session.Result run(View view, String... arguments) throws IOException {
        return run(new Session(), view, arguments);
    }

    private static Session.Result run(Session session, View view, String... arguments) throws IOException {
        try (OperatorEndpoint endpoint = new OperatorEndpoint(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                () -> OperatorHealth.idle(OperatorHealth.Role.LEADING),
                "test",
                List.of(SnippetPage.of(view)))) {
            String[] all = new String[arguments.length + 3];
            all[0] = "snippet";
            all[1] = "--operator";
            all[2] = "http://127.0.0.1:" + endpoint.port();
            System.arraycopy(arguments, 0, all, 3, arguments.length);
            return session.run(all);
        }
    }

    @Test
    void printsWhatCanBePastedAndWhereItsFilesComeFrom() throws IOException {
        Session.Result result = run(new View("swarm", List.of(snippet("main"))));

        assertThat(result.code()).isZero();
        assertThat(result.out()).endsWith(STANZA);
        assertThat(result.out()
                        .lines()
                        .limit(result.out().lines().count() - STANZA.lines().count()))
                .allMatch(line -> line.startsWith("# "))
                .anyMatch(line -> line.contains("discovery.token: mount the Docker secret narthex-main-token-1"))
                .anyMatch(line -> line.contains("rules-00.yml: narthex snippet default/main --file rules-00.yml"))
                .anyMatch(line -> line.contains("credentials/a"));
    }

    /** A daemon that keeps what it is given; a token of another instance would be refused. */
    @Test
    void aNewTokenIsOfTheOperatorsOwnInstance() throws IOException {
        List<String> made = new CopyOnWriteArrayList<>();
        HttpServer daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        daemon.createContext("/", exchange -> {
            String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean creates = exchange.getRequestMethod().equals("POST");
            if (creates) {
                made.add(sent);
            }
            boolean asksVersion = exchange.getRequestURI().getPath().equals("/version");
            byte[] answer = (asksVersion
                            ? "{\"ApiVersion\": \"1.47\", \"MinAPIVersion\": \"1.24\"}"
                            : "{\"ID\": \"1\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(creates ? 201 : asksVersion ? 200 : 404, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        daemon.start();
        try {
            Session session = new Session()
                    .with(
                            "DOCKER_HOST",
                            "tcp://127.0.0.1:" + daemon.getAddress().getPort());
            Session.Result result = run(session, new View("swarm", List.of(snippet("main"))), "--new-token");
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(made).singleElement().asString().contains("\"io.narthex.owner\":\"staging\"");

            result = run(session, new View("swarm", List.of(snippet("main"))), "--new-token", "--instance", "other");
            assertThat(result.code()).as(result.err()).isZero();
            assertThat(made).last().asString().contains("\"io.narthex.owner\":\"other\"");
        } finally {
            daemon.stop(0);
        }
    }

    @Test
    void printsAFileAlone() throws IOException {
        View view = new View("swarm", List.of(snippet("main")));

        assertThat(run(view, "--file", "rules-00.yml").out()).isEqualTo("groups: []\n");
        Session.Result other = run(view, "--file", "rules-01.yml");
        assertThat(other.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(other.err()).contains("rules-00.yml");
    }

    @Test
    void ofSeveralServersOneMustBeNamed() throws IOException {
        View view = new View("swarm", List.of(snippet("main"), snippet("other")));

        assertThat(run(view).code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(run(view, "other").out()).contains("default/other");
        assertThat(run(view, "default/main").code()).isZero();
        Session.Result none = run(view, "nobody");
        assertThat(none.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(none.err()).contains("default/main, default/other");
    }

    @Test
    void whereThereIsNothingToPasteThatIsSaid() throws IOException {
        Session.Result compose = run(new View("compose", List.of()));
        assertThat(compose.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(compose.err()).contains("--config.file=");
        Session.Result managed = run(new View("swarm", List.of()));
        assertThat(managed.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(managed.err()).contains("External");
        Session.Result nobody = new Session().run("snippet", "--operator", "http://127.0.0.1:1");
        assertThat(nobody.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
        assertThat(nobody.err()).contains("no operator answers at http://127.0.0.1:1");
    }

    @Test
    void anOperatorOfASwarmEndsOnADaemonThatIsInNone() throws IOException {
        HttpServer daemon = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        daemon.createContext("/", exchange -> {
            boolean version = exchange.getRequestURI().getPath().equals("/version");
            byte[] body = (version
                            ? "{\"ApiVersion\":\"1.41\"}"
                            : "{\"message\":\"This node is not a swarm manager. Use \\\"docker swarm init\\\" or"
                                    + " \\\"docker swarm join\\\" to connect this node to swarm and try again.\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(version ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        daemon.start();
        try {
            String host = "tcp://127.0.0.1:" + daemon.getAddress().getPort();

            Session.Result result = new Session()
                    .run("operator", "--platform", "swarm", "--listen", "127.0.0.1:0", "--docker-host", host);

            assertThat(result.code()).isEqualTo(ExitCode.ENVIRONMENT.number());
            assertThat(result.err())
                    .contains("the Docker daemon at " + host + " is in no Swarm")
                    .contains("docker swarm init")
                    .contains("--platform compose");
        } finally {
            daemon.stop(0);
        }
    }
}
