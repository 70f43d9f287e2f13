package io.narthex.compiler.config;

import io.narthex.compiler.config.value.ByteSize;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.config.value.NameScheme;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.PrometheusRegex;
import io.narthex.compiler.config.value.RelabelTemplate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Samples that together hold every field of the configuration and every value of a field with few of them.
 *
 * <p>What a release may refuse stands apart from what it only lacks, so that the rest is seen with each release.
 */
final class Samples {

    /** The files that samples name; they hold what their names say. */
    static final String CA = "ca.pem";

    static final String CERT = "cert.pem";
    static final String KEY = "key.pem";
    static final String SECRET = "secret";

    static final List<Sample> ALL = all();

    private Samples() {}

    private static List<Sample> all() {
        List<Sample> all = new ArrayList<>();
        Collector<ScrapeConfig.Builder> job = (section, name, edit) -> {
            ScrapeConfig.Builder builder = ScrapeConfig.builder().jobName(name);
            edit.accept(builder);
            all.add(new Sample(section, name, builder.build()));
        };
        Collector<PrometheusConfig.Builder> root = (section, name, edit) -> {
            PrometheusConfig.Builder builder = PrometheusConfig.builder();
            edit.accept(builder);
            all.add(new Sample(section, name, builder.build()));
        };
        files(root);
        global(root);
        runtime(root);
        storage(root);
        tracing(root);
        otlp(root);
        jobs(job);
        clients(job);
        relabeling(job);
        discovery(job);
        alerting(root);
        remoteWrite(root);
        remoteRead(root);
        rules(all);
        web(all);
        return List.copyOf(all);
    }

    /** Adds a sample to a section. */
    private interface Collector<B> {
        void add(String section, String name, Consumer<B> edit);

        /** Adds a sample for each value, with its name. */
        default <V> void addEach(String section, String name, V[] values, BiConsumer<B, V> edit) {
            Arrays.stream(values).forEach(value -> add(section, name + " " + value, b -> edit.accept(b, value)));
        }
    }

    private static PrometheusDuration seconds(long seconds) {
        return PrometheusDuration.ofSeconds(seconds);
    }

    private static HttpUrl url(String text) {
        return HttpUrl.parse(text).orThrow();
    }

    private static PrometheusRegex regex(String text) {
        return PrometheusRegex.parse(text).orThrow();
    }

    private static void files(Collector<PrometheusConfig.Builder> root) {
        root.add("files", "rules", c -> c.ruleFiles(List.of("rules-*.yml", "more/rules.yml")));
        root.add("files", "jobs", c -> c.scrapeConfigFiles(List.of("jobs-*.yml")));
        root.add(
                "files",
                "inline jobs",
                c -> c.scrapeConfigs(
                        List.of(ScrapeConfig.builder().jobName("inline").build())));
    }

    private static ExpositionConfig exposition() {
        return ExpositionConfig.builder()
                .scrapeProtocols(List.of(ScrapeProtocol.OPEN_METRICS_TEXT_1_0_0, ScrapeProtocol.PROMETHEUS_TEXT_0_0_4))
                .scrapeNativeHistograms(true)
                .alwaysScrapeClassicHistograms(true)
                .convertClassicHistogramsToNhcb(true)
                .metricNameValidationScheme(NameScheme.LEGACY)
                .metricNameEscapingScheme(EscapingScheme.UNDERSCORES)
                .extraScrapeMetrics(true)
                .build();
    }

    private static ScrapeLimits limits() {
        return ScrapeLimits.builder()
                .bodySizeLimit(ByteSize.parse("10MB").orThrow())
                .sampleLimit(1000L)
                .targetLimit(10L)
                .labelLimit(30L)
                .labelNameLengthLimit(100L)
                .labelValueLengthLimit(200L)
                .build();
    }

