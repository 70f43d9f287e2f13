package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.importing.ConfigImport;
import io.narthex.compiler.importing.ImportInput;
import io.narthex.compiler.importing.Imported;
import io.narthex.compiler.importing.Imported.Kind;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a running Prometheus's files become, and that it means the same. */
class ConfigImportTest {

    /** The files that many have, with the mistake that many make. */
    private static final String CLASSIC = Golden.resource("import-classic.yml");

    private static final String STACK = Golden.resource("import-classic-stack.yml");

    private static Imported config(String yaml, boolean fix) {
        return ConfigImport.of(new ImportInput(
                new ImportInput.Source("prometheus.yml", yaml.getBytes(UTF_8)),
                Map.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                fix));
    }

    private static Imported stack(String yaml, Map<String, String> environment) {
        return ConfigImport.of(new ImportInput(
                new ImportInput.Source("prometheus.yml", "scrape_configs: []".getBytes(UTF_8)),
                Map.of(),
                Optional.of(new ImportInput.Source("docker-compose.yml", yaml.getBytes(UTF_8))),
                environment,
                Optional.of("shop"),
                false));
    }

    private static List<String> lines(Imported imported, Kind kind) {
        return imported.report().stream()
                .filter(line -> line.kind() == kind)
                .map(line -> line.what() + ": " + line.how())
                .toList();
    }

    /** Compiles what was imported, which must be right by itself. */
    private static Bundle compile(Imported imported, CompileOptions options) {
        Inventory inventory = Inventory.EMPTY;
        ResourceReader reader = new ResourceReader();
        for (Map.Entry<String, String> file : imported.files().entrySet()) {
            ReadResult read = reader.read(file.getKey(), file.getValue().getBytes(UTF_8));
            assertThat(read.diagnostics()).as(file.getValue()).isEmpty();
            for (Declared<?> resource : read.resources()) {
                inventory = inventory.with(resource);
            }
        }
        for (Map.Entry<String, SecretValue> secret : imported.secrets().entrySet()) {
            String[] parts = secret.getKey().split("/", -1);
            inventory = inventory.with(new SecretId("default", parts[0], parts[1]), secret.getValue());
        }
        Compilation compilation = Compiler.create().compile(inventory, DefaultServer.KEY, options);
        assertThat(compilation.diagnostics())
                .filteredOn(one -> one.severity() == Severity.ERROR)
                .isEmpty();
        return compilation.bundle().orElseThrow();
    }

    @Test
    void theClassicTypoIsToldWithItsPlaceAndWhatItMakesOfTheList() {
        Imported imported = config(CLASSIC, false);
        assertThat(imported.files()).isEmpty();
        assertThat(imported.secrets()).isEmpty();
        assertThat(imported.fixable()).isEqualTo(1);
        assertThat(imported.problems()).singleElement().satisfies(one -> {
            assertThat(one.code()).isEqualTo(DiagnosticCode.IMPORT_FIELD_UNKNOWN);
            assertThat(one.position().orElseThrow().toString()).isEqualTo("prometheus.yml:4:7");
            assertThat(one.message()).isEqualTo("unknown field \"sheme\"; did you mean \"scheme\"?");
            assertThat(imported.notes().get(one))
                    .isEqualTo("items 1 and 2 of alertmanagers are two Alertmanagers; the first has no targets");
        });
    }

