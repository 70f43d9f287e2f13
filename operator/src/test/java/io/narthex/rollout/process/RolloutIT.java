package io.narthex.rollout.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Reason;
import io.narthex.rollout.Status;
import io.narthex.rollout.Status.Phase;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rollout of hand-made bundles to a real Prometheus. */
class RolloutIT {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final ResourceKey SERVER = new ResourceKey("PrometheusServer", "default", "main");
    private static final Retention FIFTEEN_DAYS = retention(15);

    @TempDir
    Path temporary;

    private PrometheusProgram program;
    private int port;
    private StateFolder state;
    private Supervisor supervisor;
    private Rollout rollout;
    private final List<Status> seen = new CopyOnWriteArrayList<>();

    @BeforeEach
    void open() throws IOException {
        program = new PrometheusProgram(RealPrograms.prometheus(), PrometheusVersion.NEWEST_KNOWN, "3.16.0");
        port = TestPrometheus.freePort();
        begin();
    }

    private void begin() {
        state = TestPrometheus.open(temporary.resolve("state"));
        supervisor = new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
        rollout = new Rollout(
                program,
                state,
                supervisor,
                address -> TestPrometheus.client(address.port()),
                Pace.LOCAL,
                InstantSource.system(),
                seen::add);
        rollout.start();
    }

    @AfterEach
    void close() throws IOException {
        rollout.close();
        supervisor.close();
        state.close();
    }