    private static void global(Collector<PrometheusConfig.Builder> root) {
        root.add(
                "global",
                "times, labels and formats",
                c -> c.global(GlobalConfig.builder()
                        .scrapeInterval(seconds(15))
                        .scrapeTimeout(seconds(10))
                        .evaluationInterval(seconds(30))
                        .ruleQueryOffset(seconds(5))
                        .queryLogFile("/data/query.log")
                        .scrapeFailureLogFile("/data/failures.log")
                        .externalLabels(Map.of("cluster", "a$HOME", "region", "eu"))
                        .exposition(exposition())
                        .limits(ScrapeLimits.builder().keepDroppedTargets(5L).build())
                        .build()));
        root.add(
                "global",
                "limits of scrapes",
                c -> c.global(GlobalConfig.builder().limits(limits()).build()));
        root.add(
                "global",
                "limits of queries",
                c -> c.global(GlobalConfig.builder()
                        .queryMaxSeries(1000L)
                        .queryMaxSamplesRead(1_000_000L)
                        .queryMaxDuration(seconds(60))
                        .build()));
        // Prometheus looks at it when there is a job.
        root.addEach(
                "global",
                "names",
                NameScheme.values(),
                (c, names) -> c.global(GlobalConfig.builder()
                                .exposition(ExpositionConfig.builder()
                                        .metricNameValidationScheme(names)
                                        .build())
                                .build())
                        .scrapeConfigs(
                                List.of(ScrapeConfig.builder().jobName("inline").build())));
        root.addEach(
                "global",
                "protocol",
                ScrapeProtocol.values(),
                (c, protocol) -> c.global(GlobalConfig.builder()
                        .exposition(ExpositionConfig.builder()
                                .scrapeProtocols(List.of(protocol))
                                .build())
                        .build()));
        root.addEach(
                "global",
                "escaping",
                EscapingScheme.values(),
                (c, escaping) -> c.global(GlobalConfig.builder()
                        .exposition(ExpositionConfig.builder()
                                .metricNameEscapingScheme(escaping)
                                .build())
                        .build()));
    }

    private static void runtime(Collector<PrometheusConfig.Builder> root) {
        root.add("runtime", "all", c -> c.runtime(new RuntimeConfig(50L, "debug")));
    }

    private static void storage(Collector<PrometheusConfig.Builder> root) {
        root.add(
                "storage",
                "tsdb and exemplars",
                c -> c.storage(new StorageConfig(
                        new TsdbConfig(seconds(600), 0.5, new ChunkEncodingConfig("xor2"), null),
                        new ExemplarsConfig(1000L))));
        root.add(
                "storage",
                "retention",
                c -> c.storage(new StorageConfig(
                        new TsdbConfig(
                                null,
                                null,
                                null,
                                new RetentionConfig(
                                        seconds(720_000), ByteSize.parse("10GB").orThrow(), 70.0)),
                        null)));
    }

    private static TlsConfig tls() {
        return TlsConfig.builder()
                .caFile(CA)
                .certFile(CERT)
                .keyFile(KEY)
                .serverName("shop.invalid")
                .insecureSkipVerify(true)
                .minVersion(TlsVersion.TLS12)
                .maxVersion(TlsVersion.TLS13)
                .build();
    }

    private static void tracing(Collector<PrometheusConfig.Builder> root) {
        root.add(
                "tracing",
                "all",
                c -> c.tracing(TracingConfig.builder()
                        .clientType("grpc")
                        .endpoint("127.0.0.1:4317")
                        .samplingFraction(0.5)
                        .insecure(false)
                        .tls(tls())
                        .headers(Map.of("x-tenant", "shop"))
                        .compression("gzip")
                        .timeout(seconds(5))
                        .build()));
    }

    private static void otlp(Collector<PrometheusConfig.Builder> root) {
        root.add(
                "otlp",
                "some attributes",
                c -> c.otlp(OtlpConfig.builder()
                        .promoteResourceAttributes(List.of("service.name"))
                        .translationStrategy(OtlpTranslation.UNDERSCORE_ESCAPING_WITH_SUFFIXES)
                        .keepIdentifyingResourceAttributes(true)
                        .convertHistogramsToNhcb(true)
                        .promoteScopeMetadata(true)
                        .build()));
        root.add(
                "otlp",
                "all attributes",
                c -> c.otlp(OtlpConfig.builder()
                        .promoteAllResourceAttributes(true)
                        .ignoreResourceAttributes(List.of("host.id"))
                        .build()));
        root.addEach(
                "otlp",
                "translation",
                OtlpTranslation.values(),
                (c, translation) -> c.otlp(
                        OtlpConfig.builder().translationStrategy(translation).build()));
    }

