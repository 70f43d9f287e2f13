package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.discovery.DiscoveryEndpoint;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.swarm.SwarmService;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever labels say, nothing fails, nothing grows without bound, and no target pretends to come from elsewhere. */
class ServiceLabelsPropertiesTest {

    private static final Set<String> OURS = Set.of("instance", "stack", "service", "task", "node");

    @Provide
    Arbitrary<Map<String, String>> labels() {
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(12);
        Arbitrary<String> part = Arbitraries.of(
                "scrape",
                "port",
                "path",
                "scheme",
                "job",
                "interval",
                "timeout",
                "network",
                "server",
                "param.a",
                "label.stack",
                "label.x",
                "label.__name__",
                "basic-auth.username",
                "basic-auth.password-secret",
                "authorization.secret",
                "tls.ca-secret",
                "alert.A.expr",
                "alert.A.for",
                "alert.A.labels.severity",
                "alert.A.annotations.a",
                "prot",
                "endpoint",
                "endpoint.",
                "alert.",
                "alert..expr",
                "param.",
                "");
        Arbitrary<String> own = Combinators.combine(
                        Arbitraries.of("", "endpoint.a.", "endpoint.b.", "endpoint.A.", "endpoint.metrics."), part)
                .as((scope, key) -> "prometheus.io/" + scope + key);
        Arbitrary<String> other = Arbitraries.of(
                "io.prometheus.enabled",
                "io.prometheus.scrape_port",
                "io.prometheus.param_",
                "prometheus.enable",
                "prometheus-job",
                "prometheus.port",
                "prometheus.targets.x.port",
                "prometheus.targets.x.labels.",
                "com.df.scrapePort",
                "com.df.scrapePort.1",
                "com.df.alertName",
                "com.df.alertIf",
                "com.df.alertLabels",
                SwarmService.STACK_LABEL);
        Arbitrary<String> hostile = anything.map(text -> "prometheus.io/" + text);
        Arbitrary<String> value = Arbitraries.oneOf(
                Arbitraries.of(
                        "true",
                        "false",
                        "yes",
                        "\"true\"",
                        "8000",
                        "0",
                        "/metrics",
                        "https",
                        "5s",
                        "1ms",
                        "main",
                        "up == 0",
                        "{{ .x }}",
                        "{{",
                        "a=b,c",
                        "secret",
                        "'",
                        "\"",
                        "\ud800",
                        "\u202e",
                        "$",
                        "\n"),
                anything);
        return Arbitraries.maps(Arbitraries.oneOf(own, own, other, hostile), value)
                .ofMaxSize(25);
    }

    @Property(tries = 1500)
    void nothingThatLabelsSayDoesHarm(
            @ForAll("labels") Map<String, String> labels, @ForAll("labels") Map<String, String> containerLabels) {
        SwarmService plain = Swarms.server().network("narthex").expose(8000).build();
        SwarmService service = new SwarmService(
                plain.id(),
                plain.name(),
                labels,
                containerLabels,
                plain.mode(),
                plain.endpointMode(),
                plain.networks(),
                plain.ports(),
                plain.exposedPorts(),
                plain.image());
        Compilation compilation = Swarms.compile(Swarms.inventory(service).with(Swarms.secret("secret", "shop")));

        assertThat(compilation.bundle()).isPresent();
        assertThat(compilation.diagnostics()).hasSizeLessThanOrEqualTo(120).allSatisfy(one -> {
            assertThat(one.message()).isNotBlank().hasSizeLessThan(1000).doesNotContain("\n", "\u202e");
            assertThat(one.resource()).isPresent();
            assertThat(one.field().toString()).isNotBlank();
        });
        List<DiscoveryEndpoint> endpoints = compilation.discovery().pools().stream()
                .map(DiscoveryPool::endpoints)
                .flatMap(List::stream)
                .toList();
        assertThat(endpoints).hasSizeLessThanOrEqualTo(16).allSatisfy(endpoint -> {
            assertThat(endpoint.labels().keySet()).doesNotContainAnyElementsOf(OURS);
            assertThat(endpoint.labels()).containsKey("job");
            assertThat(endpoint.id()).matches("swarm/(shop|-)/[a-z_]+/[a-z0-9-]{1,32}");
            assertThat(endpoint.port()).isBetween(1, 65535);
        });
        assertThat(new HashSet<>(endpoints)).hasSameSizeAs(endpoints);
        assertThat(
                        Swarms.compile(Swarms.inventory(service).with(Swarms.secret("secret", "shop")))
                                .diagnostics()
                                .stream()
                                .map(Diagnostic::toString))
                .isEqualTo(compilation.diagnostics().stream()
                        .map(Diagnostic::toString)
                        .toList());
    }
}
