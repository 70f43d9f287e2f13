package io.narthex.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.CommandProcesses;
import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.process.TestPrometheus;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code narthex run} as a user meets it: a process of its own, a real Prometheus, files that change. */
class RunIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @RegisterExtension
    private final CommandProcesses processes = new CommandProcesses();

    @SuppressWarnings("NullAway.Init") // Each test begins with a run.
    private CommandProcesses.Started running;

    private Path program;
    private int port;

    @BeforeEach
    void writeFolder() throws IOException {
        program = RealPrograms.prometheus();
        port = TestPrometheus.freePort();
        write("server.yaml", server("200h"));
        write("self.yaml", monitor("5s"));
    }

    private String server(String retention) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: PrometheusServer
                metadata: {name: main}
                spec:
                  listen: {address: 127.0.0.1, port: %d}
                  retention: {time: %s}
                """.formatted(port, retention);
    }

    private static final String ALLOWS_FILES = "  tenancy: {allowFileAccess: true}\n";

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

    private static final String UNREADABLE = ", tls: {cert: {file: /nowhere/tls.crt}, key: {file: /nowhere/tls.key}}";

    private static String closed(String tls) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: closed}
                spec:
                  source: {static: {targets: ["127.0.0.1:1"]}}
                  endpoints: [{interval: 1m%s}]
                """.formatted(tls);
    }

    private static String rules(String expression) {
        return """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: RuleSet
                metadata: {name: sums}
                spec:
                  groups:
                    - name: sums
                      rules:
                        - {record: "job:up:sum", expr: "%s"}
                """.formatted(expression);
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private CommandProcesses.Started run(String... more) throws IOException {
        running = processes.start(Stream.concat(
                        Stream.of("run", folder.toString(), "-o", "json", "--prometheus", program.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
        return running;
    }

    @Test
    void changesAreLoadedAndMistakesAreNot() throws Exception {
        write("server.yaml", server("200h") + ALLOWS_FILES);
        CommandProcesses.Started narthex = run();
        String first = running.awaitEvent("ready", "/url", ":" + port)
                .path("generation")
                .asText();
        long prometheus = narthex.prometheus().pid();

        write("self.yaml", monitor("3s"));
        JsonNode loaded = running.awaitEvent("loaded", "/change", "self.yaml changed");
        assertThat(loaded.path("how").asText()).isEqualTo("reloaded");
        String second = loaded.path("generation").asText();
        assertThat(second).isNotEqualTo(first);

        write("self.yaml", monitor("500ms"));
        JsonNode refused = running.awaitEvent("diagnostic", "/diagnostic/code", "NX1204");
        assertThat(refused.path("running").asText()).isEqualTo(second);

        // PromQL is known to the running Prometheus, which is asked before anything is written.
        write("rules.yaml", rules("sum(up by"));
        JsonNode refusedQuery = running.awaitEvent("diagnostic", "/diagnostic/code", "NX1410");
        assertThat(refusedQuery.at("/diagnostic/resource/name").asText()).isEqualTo("sums");
        assertThat(refusedQuery.at("/diagnostic/line").asInt()).isEqualTo(8);
        assertThat(refusedQuery.at("/diagnostic/column").asInt()).isEqualTo(48);
        assertThat(refusedQuery.path("running").asText()).isEqualTo(second);

        write("rules.yaml", rules("sum(up) by (job)"));
        running.awaitEvent("loaded", "/change", "rules.yaml changed");

        write(
                "alerts.yaml",
                rules("up == 0")
                        .replace("sums", "alerts")
                        .replace("record: \"job:up:sum\"", "annotations: {summary: \"{{ nosuch }}\"}, alert: Down"));
        JsonNode template = running.awaitEvent("diagnostic", "/diagnostic/code", "NX1405");
        assertThat(template.at("/diagnostic/resource/name").asText()).isEqualTo("alerts");
        assertThat(template.at("/diagnostic/message").asText()).contains("nosuch");

        // Right by every rule of the compiler and of PromQL; only Prometheus reads the files.
        write("closed.yaml", closed(""));
        running.awaitEvent("loaded", "/change", "closed.yaml changed");
        // What a job without a scrape pool names isn't opened by a reload (scrape/manager.go).
        try (var client = TestPrometheus.client(port)) {
            await().atMost(LONG)
                    .until(() -> client.scrapePools().toOptional().orElse(Set.of()).stream()
                            .anyMatch(pool -> pool.contains("closed")));
        }
        write("closed.yaml", closed(UNREADABLE));
        JsonNode blamed = running.awaitEvent("diagnostic", "/diagnostic/code", "NX2050");
        assertThat(blamed.at("/diagnostic/resource/name").asText()).isEqualTo("closed");
        assertThat(narthex.prometheus().pid()).as("one process throughout").isEqualTo(prometheus);

        write("server.yaml", server("100h") + ALLOWS_FILES);
        JsonNode shrinks = running.awaitEvent("diagnostic", "/diagnostic/code", "NX1315");
        assertThat(shrinks.at("/diagnostic/message").asText()).contains("200h", "100h");
        // Nothing else waits for whoever is to allow that.
        write("rules.yaml", rules("count(up)"));
        running.awaitEvent("loaded", "/change", "rules.yaml changed");
        assertThat(narthex.prometheus().pid()).isEqualTo(prometheus);
    }

    @Test
    void aJobThatPrometheusCanNotSetUpSaysSo() throws Exception {
        write("server.yaml", server("200h") + ALLOWS_FILES);
        write("closed.yaml", closed(UNREADABLE));
        run();
        running.awaitEvent("ready", "/url", ":" + port);

        JsonNode targets = running.awaitEvent("targets", "/jobs/0/lastError", "NX3008");
        assertThat(targets.at("/jobs/0/name").asText()).contains("closed");
        assertThat(processes
                        .start("explain", "monitor/closed", "--dir", folder.toString())
                        .said())
                .contains("Prometheus's log says which; see narthex explain NX3008");
    }

    @Test
    void aBadExpressionIsHeldBackBeforeTheFirstStartAndTheRestGoesOn() throws Exception {
        write("rules.yaml", rules("sum(up") + "---\n" + rules("up").replace("sums", "good"));
        run();
        running.awaitEvent("ready", "/url", ":" + port);
        assertThat(running.events("diagnostics", "/diagnostics/0/code", "NX1410"))
                .isNotEmpty();
        try (var client = TestPrometheus.client(port)) {
            assertThat(client.rules().toOptional().orElseThrow().groups()).hasSize(1);
        }
        // What the running server's features don't allow yet is left to a promtool that has them.
        write(
                "rules.yaml",
                rules("sort_by_label(up, 'job')") + "---\n" + rules("up").replace("sums", "good"));
        write("server.yaml", server("200h") + "  features: [promql-experimental-functions]\n");
        running.awaitEvent("loaded", "/how", "restarted");
        try (var client = TestPrometheus.client(port)) {
            await().atMost(LONG)
                    .until(() -> client.rules()
                            .toOptional()
                            .filter(rules -> rules.groups().size() == 2)
                            .isPresent());
        }
        assertThat(running.events("diagnostic", "/diagnostic/code", "NX1410")
                        .map(event -> event.at("/diagnostic/message").asText()))
                .allMatch(message -> message.contains("unclosed left parenthesis")
                        // The rules may be seen a moment before the server that allows them.
                        || message.contains("is not enabled"));
    }

    @Test
    void rulesOfATenantAreConfinedOnceTheServerRuns() throws Exception {
        write("server.yaml", server("200h") + """
                  ruleSets: {namespaceSelector: {}}
                  monitors: {namespaceSelector: {}}
                  evaluationInterval: 1s
                  tenancy: {namespaceLabel: ns}
                """);
        write("self.yaml", monitor("1s"));
        write("tenant.yaml", monitor("1s").replace("{name: self}", "{name: self, namespace: team}"));
        write(
                "rules.yaml",
                rules("count by (ns) ({__name__='up'})")
                        .replace("{name: sums}", "{name: sums, namespace: team}")
                        .replace("job:up:sum", "team:up")
                        .replace("expr", "labels: {ns: other}, expr"));
        CommandProcesses.Started narthex = run();
        running.awaitEvent("ready", "/url", ":" + port);
        try (var client = TestPrometheus.client(port)) {
            await().atMost(LONG)
                    .until(() -> client.query("team:up and on () (count(up offset 2s) == 2)", Optional.empty())
                            .toOptional()
                            .filter(found -> !found.samples().isEmpty())
                            .isPresent());
            // The server's own target, which has no such label, isn't counted.
            var samples = client.query("team:up", Optional.empty())
                    .toOptional()
                    .orElseThrow()
                    .samples();
            assertThat(samples).hasSize(1);
            assertThat(samples.getFirst().labels()).containsEntry("ns", "team");
            assertThat(samples.getFirst().value()).isEqualTo(1);

            write(
                    "more.yaml",
                    rules("up == 0")
                            .replace("{name: sums}", "{name: more, namespace: team}")
                            .replace(
                                    "record: \"job:up:sum\"",
                                    "alert: Down, annotations: {summary: '{{ query `up` }}'}"));
            JsonNode refused = running.awaitEvent("diagnostic", "/diagnostic/code", "NX1408");
            assertThat(refused.at("/diagnostic/message").asText()).contains("the function query");
            assertThat(client.rules().toOptional().orElseThrow().groups()).hasSize(1);
        }
        narthex.end();

        assertThat(Files.deleteIfExists(folder.resolve("more.yaml"))).isTrue();
        CommandProcesses.Started once = run("--once", "--wait", "60s");
        assertThat(once.exit())
                .as("nothing is refused once the server was asked")
                .isZero();
    }

    @Test
    void endsCleanlyBySignalAndLeavesNothing() throws Exception {
        CommandProcesses.Started narthex = run();
        running.awaitEvent("ready", "/url", ":" + port);
        long prometheus = narthex.prometheus().pid();

        CommandProcesses.Started second = run();
        assertThat(second.exit()).as("the folder is taken").isEqualTo(3);

        narthex.end();
        assertThat(narthex.exit()).isEqualTo(143);
        assertThat(ProcessHandle.of(prometheus).filter(ProcessHandle::isAlive)).isEmpty();
        // A WAL that isn't closed would hold its lock.
        assertThat(folder.resolve(".narthex/data/lock"))
                .satisfiesAnyOf(
                        lock -> assertThat(lock).doesNotExist(),
                        lock -> assertThat(lock).isEmptyFile());
    }

    @Test
    void onceEndsWhenEveryTargetIsUp() throws Exception {
        CommandProcesses.Started narthex = run("--once", "--wait", "60s");

        assertThat(narthex.exit()).isZero();
        running.awaitEvent("targets", "/up", "1");
    }

    /** Such as for a flag that no release knows, of which only Prometheus can judge. */
    @Test
    void onceEndsWherePrometheusNeverStarts() throws Exception {
        write("server.yaml", server("200h") + "  extraFlags: {no.such.flag: \"1\"}\n");

        CommandProcesses.Started narthex = run("--once");

        assertThat(narthex.said())
                .startsWith("exit 1\n")
                .contains("Prometheus ends again and again")
                .contains("no.such.flag");
    }

    @Test
    void aServerThatIsWrongStartsNothing() throws Exception {
        write("server.yaml", server("200hh"));

        CommandProcesses.Started narthex = run();

        assertThat(narthex.exit()).isEqualTo(1);
        assertThat(folder.resolve(".narthex")).doesNotExist();
    }

    @Test
    void statusAndDiffFindTheRun() throws Exception {
        run();
        running.awaitEvent("targets", "/up", "1");

        assertThat(exit("status", folder.toString(), "--fail-down")).isZero();
        assertThat(exit("diff", folder.toString(), "--running")).isZero();
        write("self.yaml", monitor("4s"));
        running.awaitEvent("loaded", "/change", "self.yaml changed");
        assertThat(exit("diff", folder.toString(), "--running")).isZero();
        assertThat(exit("status", folder.resolve("elsewhere").toString())).isEqualTo(3);
    }

    @Test
    void targetsAreReadFromAFileOfTheFolder() throws Exception {
        write("files.yaml", """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: files}
                spec:
                  source:
                    file: {files: ["targets/*.json"]}
                  endpoints:
                    - interval: 1s
                """);
        Files.createDirectory(folder.resolve("targets"));
        write("targets/web.json", targets("one"));
        run();
        running.awaitEvent("ready", "/url", ":" + port);
        await().atMost(LONG).until(() -> shelvesOf("files").equals(List.of("one")));

        // Prometheus watches the file itself; Narthex has nothing to do with it.
        write("targets/web.json", targets("two"));
        await().atMost(LONG).until(() -> shelvesOf("files").equals(List.of("two")));
        assertThat(running.events("loaded", "/change", "")).isEmpty();

        assertThat(exit("diff", folder.toString(), "--running")).isZero();
        assertThat(exit("lint", folder.toString())).isZero();
    }

    private String targets(String shelf) {
        return "[{\"targets\": [\"127.0.0.1:%d\"], \"labels\": {\"shelf\": \"%s\"}}]".formatted(port, shelf);
    }

    /** Returns the label shelf of each target of a job, as Prometheus itself says. */
    private List<String> shelvesOf(String job) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + port + "/api/v1/targets?state=active");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString());
        List<String> shelves = new ArrayList<>();
        for (JsonNode target : JSON.readTree(answer.body()).at("/data/activeTargets")) {
            if (target.at("/labels/job").asText().equals(job)) {
                shelves.add(target.at("/labels/shelf").asText());
            }
        }
        return shelves;
    }

    @Test
    void statusReadsAnyPrometheus() throws Exception {
        run();
        running.awaitEvent("targets", "/up", "1");
        String url = "http://127.0.0.1:" + port;

        Session.Result text = new Session().run("status", "--url", url);
        assertThat(text.code()).isZero();
        assertThat(text.out())
                .startsWith("ready  " + url + "  prometheus 3.")
                .contains("1 job, 1/1 target up", "JOB", "self");
        assertThat(text.err()).isEmpty();

        JsonNode json = JSON.readTree(
                new Session().run("status", "-o", "json", folder.toString()).out());
        assertThat(json.path("schemaVersion").asInt()).isEqualTo(1);
        assertThat(json.path("phase").asText()).isEqualTo("ready");
        assertThat(json.path("up").asInt()).isEqualTo(1);
        assertThat(json.at("/jobs/0/name").asText()).isEqualTo("monitor/default/self/metrics");

        write("gone.yaml", """
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: gone}
                spec:
                  source: {static: {targets: ["127.0.0.1:1"]}}
                  endpoints: [{interval: 1s}]
                """);
        running.awaitEvent("targets", "/jobs", "connection refused");
        assertThat(new Session().run("status", folder.toString()).code()).isZero();
        Session.Result down = new Session().run("status", "--fail-down", folder.toString());
        assertThat(down.code()).isEqualTo(ExitCode.NO.number());
        assertThat(down.out()).containsPattern("(?m)^gone +0/1 +127\\.0\\.0\\.1:1 .*, see NX3\\d{3}$");
    }

    private int exit(String... arguments) throws Exception {
        return processes.start(arguments).exit();
    }
}