    private static void jobs(Collector<ScrapeConfig.Builder> job) {
        job.add(
                "scrape",
                "all",
                c -> c.scrapeInterval(seconds(5))
                        .scrapeTimeout(seconds(3))
                        .metricsPath("/metrics")
                        .scheme("https")
                        .params(Map.of("format", List.of("prometheus"), "match[]", List.of("{job=\"a\"}", "up")))
                        .honorLabels(true)
                        .honorTimestamps(false)
                        .trackTimestampsStaleness(true)
                        .enableCompression(false)
                        .scrapeFailureLogFile("/data/failures.log")
                        .fallbackScrapeProtocol(ScrapeProtocol.PROMETHEUS_TEXT_0_0_4)
                        .nativeHistogramMinBucketFactor(1.5)
                        .exposition(exposition())
                        .limits(limits()));
        job.add(
                "scrape",
                "dropped targets",
                c -> c.limits(ScrapeLimits.builder().keepDroppedTargets(5L).build()));
        job.add("scrape", "buckets", c -> c.nativeHistogramBucketLimit(160L));
        job.addEach("scrape", "fallback", ScrapeProtocol.values(), ScrapeConfig.Builder::fallbackScrapeProtocol);
    }

    private static void clients(Collector<ScrapeConfig.Builder> job) {
        Collector<HttpClientConfig.Builder> client = (section, name, edit) -> job.add(section, name, c -> {
            HttpClientConfig.Builder http = HttpClientConfig.builder();
            edit.accept(http);
            c.http(http.build());
        });
        client.add(
                "http",
                "basic",
                c -> c.basicAuth(BasicAuthConfig.builder()
                        .username("u")
                        .passwordFile(SECRET)
                        .build()));
        client.add(
                "http",
                "basic from a file",
                c -> c.basicAuth(BasicAuthConfig.builder()
                        .usernameFile(SECRET)
                        .passwordFile(SECRET)
                        .build()));
        client.add("http", "authorization", c -> c.authorization(new AuthorizationConfig("Token", SECRET)));
        client.add(
                "http",
                "oauth2",
                c -> c.oauth2(OAuth2Config.builder()
                        .clientId("id")
                        .clientSecretFile(SECRET)
                        .scopes(List.of("a", "b"))
                        .tokenUrl(url("https://127.0.0.1/token"))
                        .endpointParams(Map.of("x", "z"))
                        .tls(tls())
                        .proxy(ProxyConfig.builder()
                                .url(url("http://127.0.0.1:3128"))
                                .build())
                        .build()));
        client.add(
                "http",
                "oauth2 with a JWT",
                c -> c.oauth2(OAuth2Config.builder()
                        .clientId("id")
                        .clientCertificateKeyId("k")
                        .clientCertificateKeyFile(KEY)
                        .grantType("urn:ietf:params:oauth:grant-type:jwt-bearer")
                        .signatureAlgorithm("RS256")
                        .issuer("i")
                        .audience("a")
                        .claims(Map.of("x", "z"))
                        .tokenUrl(url("https://127.0.0.1/token"))
                        .build()));
        client.add("http", "tls", c -> c.tls(tls()));
        client.addEach(
                "http",
                "tls at least",
                TlsVersion.values(),
                (c, version) -> c.tls(TlsConfig.builder().minVersion(version).build()));
        client.addEach(
                "http",
                "tls at most",
                TlsVersion.values(),
                (c, version) -> c.tls(TlsConfig.builder().maxVersion(version).build()));
        client.add(
                "http",
                "proxy",
                c -> c.proxy(ProxyConfig.builder()
                        .url(url("http://127.0.0.1:3128"))
                        .connectHeader(Map.of("X-Via", List.of("shop")))
                        .build()));
        client.add(
                "http",
                "proxy with exceptions",
                c -> c.proxy(ProxyConfig.builder()
                        .url(url("http://127.0.0.1:3128"))
                        .noProxy("127.0.0.0/8")
                        .build()));
        client.add(
                "http",
                "proxy of the environment",
                c -> c.proxy(ProxyConfig.builder().fromEnvironment(true).build()));
        client.add("http", "redirects and HTTP2", c -> c.followRedirects(false).enableHttp2(false));
        client.add(
                "http",
                "headers",
                c -> c.headers(Map.of(
                        "X-Key",
                        new HeaderConfig(List.of(), List.of(SECRET)),
                        "X-Scope",
                        new HeaderConfig(List.of("a", "b"), List.of()))));
    }