    @Test
    void theClassicFilesMeanTheSameAfterwards() {
        Imported imported = ConfigImport.of(new ImportInput(
                new ImportInput.Source("prometheus.yml", CLASSIC.getBytes(UTF_8)),
                Map.of(),
                Optional.of(new ImportInput.Source("docker-compose.yml", STACK.getBytes(UTF_8))),
                Map.of(),
                Optional.of("shop"),
                true));
        assertThat(imported.problems()).isEmpty();
        Bundle bundle = compile(imported, Swarms.options("3.16.0"));
        assertThat(bundle.flags())
                .contains("--web.listen-address=0.0.0.0:9099")
                .contains("--web.console.libraries=/etc/prometheus/console_libraries");
        assertThat(bundle.retention().time().orElseThrow().toHours()).isEqualTo(200);
        assertThat(imported.files().get("server.yaml"))
                .contains("image: prom/prometheus:latest")
                .contains("name: shop_prometheus_data")
                .contains("existing: true")
                .contains("publish: Ingress")
                .contains("- shop_monitor-net");
        sameMeaning(CLASSIC.replace("- sheme: http\n", "").replace("alertmanagers:\n    ", "alertmanagers:\n"), bundle);
        assertThat(lines(imported, Kind.DIFFERS))
                .anySatisfy(line -> assertThat(line).contains("sheme is taken for scheme"))
                .anySatisfy(line -> assertThat(line).contains("left out: it has no targets"))
                .anySatisfy(line -> assertThat(line).contains("monitor/default/server/metrics"));
        assertThat(lines(imported, Kind.SAME)).contains("the port 9099:9099: swarm.publish: Ingress");
        assertThat(lines(imported, Kind.NOT_MAPPED)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "9090:9090, Ingress, true",
        "127.0.0.1:9090:9090, Ingress, true",
        "9090:9090/tcp, Ingress, true",
        "80:9090, Ingress, false",
        "9090, Ingress, false"
    })
    void shortPorts(String port, String mode, boolean same) {
        Imported imported = stack("services: {p: {image: prom/prometheus, ports: ['" + port + "']}}", Map.of());
        assertThat(imported.files().get("server.yaml")).contains("publish: " + mode);
        assertThat(lines(imported, same ? Kind.SAME : Kind.DIFFERS))
                .anySatisfy(line -> assertThat(line).startsWith("the port "));
    }

    @Test
    void theClassicFilesBecomeWhatTheyDid() throws IOException {
        Imported imported = ConfigImport.of(new ImportInput(
                new ImportInput.Source("prometheus.yml", CLASSIC.getBytes(UTF_8)),
                Map.of(),
                Optional.of(new ImportInput.Source("docker-compose.yml", STACK.getBytes(UTF_8))),
                Map.of(),
                Optional.of("shop"),
                true));
        golden("import-classic.txt", imported);
        golden("import-rich.txt", config(RICH, false));
    }