    @Test
    void startsThenReloadsWithoutRestart() throws Exception {
        Bundle first = new Draft().job("a", good("a")).bundle();
        rollout.desire(first, Suspects.NONE);
        awaitReady(first);
        long epoch = supervisor.observe().epoch();

        Bundle second = new Draft().job("a", good("a")).job("b", good("b")).bundle();
        rollout.desire(second, Suspects.NONE);
        awaitReady(second);

        assertThat(supervisor.observe().epoch()).isEqualTo(epoch);
        assertThat(loaded(second)).isTrue();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(configFiles())
                        .containsExactlyInAnyOrderElementsOf(
                                Stream.concat(second.files().keySet().stream(), Stream.of("prometheus.yml"))
                                        .toList()));
    }

    @Test
    void letsAlertsGoOnWhereAnotherRuleOfTheirFileIsEdited() throws Exception {
        String pending = "  - {name: pending, interval: 1s, rules: [{alert: Slow, expr: vector(1), for: 1h}]}\n";
        String other = "  - {name: other, rules: [{record: 'answer', expr: vector(%d)}]}\n";
        Bundle first = new Draft().rules(pending + other.formatted(41)).bundle();
        rollout.desire(first, Suspects.NONE);
        awaitReady(first);
        await().atMost(LONG).until(() -> activeAt().isPresent());
        Optional<String> since = activeAt();

        Bundle second = new Draft().rules(pending + other.formatted(42)).bundle();
        rollout.desire(second, Suspects.NONE);
        awaitReady(second);
        assertThat(activeAt()).isEqualTo(since);
        assertThat(configFiles()).containsExactlyInAnyOrder("prometheus.yml", "rules-0001.yml");
    }

    /** Returns since when the only alert is pending; empty while there is none. */
    private Optional<String> activeAt() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String alerts = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/alerts"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return new ObjectMapper()
                    .readTree(alerts)
                    .path("data")
                    .path("alerts")
                    .valueStream()
                    .map(alert -> alert.path("activeAt").asText())
                    .findFirst();
        }
    }

    @Test
    void restartsForAnotherFlag() throws Exception {
        Bundle first = new Draft().job("a", good("a")).bundle();
        rollout.desire(first, Suspects.NONE);
        awaitReady(first);
        long epoch = supervisor.observe().epoch();
        Bundle second =
                new Draft().job("a", good("a")).flag("--query.timeout=1m").bundle();
        rollout.desire(second, Suspects.NONE);
        await().atMost(LONG).until(() -> supervisor.observe().epoch() > epoch);
        awaitReady(second);
        try (PrometheusClient client = TestPrometheus.client(port)) {
            assertThat(client.flags().toOptional().orElseThrow()).containsEntry("query.timeout", "1m");
        }
    }

    @Test
    void putsBackWhatWasGoodAndNamesTheCulprit() throws Exception {
        Bundle good = new Draft().job("a", good("a")).bundle();
        rollout.desire(good, Suspects.NONE);
        awaitReady(good);
        Draft draft = new Draft();
        for (int i = 0; i < 20; i++) {
            draft.job("a" + i, good("a" + i));
        }
        draft.job("bad", "  - job_name: bad\n    scrape_interval: nonsense\n");
        rollout.desire(draft.bundle(), draft);
        await().atMost(LONG).until(() -> !rollout.status().culprits().isEmpty());
        Status status = rollout.status();
        assertThat(status.phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(status.reason()).isEqualTo(Reason.CONFIG_REFUSED);
        assertThat(status.verified()).contains(good.generation());
        assertThat(status.detail()).contains("nonsense").doesNotContain(temporary.toString());
        assertThat(status.culprits()).extracting(Culprit::resource).containsExactly(monitor("bad"));
        assertThat(loaded(good)).isTrue();

        Bundle mended = draft.without(Set.of(monitor("bad"))).orElseThrow();
        rollout.desire(mended, draft);
        awaitReady(mended);
        try (Stream<Path> list = Files.list(state.root())) {
            assertThat(list).noneMatch(path -> path.getFileName().toString().startsWith("spare-"));
        }
    }

    @Test
    void namesTheCulpritWhereNothingWasGoodBefore() throws Exception {
        Draft draft = new Draft().job("a", good("a")).job("bad", "  - job_name: bad\n    nonsense: 1\n");
        rollout.desire(draft.bundle(), draft);
        await().atMost(LONG).until(() -> !rollout.status().culprits().isEmpty());
        assertThat(rollout.status().phase()).isEqualTo(Phase.REFUSED);
        assertThat(rollout.status().culprits()).extracting(Culprit::resource).containsExactly(monitor("bad"));
        Bundle mended = draft.without(Set.of(monitor("bad"))).orElseThrow();
        rollout.desire(mended, draft);
        awaitReady(mended);
    }

    @Test
    void goesBackFromAFlagThatPrometheusRefuses() throws Exception {
        Bundle good = new Draft().job("a", good("a")).bundle();
        rollout.desire(good, Suspects.NONE);
        awaitReady(good);
        rollout.desire(new Draft().job("a", good("a")).flag("--no-such-flag").bundle(), Suspects.NONE);
        await().atMost(LONG).until(() -> rollout.status().phase() == Phase.ROLLED_BACK);
        assertThat(rollout.status().reason()).isEqualTo(Reason.START_FAILED);
        assertThat(rollout.status().detail()).contains("no-such-flag");
        assertThat(loaded(good)).isTrue();
    }

    @Test
    void startsAgainAfterACrash() throws Exception {
        Bundle bundle = new Draft().job("a", good("a")).bundle();
        rollout.desire(bundle, Suspects.NONE);
        awaitReady(bundle);
        long epoch = supervisor.observe().epoch();
        ProcessHandle.of(supervisor.observe().pid().orElseThrow()).orElseThrow().destroyForcibly();
        await().atMost(LONG).until(() -> supervisor.observe().epoch() > epoch);
        awaitReady(bundle);
        assertThat(loaded(bundle)).isTrue();
    }

    @Test
    void refusesToDeleteSamplesBeforeAnythingIsTouched() throws Exception {
        Bundle good = new Draft().job("a", good("a")).bundle();
        rollout.desire(good, Suspects.NONE);
        awaitReady(good);
        long epoch = supervisor.observe().epoch();
        List<String> files = configFiles();
        rollout.desire(new Draft().job("b", good("b")).keep(retention(1)).bundle(), Suspects.NONE);
        await().atMost(LONG).until(() -> rollout.status().phase() == Phase.REFUSED);
        assertThat(rollout.status().reason()).isEqualTo(Reason.RETENTION_SHRINKS);
        assertThat(rollout.status().detail()).isEqualTo("retention time 15d -> 1d");
        assertThat(supervisor.observe().epoch()).isEqualTo(epoch);
        assertThat(configFiles()).isEqualTo(files);
    }

    @Test
    void remembersWhatWasGoodAndWhatWasRefused() throws Exception {
        Bundle good = new Draft()
                .job("a", good("a"))
                .credential("credentials/x", "s3cret")
                .bundle();
        rollout.desire(good, Suspects.NONE);
        awaitReady(good);
        Bundle bad =
                new Draft().job("bad", "  - job_name: bad\n    nonsense: 1\n").bundle();
        rollout.desire(bad, Suspects.NONE);
        await().atMost(LONG).until(() -> rollout.status().phase() == Phase.ROLLED_BACK);
        await().atMost(LONG).until(() -> Files.exists(state.lastGood().resolve("refused.json")));
        rollout.close();
        supervisor.close();
        state.close();
        begin();
        rollout.desire(bad, Suspects.NONE);
        await().atMost(LONG).until(() -> rollout.status().phase() == Phase.ROLLED_BACK);
        assertThat(loaded(good)).isTrue();
        Path secret = state.config().resolve("credentials/x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret.getParent())))
                .isEqualTo("rwx------");
    }

    @Test
    void repairsFilesThatSomebodyElseChanged() throws Exception {
        Bundle bundle = new Draft().job("a", good("a")).bundle();
        rollout.desire(bundle, Suspects.NONE);
        awaitReady(bundle);
        Path index = state.config().resolve("prometheus.yml");
        Files.writeString(index, "global: {}\n");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Files.readAllBytes(index))
                        .isEqualTo(bundle.index().content()));
        awaitReady(bundle);
        assertThat(loaded(bundle)).isTrue();
    }

    private void awaitReady(Bundle bundle) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> rollout.status().phase() == Phase.READY
                        && rollout.status().verified().equals(Optional.of(bundle.generation())));
    }

    private boolean loaded(Bundle bundle) {
        try (PrometheusClient client = TestPrometheus.client(port)) {
            return client.loadedConfigHolds(List.of(bundle.marker()))
                    .equals(new Answer.Ok<>(Optional.of(bundle.marker())));
        }
    }

    private List<String> configFiles() throws IOException {
        try (Stream<Path> walk = Files.walk(state.config())) {
            return walk.filter(Files::isRegularFile)
                    .map(file -> state.config().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Retention retention(int days) {
        return new Retention(Optional.of(Duration.ofDays(days)), OptionalLong.empty(), OptionalDouble.empty(), false);
    }

    private static ResourceKey monitor(String name) {
        return new ResourceKey("Monitor", "default", name);
    }

    private static String good(String name) {
        return "  - job_name: " + name + "\n    static_configs: [{targets: ['127.0.0.1:1']}]\n";
    }

    /** A bundle in the making, of one part per job. */
    private final class Draft implements Suspects {

        private final Map<String, String> jobs = new TreeMap<>();
        private final SortedMap<String, SecretValue> credentials = new TreeMap<>();
        private final List<String> more = new ArrayList<>();
        private Retention retention = FIFTEEN_DAYS;
        private Optional<String> groups = Optional.empty();

        Draft job(String name, String yaml) {
            jobs.put(name, yaml);
            return this;
        }

        Draft rules(String yaml) {
            groups = Optional.of("groups:\n" + yaml);
            return this;
        }

        Draft flag(String flag) {
            more.add(flag);
            return this;
        }

        Draft keep(Retention kept) {
            retention = kept;
            return this;
        }

        Draft credential(String path, String value) {
            credentials.put(path, SecretValue.of(value));
            return this;
        }

        @Override
        public Set<ResourceKey> resources() {
            return Set.copyOf(jobs.keySet().stream().map(RolloutIT::monitor).toList());
        }

        @Override
        public Optional<Bundle> without(Set<ResourceKey> excluded) {
            Draft less = new Draft();
            less.more.addAll(more);
            less.retention = retention;
            less.credentials.putAll(credentials);
            jobs.forEach((name, yaml) -> {
                if (!excluded.contains(monitor(name))) {
                    less.jobs.put(name, yaml);
                }
            });
            return Optional.of(less.bundle());
        }

        Bundle bundle() {
            SortedMap<String, BundleFile> files = new TreeMap<>();
            StringBuilder list = new StringBuilder();
            jobs.forEach((name, yaml) -> {
                String content = "scrape_configs:\n" + yaml;
                String path = "jobs-" + name + "-" + digest(content) + ".yml";
                files.put(path, file(path, content));
                list.append("  - ").append(path).append('\n');
            });
            String generation = digest(list.toString() + more + groups);
            String marker = "generation-" + generation + "-*.none";
            groups.ifPresent(yaml -> files.put("rules-0001.yml", file("rules-0001.yml", yaml)));
            String index = "rule_files:\n  - " + marker + "\n"
                    + (groups.isPresent() ? "  - rules-0001.yml\n" : "")
                    + (jobs.isEmpty() ? "" : "scrape_config_files:\n" + list);
            List<String> flags = new ArrayList<>(List.of(
                    "--config.file=" + temporary.resolve("state/config/prometheus.yml"),
                    "--storage.tsdb.path=" + temporary.resolve("state/data"),
                    "--web.listen-address=127.0.0.1:" + port));
            flags.addAll(more);
            return new Bundle(
                    SERVER,
                    PrometheusVersion.NEWEST_KNOWN,
                    generation,
                    marker,
                    file("prometheus.yml", index),
                    files,
                    credentials,
                    new TreeMap<>(),
                    flags,
                    digest(flags.toString()),
                    new ServerAddress("127.0.0.1", port, false, ""),
                    retention,
                    new NoJobs());
        }

        private BundleFile file(String path, String content) {
            return new BundleFile(path, digest(content), List.of(content.getBytes(StandardCharsets.UTF_8)));
        }

        private String digest(String text) {
            return HexFormat.of().toHexDigits(text.hashCode() * 0x9E3779B97F4A7C15L ^ text.length());
        }
    }
}