    private static RelabelConfig.Builder step(RelabelAction action) {
        RelabelConfig.Builder step = RelabelConfig.builder().action(action);
        return switch (action) {
            case REPLACE ->
                step.sourceLabels(List.of("a", "b"))
                        .separator("-")
                        .regex(regex("(.*)-(.*)"))
                        .targetLabel("c")
                        .replacement(RelabelTemplate.of("$2:$1"));
            case KEEP, DROP -> step.sourceLabels(List.of("a")).regex(regex("x|y"));
            case HASHMOD -> step.sourceLabels(List.of("a")).modulus(8L).targetLabel("shard");
            case LABELMAP -> step.regex(regex("m_(.+)")).replacement(RelabelTemplate.of("$1"));
            case LABELDROP, LABELKEEP -> step.regex(regex("tmp_.*"));
            case KEEPEQUAL, DROPEQUAL, LOWERCASE, UPPERCASE ->
                step.sourceLabels(List.of("a")).targetLabel("c");
        };
    }

    private static void relabeling(Collector<ScrapeConfig.Builder> job) {
        job.addEach(
                "relabeling",
                "action",
                RelabelAction.values(),
                (c, action) -> c.relabelConfigs(List.of(step(action).build()))
                        .metricRelabelConfigs(List.of(step(action).build())));
    }

    private static void discovery(Collector<ScrapeConfig.Builder> job) {
        HttpClientConfig http = HttpClientConfig.builder()
                .authorization(new AuthorizationConfig(null, SECRET))
                .build();
        Collector<List<ServiceDiscovery>> sd = (section, name, edit) -> job.add(section, name, c -> {
            List<ServiceDiscovery> list = new ArrayList<>();
            edit.accept(list);
            c.discovery(list);
        });
        sd.add(
                "discovery",
                "static",
                list -> list.add(new StaticConfig(List.of("127.0.0.1:8000", "[::1]:8000"), Map.of("zone", "a"))));
        sd.add("discovery", "file", list -> list.add(new FileSdConfig(List.of("targets/*.json"), seconds(60))));
        sd.add(
                "discovery",
                "http",
                list -> list.add(new HttpSdConfig(url("https://127.0.0.1/targets"), seconds(60), http)));
        sd.addEach(
                "discovery",
                "dns",
                DnsRecordType.values(),
                (list, type) -> list.add(new DnsSdConfig(
                        List.of("a.invalid"), type, type == DnsRecordType.SRV ? null : 9100L, seconds(30))));
        sd.addEach(
                "discovery",
                "kubernetes",
                KubernetesRole.values(),
                (list, role) -> list.add(KubernetesSdConfig.builder()
                        .apiServer(url("https://127.0.0.1:6443"))
                        .role(role)
                        .namespaces(new KubernetesNamespaces(null, List.of("shop")))
                        .selectors(List.of(new KubernetesSelector(role, "app=shop", "metadata.name=web")))
                        .attachMetadata(new KubernetesAttachMetadata(true, null))
                        .http(http)
                        .build()));
        sd.add(
                "discovery",
                "kubernetes by a kubeconfig",
                list -> list.add(KubernetesSdConfig.builder()
                        .role(KubernetesRole.NODE)
                        .kubeconfigFile("/etc/kubeconfig")
                        .build()));
        sd.add(
                "discovery",
                "kubernetes of its own namespace",
                list -> list.add(KubernetesSdConfig.builder()
                        .role(KubernetesRole.POD)
                        .namespaces(new KubernetesNamespaces(true, List.of()))
                        .build()));
        sd.add(
                "discovery",
                "kubernetes with namespaces' metadata",
                list -> list.add(KubernetesSdConfig.builder()
                        .role(KubernetesRole.POD)
                        .attachMetadata(new KubernetesAttachMetadata(null, true))
                        .build()));
    }

