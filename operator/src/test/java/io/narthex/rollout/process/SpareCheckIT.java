package io.narthex.rollout.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Retention;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.testing.RealPrograms;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus and promtool, asked away from the one that runs. */
class SpareCheckIT {

    @TempDir
    private Path room;

    private SpareCheck check;
    private HttpServer world;
    private final AtomicInteger visits = new AtomicInteger();

    @BeforeEach
    void open() throws Exception {
        check = new SpareCheck(RealPrograms.prometheus(), room);
        world = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        world.createContext("/", exchange -> {
            visits.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        world.start();
    }

    @AfterEach
    void close() throws Exception {
        world.stop(0);
        try (Stream<Path> left = Files.list(room)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aSpareTakesWhatIsGoodAndVisitsNobody() throws Exception {
        // Flags with which it would visit its targets within milliseconds.
        Bundle bundle = bundle(good(), List.of("--scrape.discovery-reload-interval=1ms"));
        assertThat(check.prometheus(bundle)).isEmpty();
        assertThat(visits).hasValue(0);
    }

    @Test
    void aSpareSaysWhatIsWrong() throws Exception {
        assertThat(check.prometheus(bundle(good().replace("1s", "nonsense"), List.of()))
                        .orElse(""))
                .contains("nonsense")
                .doesNotContain(room.toString());
        assertThat(check.prometheus(bundle("scrape_configs:\n- job_name: a\n", List.of("--no-such-flag")))
                        .orElse(""))
                .contains("no-such-flag");
    }

    @Test
    void anAgentIsAskedAsAnAgent() throws Exception {
        String scrape = "scrape_configs:\n- job_name: a\n";
        assertThat(check.prometheus(bundle(scrape, List.of("--agent")))).isEmpty();
        assertThat(check.prometheus(bundle(scrape + "rule_files: [a.yml]\n", List.of("--agent"))))
                .isPresent();
    }

    @Test
    void promtoolSaysTheSame() throws Exception {
        assertThat(check.hasPromtool()).isTrue();
        assertThat(check.promtool(bundle(good(), List.of()))).isEmpty();
        assertThat(check.promtool(bundle(good().replace("1s", "nonsense"), List.of()))
                        .orElse(""))
                .contains("nonsense")
                .doesNotContain(room.toString());
    }

    private String good() {
        String address = "127.0.0.1:" + world.getAddress().getPort();
        return """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [rules-0001.yml]
                alerting: {alertmanagers: [{static_configs: [{targets: ['%s']}]}]}
                scrape_configs:
                - {job_name: a, static_configs: [{targets: ['%s']}]}
                """.formatted(address, address);
    }

    private static Bundle bundle(String index, List<String> flags) {
        BundleFile rules = file("rules-0001.yml", "groups: [{name: a, rules: [{alert: A, expr: vector(1)}]}]\n");
        return new Bundle(
                new ResourceKey("PrometheusServer", "default", "main"),
                PrometheusVersion.NEWEST_KNOWN,
                "0",
                "generation-0-*.none",
                file("prometheus.yml", index),
                new TreeMap<>(Map.of(rules.path(), rules)),
                new TreeMap<>(),
                new TreeMap<>(),
                flags,
                "",
                new ServerAddress("127.0.0.1", 9090, false, ""),
                new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false),
                new NoJobs());
    }

    private static BundleFile file(String path, String content) {
        return new BundleFile(
                path, Integer.toHexString(content.hashCode()), List.of(content.getBytes(StandardCharsets.UTF_8)));
    }
}
