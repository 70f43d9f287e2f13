package io.narthex.compiler.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.model.PrometheusVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DialectTest {

    private static final Dialect OLDEST = Dialect.of(PrometheusVersion.OLDEST);
    private static final Dialect NEWEST = Dialect.of(PrometheusVersion.NEWEST_KNOWN);

    private static final ScrapeConfig JOB = ScrapeConfig.builder()
            .jobName("monitor/default/server/metrics")
            .scrapeInterval(PrometheusDuration.ofSeconds(5))
            .discovery(List.of(
                    new StaticConfig(List.of("127.0.0.1:8000", "127.0.0.1:8001"), Map.of("zone", "no")),
                    new DnsSdConfig(List.of("db.example.invalid"), DnsRecordType.NS, 53L, null),
                    new StaticConfig(List.of("localhost"), Map.of())))
            .relabelConfigs(List.of(RelabelConfig.builder()
                    .sourceLabels(List.of("__address__", "a b"))
                    .regex(PrometheusRegex.parse("(.*):\\d+").orThrow())
                    .targetLabel("instance")
                    .build()))
            .exposition(ExpositionConfig.builder()
                    .scrapeProtocols(
                            List.of(ScrapeProtocol.PROMETHEUS_TEXT_1_0_0, ScrapeProtocol.OPEN_METRICS_TEXT_1_0_0))
                    .alwaysScrapeClassicHistograms(true)
                    .build())
            .build();

    private static String text(Rendered rendered) {
        return new String(rendered.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aJobIsAnItemThatCanBeAppended() {
        Rendered rendered = NEWEST.render(JOB);
        assertThat(text(rendered)).isEqualTo("""
                - job_name: monitor/default/server/metrics
                  scrape_interval: 5s
                  scrape_protocols: [PrometheusText1.0.0, OpenMetricsText1.0.0]
                  always_scrape_classic_histograms: true
                  static_configs:
                  - targets:
                    - "127.0.0.1:8000"
                    - "127.0.0.1:8001"
                    labels:
                      zone: "no"
                  - targets:
                    - localhost
                  dns_sd_configs:
                  - names:
                    - db.example.invalid
                    type: NS
                    port: 53
                  relabel_configs:
                  - source_labels: [__address__, "a b"]
                    target_label: instance
                    regex: '(.*):\\d+'
                """);
        assertThat(rendered.findings()).isEmpty();
    }

    @Test
    void whatTheReleaseLacksIsLeftOutAndTold() {
        Rendered rendered = OLDEST.render(JOB);
        assertThat(text(rendered))
                .doesNotContain("scrape_protocols", "classic", "type: NS")
                .contains("port: 53");
        assertThat(rendered.findings())
                .extracting(Finding::kind, Finding::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.FIELD_LEFT_OUT, "scrape_protocols"),
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.FIELD_LEFT_OUT, "scrape_classic_histograms"),
                        org.assertj.core.groups.Tuple.tuple(Finding.Kind.VALUE_REFUSED, "dns_sd_configs[0].type"));
    }

    @Test
    void aRenamedFieldHasItsOldName() {
        assertThat(text(Dialect.of(new PrometheusVersion(2, 55, 1)).render(JOB)))
                .contains("  scrape_classic_histograms: true\n")
                .contains("  scrape_protocols: [OpenMetricsText1.0.0]\n");
    }

    @Test
    void eachLineIsExplained() {
        List<ConfigLine> lines = NEWEST.lines(JOB);
        List<String> text = text(NEWEST.render(JOB)).lines().toList();
        assertThat(lines).hasSameSizeAs(text);
        assertThat(lines)
                .contains(
                        new ConfigLine(2, "scrape_interval", "scrape_interval: 5s"),
                        new ConfigLine(8, "static_configs[0].targets[1]", "\"127.0.0.1:8001\""),
                        new ConfigLine(10, "static_configs[0].labels.zone", "zone: \"no\""),
                        new ConfigLine(
                                19, "relabel_configs[0].source_labels", "source_labels: [__address__, \"a b\"]"));
        for (int i = 0; i < text.size(); i++) {
            assertThat(lines.get(i).line()).isEqualTo(i + 1);
            assertThat(text.get(i)).endsWith(lines.get(i).text());
        }
    }
}