    private static AlertmanagerConfig.Builder alertmanager() {
        return AlertmanagerConfig.builder().discovery(List.of(new StaticConfig(List.of("127.0.0.1:9093"), Map.of())));
    }

    private static SigV4Config.Builder sigv4() {
        return SigV4Config.builder().region("eu-west-1");
    }

    private static void alerting(Collector<PrometheusConfig.Builder> root) {
        Collector<AlertmanagerConfig.Builder> to = (section, name, edit) -> root.add(section, name, c -> {
            AlertmanagerConfig.Builder builder = alertmanager();
            edit.accept(builder);
            c.alerting(new AlertingConfig(List.of(), List.of(builder.build())));
        });
        root.add(
                "alerting",
                "relabeling",
                c -> c.alerting(
                        new AlertingConfig(List.of(step(RelabelAction.DROP).build()), List.of())));
        to.add(
                "alerting",
                "all",
                c -> c.scheme("https")
                        .pathPrefix("/am")
                        .timeout(seconds(5))
                        .apiVersion("v2")
                        .http(HttpClientConfig.builder()
                                .basicAuth(BasicAuthConfig.builder()
                                        .username("u")
                                        .passwordFile(SECRET)
                                        .build())
                                .build())
                        .relabelConfigs(List.of(step(RelabelAction.KEEP).build())));
        to.add(
                "alerting",
                "relabeling for one",
                c -> c.alertRelabelConfigs(List.of(step(RelabelAction.DROP).build())));
        to.add("alerting", "sigv4", c -> c.sigv4(sigv4().build()));
    }

    private static void remoteWrite(Collector<PrometheusConfig.Builder> root) {
        Collector<RemoteWriteConfig.Builder> to = (section, name, edit) -> root.add(section, name, c -> {
            RemoteWriteConfig.Builder builder = RemoteWriteConfig.builder()
                    .url(url("https://far.invalid/api/v1/write"))
                    .name(name.replace(' ', '-').toLowerCase(Locale.ROOT));
            edit.accept(builder);
            c.remoteWrite(List.of(builder.build()));
        });
        to.add(
                "remote-write",
                "all",
                c -> c.remoteTimeout(seconds(20))
                        .staticHeaders(Map.of("X-Tenant", "shop"))
                        .writeRelabelConfigs(List.of(step(RelabelAction.KEEP).build()))
                        .sendExemplars(true)
                        .sendNativeHistograms(true)
                        .roundRobinDns(true)
                        .convertNhcbToClassic(true)
                        .http(HttpClientConfig.builder()
                                .authorization(new AuthorizationConfig(null, SECRET))
                                .build())
                        .queue(QueueConfig.builder()
                                .capacity(5000L)
                                .maxShards(10L)
                                .minShards(1L)
                                .maxSamplesPerSend(1000L)
                                .batchSendDeadline(seconds(5))
                                .minBackoff(seconds(1))
                                .maxBackoff(seconds(5))
                                .retryOnHttp429(true)
                                .sampleAgeLimit(seconds(3600))
                                .build())
                        .metadata(new MetadataConfig(true, seconds(60), 500L)));
        to.addEach("remote-write", "message", RemoteWriteMessage.values(), RemoteWriteConfig.Builder::protobufMessage);
        to.add(
                "remote-write",
                "sigv4",
                c -> c.sigv4(
                        sigv4().profile("p").roleArn("arn:aws:iam::1:role/x").build()));
        to.add(
                "remote-write",
                "sigv4 with an id",
                c -> c.sigv4(
                        sigv4().roleArn("arn:aws:iam::1:role/x").externalId("e").build()));
        to.add(
                "remote-write",
                "sigv4 by FIPS",
                c -> c.sigv4(sigv4().useFipsStsEndpoint(true).build()));
        to.add(
                "remote-write",
                "sigv4 of a service",
                c -> c.sigv4(sigv4().serviceName("aps").build()));
        String uuid = "00000000-0000-0000-0000-000000000000";
        to.add(
                "remote-write",
                "azuread",
                c -> c.azureAd(AzureAdConfig.builder()
                        .cloud("AzurePublic")
                        .managedIdentity(new AzureManagedIdentity(uuid))
                        .build()));
        to.add(
                "remote-write",
                "azuread by the SDK",
                c -> c.azureAd(AzureAdConfig.builder().sdk(new AzureSdk(uuid)).build()));
        to.add(
                "remote-write",
                "azuread for a workload",
                c -> c.azureAd(AzureAdConfig.builder()
                        .workloadIdentity(new AzureWorkloadIdentity(uuid, uuid, "/var/run/token"))
                        .build()));
        to.add(
                "remote-write",
                "azuread with a scope",
                c -> c.azureAd(AzureAdConfig.builder()
                        .managedIdentity(new AzureManagedIdentity(uuid))
                        .scope("https://far.invalid/.default")
                        .build()));
        to.add("remote-write", "google", c -> c.googleIam(new GoogleIamConfig("/etc/google.json")));
    }