    private static void golden(String name, Imported imported) throws IOException {
        StringBuilder text = new StringBuilder();
        imported.report()
                .forEach(line -> text.append("# ")
                        .append(line.kind())
                        .append("  ")
                        .append(line.what())
                        .append(": ")
                        .append(line.how())
                        .append('\n'));
        imported.files()
                .forEach((file, yaml) ->
                        text.append("=== ").append(file).append('\n').append(yaml));
        imported.secrets()
                .keySet()
                .forEach(secret -> text.append("=== .secrets/").append(secret).append('\n'));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(Path.of("src/test/resources/io/narthex/compiler/golden", name), text);
        }
        assertThat(text.toString())
                .isEqualTo(Boolean.getBoolean("golden.update") ? text.toString() : Golden.resource(name));
    }

    private static final String RICH = """
            global:
              scrape_interval: 30s
              scrape_timeout: 7s
              external_labels: {region: eu, "shard": "1"}
            alerting:
              alert_relabel_configs:
                - {regex: replica, action: labeldrop}
              alertmanagers:
                - scheme: https
                  path_prefix: /am
                  timeout: 5s
                  dns_sd_configs:
                    - names: [tasks.alertmanager]
                      type: A
                      port: 9093
            scrape_configs:
              - job_name: Shop Servers
                scrape_interval: 10s
                scrape_timeout: 5s
                metrics_path: /m
                scheme: https
                honor_labels: true
                params: {module: [a, b]}
                sample_limit: 1000
                body_size_limit: 10MiB
                tls_config: {insecure_skip_verify: true, server_name: shop}
                basic_auth: {username: prom, password: s3cret}
                static_configs:
                  - targets: ["127.0.0.1:1", "127.0.0.1:2"]
                    labels: {zone: a}
                  - targets: ["127.0.0.1:3"]
                metric_relabel_configs:
                  - source_labels: [__name__]
                    regex: go_.*
                    action: drop
              - job_name: relabelled
                http_sd_configs:
                  - url: http://127.0.0.1:1/targets
                    refresh_interval: 10s
                relabel_configs:
                  - source_labels: [__meta_url, x]
                    separator: ;
                    regex: (.*);y
                    target_label: from
                    replacement: ${1}
                    action: replace
              - job_name: probes
                metrics_path: /probe
                static_configs:
                  - targets: ["http://127.0.0.1:1/x"]
                relabel_configs:
                  - {source_labels: [__address__], target_label: __param_target}
                  - {target_label: __address__, replacement: "127.0.0.1:9115"}
              - job_name: consul
                consul_sd_configs:
                  - server: 127.0.0.1:8500
            remote_write:
              - url: http://127.0.0.1:1/write
                name: far
                remote_timeout: 5s
                bearer_token: t0ken
            """;

    @Test
    void aRichConfigurationMeansTheSame() {
        Imported imported = config(RICH, false);
        assertThat(imported.problems()).isEmpty();
        sameMeaning(RICH, compile(imported, Yaml.options("3.16.0")));
        assertThat(imported.files().values())
                .allSatisfy(yaml -> assertThat(yaml).doesNotContain("s3cret").doesNotContain("t0ken"));
        assertThat(imported.secrets().keySet())
                .containsExactlyInAnyOrder(
                        "shop-servers/password", "remote-write-far/token", "scrape-configs/scrape-configs.yml");
        assertThat(imported.report().toString()).doesNotContain("s3cret").doesNotContain("t0ken");
    }

    @Test
    void rulesBecomeRuleSets() {
        String rules = """
                groups:
                  - name: shop
                    interval: 30s
                    rules:
                      - alert: Down
                        expr: up == 0
                        for: 5m
                        labels: {severity: page}
                        annotations: {summary: "{{ $labels.instance }} is down"}
                      - record: one
                        expr: 1
                """;
        Imported imported = ConfigImport.of(new ImportInput(
                new ImportInput.Source("prometheus.yml", "rule_files: [rules/*.yml]".getBytes(UTF_8)),
                Map.of("rules/shop.rules.yml", rules.getBytes(UTF_8)),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                false));
        assertThat(imported.problems()).isEmpty();
        Bundle bundle = compile(imported, Yaml.options("3.16.0"));
        Object made = bundle.files().values().stream()
                .filter(file -> file.path().startsWith("rules-"))
                .map(file -> load(new String(file.content(), UTF_8)))
                .findFirst()
                .orElseThrow();
        assertThat(normal(made)).isEqualTo(normal(load(rules)));
        assertThat(ConfigImport.ruleFiles(new ImportInput.Source(
                        "prometheus.yml", "rule_files: [rules/*.yml, '/etc/prometheus/a.yml']".getBytes(UTF_8))))
                .containsExactly("rules/*.yml", "/etc/prometheus/a.yml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scrape_confgs: []",
                "global: {scrape_intervall: 5s}",
                "scrape_configs: [{job_name: a, static_config: []}]",
                "scrape_configs: [{job_name: a, static_configs: [{target: [a]}]}]",
                "scrape_configs: [{job_name: a, static_configs: [], relabel_configs: [{source_label: [a]}]}]",
                "scrape_configs: [{job_name: a, static_configs: [], basic_auth: {user: a}}]"
            })
    void whatPrometheusWouldRefuseIsRefused(String yaml) {
        Imported imported = config(yaml, false);
        assertThat(imported.files()).isEmpty();
        assertThat(imported.problems())
                .extracting(Diagnostic::code)
                .containsExactly(DiagnosticCode.IMPORT_FIELD_UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "a",
                "---\na: 1\n---\nb: 2",
                "scrape_configs: {}",
                "scrape_configs: [a]",
                "global: x",
                "scrape_configs: [{static_configs: []}]",
                "alerting: {alertmanagers: {}}",
                "\tx",
                "a: &a [*a]",
                "scrape_configs: [{job_name: [a]}]",
                "rule_files: {a: b}"
            })
    void anythingElseIsNoReasonToFail(String yaml) {
        Imported imported = config(yaml, true);
        assertThat(imported.problems().isEmpty()).isEqualTo(!imported.files().isEmpty());
    }

    // The compose file.

    @Test
    void variablesAnchorsAndLongForms() {
        Imported imported = stack("""
                x-base: &base
                  image: ${REGISTRY:-docker.io}/prom/prometheus:${TAG}
                services:
                  metrics:
                    <<: *base
                    command: --config.file=/c.yml --storage.tsdb.retention.time "${KEEP-15d}" --web.listen-address :9099
                    volumes:
                      - {type: volume, source: tsdb, target: /prometheus/}
                    ports:
                      - {target: 9099, published: 80, mode: host}
                    networks: {back: {aliases: [x]}}
                    deploy:
                      placement: {constraints: ["node.labels.disk==ssd"]}
                      resources: {limits: {cpus: "0.5", memory: 512M}}
                volumes:
                  tsdb: {external: true, name: old_data}
                networks:
                  back: {name: backbone}
                """, Map.of("TAG", "v3.1.0"));
        assertThat(imported.problems()).isEmpty();
        assertThat(imported.files().get("server.yaml"))
                .contains("image: docker.io/prom/prometheus:v3.1.0")
                .contains("time: 15d")
                .contains("name: old_data")
                .contains("publish: Host")
                .contains("- backbone")
                .contains("node.labels.disk==ssd")
                .contains("cpus: 0.5")
                .contains("memory: 512MB");
        compile(imported, Swarms.options("3.16.0"));
        assertThat(lines(imported, Kind.DIFFERS))
                .anySatisfy(line -> assertThat(line).contains("80:9099"));
    }

    @Test
    void whatIsNotThereOrNotClearIsRefused() {
        assertThat(stack("services: {a: {image: nginx}}", Map.of())
                        .problems()
                        .getFirst()
                        .message())
                .isEqualTo("no service of the file runs Prometheus");
        assertThat(stack("services: {a: {image: prom/prometheus}, b: {image: 'x/prometheus:1'}}", Map.of())
                        .problems()
                        .getFirst()
                        .message())
                .contains("several services run Prometheus: a, b");
        assertThat(stack("services: {a: {image: 'prom/prometheus:${TAG:?which one}'}}", Map.of())
                        .problems()
                        .getFirst()
                        .message())
                .isEqualTo("the variable TAG isn't set: which one");
    }

    @Test
    void whatHasNoCounterpartIsReported() {
        Imported imported = stack("""
                services:
                  p:
                    image: prom/prometheus
                    command: ["--web.enable-lifecycle", "--web.enable-admin-api"]
                    volumes: ["./data:/prometheus", "/var/run/docker.sock:/var/run/docker.sock"]
                    ports: ["9091:9091"]
                    environment: {A: b}
                    deploy: {replicas: 2, mode: global}
                """, Map.of());
        assertThat(lines(imported, Kind.NOT_MAPPED)).hasSize(8);
        compile(imported, Swarms.options("3.16.0"));
    }

    // What a configuration means.

    private static void sameMeaning(String before, Bundle bundle) {
        Map<String, Object> was = mapping(load(before));
        Map<String, Object> is = mapping(load(new String(bundle.index().content(), UTF_8)));
        List<Object> jobs = new ArrayList<>();
        for (BundleFile file : bundle.files().values()) {
            Object jobsOfFile = mapping(load(new String(file.content(), UTF_8))).get("scrape_configs");
            jobs.addAll(jobsOfFile == null ? List.of() : (List<?>) jobsOfFile);
        }
        bundle.credentials().forEach((path, value) -> {
            if (path.startsWith("additional-")) {
                jobs.addAll((List<?>)
                        mapping(load(new String(value.reveal(), UTF_8))).getOrDefault("scrape_configs", List.of()));
            }
        });
        assertThat(jobs(jobs, true)).isEqualTo(jobs(wrap(was.get("scrape_configs")), false));
        assertThat(normal(is.getOrDefault("global", Map.of()))).isEqualTo(normal(was.getOrDefault("global", Map.of())));
        assertThat(normal(is.getOrDefault("alerting", Map.of())))
                .isEqualTo(normal(was.getOrDefault("alerting", Map.of())));
        assertThat(wrap(is.get("remote_write"))).hasSameSizeAs(wrap(was.get("remote_write")));
    }

    private static List<?> wrap(@Nullable Object list) {
        return list == null ? List.of() : (List<?>) list;
    }

    /** Returns jobs by the label job of their targets; how the label gets there doesn't matter, nor where passwords lie. */
    private static Map<String, Object> jobs(List<?> list, boolean made) {
        Map<String, Object> jobs = new TreeMap<>();
        for (Object one : list) {
            Map<String, Object> job = new LinkedHashMap<>(mapping(one));
            String name = String.valueOf(job.remove("job_name"));
            if (name.equals("swarm")) {
                continue;
            }
            if (made && name.startsWith("monitor/")) {
                name = name.split("/", -1)[2];
                List<Object> groups = new ArrayList<>();
                for (Object group : wrap(job.get("static_configs"))) {
                    Map<String, Object> copy = new LinkedHashMap<>(mapping(group));
                    Map<String, Object> labels = new LinkedHashMap<>(mapping(copy.get("labels")));
                    name = String.valueOf(labels.remove("job"));
                    copy.remove("labels");
                    if (!labels.isEmpty()) {
                        copy.put("labels", labels);
                    }
                    groups.add(copy);
                }
                if (!groups.isEmpty()) {
                    job.put("static_configs", groups);
                }
                List<Object> steps = new ArrayList<>();
                for (Object step : wrap(job.remove("relabel_configs"))) {
                    if ("job".equals(mapping(step).get("target_label"))) {
                        name = String.valueOf(mapping(step).get("replacement"));
                    } else {
                        steps.add(step);
                    }
                }
                if (!steps.isEmpty()) {
                    job.put("relabel_configs", steps);
                }
            }
            if (job.get("basic_auth") != null) {
                job.put("basic_auth", mapping(job.get("basic_auth")).get("username"));
            }
            jobs.put(name, normal(job));
        }
        return jobs;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> mapping(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    private static @Nullable Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    /** Returns a value in which all single values are texts, in no order of keys. */
    private static Object normal(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> result = new TreeMap<>();
            map.forEach((key, one) -> result.put(String.valueOf(key), normal(one)));
            return result;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ConfigImportTest::normal).toList();
        }
        return String.valueOf(value);
    }

    /** No resource may have them, so that the next lint would refuse what was written. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "remote_write: [{url: 'https://u:s3cret@127.0.0.1/api'}]",
                "remote_read: [{url: 'https://127.0.0.1/api', proxy_url: 'http://u:s3cret@127.0.0.1:3128'}]",
                "scrape_configs: [{job_name: a, static_configs: [{targets: ['127.0.0.1:1']}],"
                        + " proxy_url: 'http://u:s3cret@127.0.0.1:3128'}]",
                "scrape_configs: [{job_name: a, http_sd_configs: [{url: 'http://u:s3cret@127.0.0.1/x'}]}]",
            })
    void noUserOfAUrlStandsInAResource(String yaml) {
        Imported imported = config(yaml, false);

        assertThat(imported.files().values()).noneMatch(file -> file.contains("s3cret"));
        assertThat(imported.report().toString())
                .contains("holds a user or password")
                .doesNotContain("s3cret");
        compile(imported, Yaml.options("3.16.0"));
    }
}