    private static void remoteRead(Collector<PrometheusConfig.Builder> root) {
        root.add(
                "remote-read",
                "all",
                c -> c.remoteRead(List.of(RemoteReadConfig.builder()
                        .url(url("https://far.invalid/api/v1/read"))
                        .name("far")
                        .remoteTimeout(seconds(30))
                        .staticHeaders(Map.of("X-Tenant", "shop"))
                        .readRecent(true)
                        .requiredMatchers(Map.of("job", "shop"))
                        .filterExternalLabels(false)
                        .http(HttpClientConfig.builder()
                                .authorization(new AuthorizationConfig(null, SECRET))
                                .build())
                        .build())));
    }

    private static void rules(List<Sample> all) {
        RuleConfig alert = RuleConfig.builder()
                .alert("Down")
                .expr("up == 0")
                .forDuration(seconds(300))
                .keepFiringFor(seconds(60))
                .labels(Map.of("severity", "page"))
                .annotations(Map.of("summary", "{{ $labels.instance }} is down"))
                .build();
        RuleConfig recorded = RuleConfig.builder()
                .record("job:up:sum")
                .expr("sum by (job) (up)")
                .labels(Map.of("zone", "a"))
                .build();
        all.add(new Sample(
                "rules",
                "all",
                RuleGroupConfig.builder()
                        .name("web rules")
                        .interval(seconds(30))
                        .queryOffset(seconds(10))
                        .limit(100L)
                        .rules(List.of(alert, recorded))
                        .build()));
        all.add(new Sample(
                "rules",
                "labels of a group",
                RuleGroupConfig.builder()
                        .name("web rules")
                        .labels(Map.of("team", "web"))
                        .rules(List.of(recorded))
                        .build()));
    }

    private static void web(List<Sample> all) {
        WebTlsConfig.Builder tls = WebTlsConfig.builder().certFile(CERT).keyFile(KEY);
        all.add(new Sample(
                "web",
                "all",
                new WebConfig(
                        WebTlsConfig.builder()
                                .certFile(CERT)
                                .keyFile(KEY)
                                .clientAuthType("RequireAndVerifyClientCert")
                                .clientCaFile(CA)
                                .minVersion(TlsVersion.TLS12)
                                .maxVersion(TlsVersion.TLS13)
                                .cipherSuites(List.of("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                                .curvePreferences(List.of("CurveP256"))
                                .build(),
                        new WebHttpConfig(true, Map.of("X-Frame-Options", "deny")),
                        Map.of("admin", "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"))));
        all.add(new Sample(
                "web",
                "names of clients",
                new WebConfig(
                        tls.clientAuthType("RequireAndVerifyClientCert")
                                .clientCaFile(CA)
                                .clientAllowedSans(List.of("shop.invalid"))
                                .build(),
                        null,
                        Map.of())));
        for (TlsVersion version : TlsVersion.values()) {
            all.add(new Sample(
                    "web",
                    "tls at least " + version,
                    new WebConfig(
                            WebTlsConfig.builder()
                                    .certFile(CERT)
                                    .keyFile(KEY)
                                    .minVersion(version)
                                    .build(),
                            null,
                            Map.of())));
        }
    }
}
