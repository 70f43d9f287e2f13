package io.narthex.compiler.config;

import static io.narthex.compiler.config.Gate.since;

import io.narthex.compiler.model.PrometheusVersion;

/**
 * Every field of Prometheus's configuration that Narthex writes, with the releases that have it: the version table.
 *
 * <p>The releases are those of the sources of every minor release, {@code config/config.go}, the packages of service
 * discovery, {@code model/rulefmt}, and of the libraries that these releases are built with (common, sigv4,
 * exporter-toolkit). What 2.42, the oldest supported one, has is said to be there always. The parsers of 2.42, 2.55, 3.5,
 * 3.11 and 3.16 are asked about both sides of each gate; which release between two of them it was is known from the
 * sources alone. Two rows are stricter than the sources: {@code storage.tsdb.retention}, which 3.8 to 3.10 read but take
 * for a million times as long, and {@code http_headers}, which 2.53 and 2.54 read before Prometheus said that it has them.
 *
 * <p>What a release lacks is left out with a warning where the rest is still what was asked for, only less of it: fewer
 * samples about samples, another format, an older name. Where the rest would be refused, or would be less safe, the row
 * says {@code orRefuse}, and nothing of it is applied: authentication and what belongs to it, headers (they name tenants
 * and hold credentials), the way past or through a proxy, limits, relabeling that drops, lists of admitted clients, what
 * targets are selected by.
 */
public enum ConfigField {
    // tls_config
    TLS_CA_FILE("tls_config", "ca_file"),
    TLS_CERT_FILE("tls_config", "cert_file"),
    TLS_KEY_FILE("tls_config", "key_file"),
    TLS_SERVER_NAME("tls_config", "server_name"),
    TLS_INSECURE_SKIP_VERIFY("tls_config", "insecure_skip_verify"),
    TLS_MIN_VERSION("tls_config", "min_version"),
    TLS_MAX_VERSION("tls_config", "max_version"),
    // basic_auth
    BASIC_AUTH_USERNAME("basic_auth", "username"),
    BASIC_AUTH_USERNAME_FILE("basic_auth", "username_file", since(2, 49).orRefuse()),
    BASIC_AUTH_PASSWORD_FILE("basic_auth", "password_file"),
    // authorization
    AUTHORIZATION_TYPE("authorization", "type"),
    AUTHORIZATION_CREDENTIALS_FILE("authorization", "credentials_file"),
    // What all clients of HTTP share: the proxy.
    PROXY_PROXY_URL("", "proxy_url"),
    PROXY_NO_PROXY("", "no_proxy", since(2, 43).orRefuse()),
    PROXY_PROXY_FROM_ENVIRONMENT("", "proxy_from_environment", since(2, 43).orRefuse()),
    PROXY_PROXY_CONNECT_HEADER("", "proxy_connect_header"),
    // oauth2
    OAUTH2_CLIENT_ID("oauth2", "client_id"),
    OAUTH2_CLIENT_SECRET_FILE("oauth2", "client_secret_file"),
    OAUTH2_CLIENT_CERTIFICATE_KEY_ID(
            "oauth2", "client_certificate_key_id", since(3, 8).orRefuse()),
    OAUTH2_CLIENT_CERTIFICATE_KEY_FILE(
            "oauth2", "client_certificate_key_file", since(3, 8).orRefuse()),
    OAUTH2_GRANT_TYPE("oauth2", "grant_type", since(3, 8).orRefuse()),
    OAUTH2_SIGNATURE_ALGORITHM("oauth2", "signature_algorithm", since(3, 8).orRefuse()),
    OAUTH2_ISS("oauth2", "iss", since(3, 8).orRefuse()),
    OAUTH2_AUDIENCE("oauth2", "audience", since(3, 8).orRefuse()),
    OAUTH2_CLAIMS("oauth2", "claims", since(3, 8).orRefuse()),
    OAUTH2_SCOPES("oauth2", "scopes"),
    OAUTH2_TOKEN_URL("oauth2", "token_url"),
    OAUTH2_ENDPOINT_PARAMS("oauth2", "endpoint_params"),
    OAUTH2_TLS_CONFIG("oauth2", "tls_config"),
    // http_headers.*
    HEADER_VALUES("http_headers.*", "values"),
    HEADER_FILES("http_headers.*", "files"),
    // What all clients of HTTP share.
    HTTP_BASIC_AUTH("", "basic_auth"),
    HTTP_AUTHORIZATION("", "authorization"),
    HTTP_OAUTH2("", "oauth2"),
    HTTP_TLS_CONFIG("", "tls_config"),
    HTTP_FOLLOW_REDIRECTS("", "follow_redirects"),
    HTTP_ENABLE_HTTP2("", "enable_http2"),
    HTTP_HTTP_HEADERS("", "http_headers", since(2, 55).orRefuse()),
    // relabel_configs[]
    RELABEL_SOURCE_LABELS("relabel_configs[]", "source_labels"),
    RELABEL_SEPARATOR("relabel_configs[]", "separator"),
    RELABEL_TARGET_LABEL("relabel_configs[]", "target_label"),
    RELABEL_REGEX("relabel_configs[]", "regex"),
    RELABEL_MODULUS("relabel_configs[]", "modulus"),
    RELABEL_REPLACEMENT("relabel_configs[]", "replacement"),
    RELABEL_ACTION("relabel_configs[]", "action"),
    // global
    GLOBAL_BODY_SIZE_LIMIT("global", "body_size_limit", since(2, 45).orRefuse()),
    GLOBAL_SAMPLE_LIMIT("global", "sample_limit", since(2, 45).orRefuse()),
    GLOBAL_TARGET_LIMIT("global", "target_limit", since(2, 45).orRefuse()),
    GLOBAL_LABEL_LIMIT("global", "label_limit", since(2, 45).orRefuse()),
    GLOBAL_LABEL_NAME_LENGTH_LIMIT(
            "global", "label_name_length_limit", since(2, 45).orRefuse()),
    GLOBAL_LABEL_VALUE_LENGTH_LIMIT(
            "global", "label_value_length_limit", since(2, 45).orRefuse()),
    GLOBAL_KEEP_DROPPED_TARGETS("global", "keep_dropped_targets", since(2, 47)),
    GLOBAL_SCRAPE_PROTOCOLS("global", "scrape_protocols", since(2, 49)),
    GLOBAL_SCRAPE_NATIVE_HISTOGRAMS("global", "scrape_native_histograms", since(3, 8)),
    GLOBAL_ALWAYS_SCRAPE_CLASSIC_HISTOGRAMS("global", "always_scrape_classic_histograms", since(3, 5)),
    GLOBAL_CONVERT_CLASSIC_HISTOGRAMS_TO_NHCB("global", "convert_classic_histograms_to_nhcb", since(3, 4)),
    GLOBAL_METRIC_NAME_VALIDATION_SCHEME("global", "metric_name_validation_scheme", since(2, 55)),
    GLOBAL_METRIC_NAME_ESCAPING_SCHEME("global", "metric_name_escaping_scheme", since(3, 4)),
    GLOBAL_EXTRA_SCRAPE_METRICS("global", "extra_scrape_metrics", since(3, 10)),
    GLOBAL_SCRAPE_INTERVAL("global", "scrape_interval"),
    GLOBAL_SCRAPE_TIMEOUT("global", "scrape_timeout"),
    GLOBAL_EVALUATION_INTERVAL("global", "evaluation_interval"),
    GLOBAL_RULE_QUERY_OFFSET("global", "rule_query_offset", since(2, 53)),
    GLOBAL_QUERY_LOG_FILE("global", "query_log_file"),
    GLOBAL_QUERY_MAX_SERIES("global", "query_max_series", since(3, 16).orRefuse()),
    GLOBAL_QUERY_MAX_SAMPLES_READ(
            "global", "query_max_samples_read", since(3, 16).orRefuse()),
    GLOBAL_QUERY_MAX_DURATION("global", "query_max_duration", since(3, 16).orRefuse()),
    GLOBAL_SCRAPE_FAILURE_LOG_FILE("global", "scrape_failure_log_file", since(2, 55)),
    GLOBAL_EXTERNAL_LABELS("global", "external_labels"),
    // scrape_configs[]
    SCRAPE_BODY_SIZE_LIMIT("scrape_configs[]", "body_size_limit"),
    SCRAPE_SAMPLE_LIMIT("scrape_configs[]", "sample_limit"),
    SCRAPE_TARGET_LIMIT("scrape_configs[]", "target_limit"),
    SCRAPE_LABEL_LIMIT("scrape_configs[]", "label_limit"),
    SCRAPE_LABEL_NAME_LENGTH_LIMIT("scrape_configs[]", "label_name_length_limit"),
    SCRAPE_LABEL_VALUE_LENGTH_LIMIT("scrape_configs[]", "label_value_length_limit"),
    SCRAPE_KEEP_DROPPED_TARGETS("scrape_configs[]", "keep_dropped_targets", since(2, 47)),
    SCRAPE_SCRAPE_PROTOCOLS("scrape_configs[]", "scrape_protocols", since(2, 49)),
    SCRAPE_SCRAPE_NATIVE_HISTOGRAMS("scrape_configs[]", "scrape_native_histograms", since(3, 8)),
    SCRAPE_ALWAYS_SCRAPE_CLASSIC_HISTOGRAMS(
            "scrape_configs[]",
            "always_scrape_classic_histograms",
            since(2, 45).renamedFrom("scrape_classic_histograms", 3, 0)),
    SCRAPE_CONVERT_CLASSIC_HISTOGRAMS_TO_NHCB("scrape_configs[]", "convert_classic_histograms_to_nhcb", since(3, 0)),
    SCRAPE_METRIC_NAME_VALIDATION_SCHEME("scrape_configs[]", "metric_name_validation_scheme", since(2, 55)),
    SCRAPE_METRIC_NAME_ESCAPING_SCHEME("scrape_configs[]", "metric_name_escaping_scheme", since(3, 4)),
    SCRAPE_EXTRA_SCRAPE_METRICS("scrape_configs[]", "extra_scrape_metrics", since(3, 10)),
    SCRAPE_JOB_NAME("scrape_configs[]", "job_name"),
    SCRAPE_SCRAPE_INTERVAL("scrape_configs[]", "scrape_interval"),
    SCRAPE_SCRAPE_TIMEOUT("scrape_configs[]", "scrape_timeout"),
    SCRAPE_METRICS_PATH("scrape_configs[]", "metrics_path"),
    SCRAPE_SCHEME("scrape_configs[]", "scheme"),
    SCRAPE_PARAMS("scrape_configs[]", "params"),
    SCRAPE_HONOR_LABELS("scrape_configs[]", "honor_labels"),
    SCRAPE_HONOR_TIMESTAMPS("scrape_configs[]", "honor_timestamps"),
    SCRAPE_TRACK_TIMESTAMPS_STALENESS("scrape_configs[]", "track_timestamps_staleness", since(2, 48)),
    SCRAPE_ENABLE_COMPRESSION("scrape_configs[]", "enable_compression", since(2, 49)),
    SCRAPE_SCRAPE_FAILURE_LOG_FILE("scrape_configs[]", "scrape_failure_log_file", since(2, 55)),
    SCRAPE_FALLBACK_SCRAPE_PROTOCOL("scrape_configs[]", "fallback_scrape_protocol", since(3, 0)),
    SCRAPE_NATIVE_HISTOGRAM_BUCKET_LIMIT(
            "scrape_configs[]", "native_histogram_bucket_limit", since(2, 45).orRefuse()),
    SCRAPE_NATIVE_HISTOGRAM_MIN_BUCKET_FACTOR("scrape_configs[]", "native_histogram_min_bucket_factor", since(2, 50)),
    SCRAPE_RELABEL_CONFIGS("scrape_configs[]", "relabel_configs"),
    SCRAPE_METRIC_RELABEL_CONFIGS("scrape_configs[]", "metric_relabel_configs"),
    // alerting.alertmanagers[]
    ALERTMANAGER_SCHEME("alerting.alertmanagers[]", "scheme"),
    ALERTMANAGER_PATH_PREFIX("alerting.alertmanagers[]", "path_prefix"),
    ALERTMANAGER_TIMEOUT("alerting.alertmanagers[]", "timeout"),
    ALERTMANAGER_API_VERSION("alerting.alertmanagers[]", "api_version"),
    ALERTMANAGER_SIGV4("alerting.alertmanagers[]", "sigv4", since(2, 48).orRefuse()),
    ALERTMANAGER_RELABEL_CONFIGS("alerting.alertmanagers[]", "relabel_configs"),
    ALERTMANAGER_ALERT_RELABEL_CONFIGS(
            "alerting.alertmanagers[]", "alert_relabel_configs", since(2, 51).orRefuse()),
    // alerting
    ALERTING_ALERT_RELABEL_CONFIGS("alerting", "alert_relabel_configs"),
    ALERTING_ALERTMANAGERS("alerting", "alertmanagers"),
    // sigv4
    SIGV4_REGION("sigv4", "region"),
    SIGV4_PROFILE("sigv4", "profile"),
    SIGV4_ROLE_ARN("sigv4", "role_arn"),
    SIGV4_EXTERNAL_ID("sigv4", "external_id", since(3, 10).orRefuse()),
    SIGV4_USE_FIPS_STS_ENDPOINT("sigv4", "use_fips_sts_endpoint", since(3, 1).orRefuse()),
    SIGV4_SERVICE_NAME("sigv4", "service_name", since(3, 5).orRefuse()),
    // azuread
    AZUREAD_CLOUD("azuread", "cloud"),
    AZUREAD_MANAGED_IDENTITY("azuread", "managed_identity"),
    AZUREAD_WORKLOAD_IDENTITY("azuread", "workload_identity", since(3, 7).orRefuse()),
    AZUREAD_SDK("azuread", "sdk", since(2, 52).orRefuse()),
    AZUREAD_SCOPE("azuread", "scope", since(3, 9).orRefuse()),
    // azuread.managed_identity
    AZURE_MANAGED_CLIENT_ID("azuread.managed_identity", "client_id"),
    // azuread.workload_identity
    AZURE_WORKLOAD_CLIENT_ID(
            "azuread.workload_identity", "client_id", since(3, 7).orRefuse()),
    AZURE_WORKLOAD_TENANT_ID(
            "azuread.workload_identity", "tenant_id", since(3, 7).orRefuse()),
    AZURE_WORKLOAD_TOKEN_FILE_PATH(
            "azuread.workload_identity", "token_file_path", since(3, 7).orRefuse()),
    // azuread.sdk
    AZURE_SDK_TENANT_ID("azuread.sdk", "tenant_id", since(2, 52).orRefuse()),
    // google_iam
    GOOGLE_IAM_CREDENTIALS_FILE("google_iam", "credentials_file", since(2, 55).orRefuse()),
    // remote_write[].queue_config
    QUEUE_CAPACITY("remote_write[].queue_config", "capacity"),
    QUEUE_MAX_SHARDS("remote_write[].queue_config", "max_shards"),
    QUEUE_MIN_SHARDS("remote_write[].queue_config", "min_shards"),
    QUEUE_MAX_SAMPLES_PER_SEND("remote_write[].queue_config", "max_samples_per_send"),
    QUEUE_BATCH_SEND_DEADLINE("remote_write[].queue_config", "batch_send_deadline"),
    QUEUE_MIN_BACKOFF("remote_write[].queue_config", "min_backoff"),
    QUEUE_MAX_BACKOFF("remote_write[].queue_config", "max_backoff"),
    QUEUE_RETRY_ON_HTTP_429("remote_write[].queue_config", "retry_on_http_429"),
    QUEUE_SAMPLE_AGE_LIMIT("remote_write[].queue_config", "sample_age_limit", since(2, 50)),
    // remote_write[].metadata_config
    METADATA_SEND("remote_write[].metadata_config", "send"),
    METADATA_SEND_INTERVAL("remote_write[].metadata_config", "send_interval"),
    METADATA_MAX_SAMPLES_PER_SEND("remote_write[].metadata_config", "max_samples_per_send"),
    // remote_write[]
    REMOTE_WRITE_URL("remote_write[]", "url"),
    REMOTE_WRITE_NAME("remote_write[]", "name"),
    REMOTE_WRITE_REMOTE_TIMEOUT("remote_write[]", "remote_timeout"),
    REMOTE_WRITE_HEADERS("remote_write[]", "headers"),
    REMOTE_WRITE_WRITE_RELABEL_CONFIGS("remote_write[]", "write_relabel_configs"),
    REMOTE_WRITE_SEND_EXEMPLARS("remote_write[]", "send_exemplars"),
    REMOTE_WRITE_SEND_NATIVE_HISTOGRAMS("remote_write[]", "send_native_histograms"),
    REMOTE_WRITE_ROUND_ROBIN_DNS("remote_write[]", "round_robin_dns", since(3, 1)),
    REMOTE_WRITE_PROTOBUF_MESSAGE("remote_write[]", "protobuf_message", since(2, 54)),
    REMOTE_WRITE_CONVERT_NHCB_TO_CLASSIC("remote_write[]", "convert_nhcb_to_classic", since(3, 16)),
    REMOTE_WRITE_QUEUE_CONFIG("remote_write[]", "queue_config"),
    REMOTE_WRITE_METADATA_CONFIG("remote_write[]", "metadata_config"),
    REMOTE_WRITE_SIGV4("remote_write[]", "sigv4"),
    REMOTE_WRITE_AZUREAD("remote_write[]", "azuread", since(2, 45).orRefuse()),
    REMOTE_WRITE_GOOGLE_IAM("remote_write[]", "google_iam", since(2, 55).orRefuse()),
    // remote_read[]
    REMOTE_READ_URL("remote_read[]", "url"),
    REMOTE_READ_NAME("remote_read[]", "name"),
    REMOTE_READ_REMOTE_TIMEOUT("remote_read[]", "remote_timeout"),
    REMOTE_READ_HEADERS("remote_read[]", "headers"),
    REMOTE_READ_READ_RECENT("remote_read[]", "read_recent"),
    REMOTE_READ_REQUIRED_MATCHERS("remote_read[]", "required_matchers"),
    REMOTE_READ_FILTER_EXTERNAL_LABELS("remote_read[]", "filter_external_labels"),
    // storage.tsdb.retention
    RETENTION_TIME("storage.tsdb.retention", "time", since(3, 11).orRefuse()),
    RETENTION_SIZE("storage.tsdb.retention", "size", since(3, 11).orRefuse()),
    RETENTION_PERCENTAGE("storage.tsdb.retention", "percentage", since(3, 11).orRefuse()),
    // storage.tsdb
    TSDB_OUT_OF_ORDER_TIME_WINDOW("storage.tsdb", "out_of_order_time_window"),
    TSDB_STALE_SERIES_COMPACTION_THRESHOLD("storage.tsdb", "stale_series_compaction_threshold", since(3, 10)),
    TSDB_CHUNK_ENCODING("storage.tsdb", "chunk_encoding", since(3, 13)),
    TSDB_RETENTION("storage.tsdb", "retention", since(3, 11).orRefuse()),
    // storage.tsdb.chunk_encoding
    CHUNK_ENCODING_FLOATS("storage.tsdb.chunk_encoding", "floats", since(3, 13)),
    // storage.exemplars
    EXEMPLARS_MAX_EXEMPLARS("storage.exemplars", "max_exemplars"),
    // storage
    STORAGE_TSDB("storage", "tsdb"),
    STORAGE_EXEMPLARS("storage", "exemplars"),
    // tracing
    TRACING_CLIENT_TYPE("tracing", "client_type"),
    TRACING_ENDPOINT("tracing", "endpoint"),
    TRACING_SAMPLING_FRACTION("tracing", "sampling_fraction"),
    TRACING_INSECURE("tracing", "insecure"),
    TRACING_TLS_CONFIG("tracing", "tls_config"),
    TRACING_HEADERS("tracing", "headers"),
    TRACING_COMPRESSION("tracing", "compression"),
    TRACING_TIMEOUT("tracing", "timeout"),
    // otlp
    OTLP_PROMOTE_RESOURCE_ATTRIBUTES("otlp", "promote_resource_attributes", since(2, 55)),
    OTLP_PROMOTE_ALL_RESOURCE_ATTRIBUTES("otlp", "promote_all_resource_attributes", since(3, 5)),
    OTLP_IGNORE_RESOURCE_ATTRIBUTES("otlp", "ignore_resource_attributes", since(3, 5)),
    OTLP_TRANSLATION_STRATEGY("otlp", "translation_strategy", since(3, 0)),
    OTLP_KEEP_IDENTIFYING_RESOURCE_ATTRIBUTES("otlp", "keep_identifying_resource_attributes", since(3, 1)),
    OTLP_CONVERT_HISTOGRAMS_TO_NHCB("otlp", "convert_histograms_to_nhcb", since(3, 4)),
    OTLP_PROMOTE_SCOPE_METADATA("otlp", "promote_scope_metadata", since(3, 6)),
    // runtime
    RUNTIME_GOGC("runtime", "gogc", since(2, 53)),
    RUNTIME_LOG_LEVEL("runtime", "log_level", since(3, 15)),
    // The file prometheus.yml.
    ROOT_GLOBAL("", "global"),
    ROOT_RUNTIME("", "runtime", since(2, 53)),
    ROOT_ALERTING("", "alerting"),
    ROOT_RULE_FILES("", "rule_files"),
    ROOT_SCRAPE_CONFIG_FILES("", "scrape_config_files", since(2, 43).orRefuse()),
    ROOT_STORAGE("", "storage"),
    ROOT_TRACING("", "tracing"),
    ROOT_REMOTE_WRITE("", "remote_write"),
    ROOT_REMOTE_READ("", "remote_read"),
    ROOT_OTLP("", "otlp", since(2, 55)),
    ROOT_SCRAPE_CONFIGS("", "scrape_configs"),
    // groups[]
    GROUP_NAME("groups[]", "name"),
    GROUP_INTERVAL("groups[]", "interval"),
    GROUP_QUERY_OFFSET("groups[]", "query_offset", since(2, 53)),
    GROUP_LIMIT("groups[]", "limit"),
    GROUP_LABELS("groups[]", "labels", since(3, 0).orRefuse()),
    GROUP_RULES("groups[]", "rules"),
    // groups[].rules[]
    RULE_RECORD("groups[].rules[]", "record"),
    RULE_ALERT("groups[].rules[]", "alert"),
    RULE_EXPR("groups[].rules[]", "expr"),
    RULE_FOR("groups[].rules[]", "for"),
    RULE_KEEP_FIRING_FOR("groups[].rules[]", "keep_firing_for"),
    RULE_LABELS("groups[].rules[]", "labels"),
    RULE_ANNOTATIONS("groups[].rules[]", "annotations"),
    // The file web.yml.
    WEB_TLS_SERVER_CONFIG("", "tls_server_config"),
    WEB_HTTP_SERVER_CONFIG("", "http_server_config"),
    WEB_BASIC_AUTH_USERS("", "basic_auth_users"),
    // tls_server_config
    WEB_TLS_CERT_FILE("tls_server_config", "cert_file"),
    WEB_TLS_KEY_FILE("tls_server_config", "key_file"),
    WEB_TLS_CLIENT_AUTH_TYPE("tls_server_config", "client_auth_type"),
    WEB_TLS_CLIENT_CA_FILE("tls_server_config", "client_ca_file"),
    WEB_TLS_CLIENT_ALLOWED_SANS(
            "tls_server_config", "client_allowed_sans", since(2, 45).orRefuse()),
    WEB_TLS_MIN_VERSION("tls_server_config", "min_version"),
    WEB_TLS_MAX_VERSION("tls_server_config", "max_version"),
    WEB_TLS_CIPHER_SUITES("tls_server_config", "cipher_suites"),
    WEB_TLS_CURVE_PREFERENCES("tls_server_config", "curve_preferences"),
    // http_server_config
    WEB_HTTP_HTTP2("http_server_config", "http2"),
    WEB_HTTP_HEADERS("http_server_config", "headers"),
    // static_configs[]
    STATIC_TARGETS("static_configs[]", "targets"),
    STATIC_LABELS("static_configs[]", "labels"),
    // dns_sd_configs[]
    DNS_SD_NAMES("dns_sd_configs[]", "names"),
    DNS_SD_TYPE("dns_sd_configs[]", "type"),
    DNS_SD_PORT("dns_sd_configs[]", "port"),
    DNS_SD_REFRESH_INTERVAL("dns_sd_configs[]", "refresh_interval"),
    // http_sd_configs[]
    HTTP_SD_URL("http_sd_configs[]", "url"),
    HTTP_SD_REFRESH_INTERVAL("http_sd_configs[]", "refresh_interval"),
    // file_sd_configs[]
    FILE_SD_FILES("file_sd_configs[]", "files"),
    FILE_SD_REFRESH_INTERVAL("file_sd_configs[]", "refresh_interval"),
    // kubernetes_sd_configs[]
    K8S_SD_API_SERVER("kubernetes_sd_configs[]", "api_server"),
    K8S_SD_ROLE("kubernetes_sd_configs[]", "role"),
    K8S_SD_KUBECONFIG_FILE("kubernetes_sd_configs[]", "kubeconfig_file"),
    K8S_SD_NAMESPACES("kubernetes_sd_configs[]", "namespaces"),
    K8S_SD_SELECTORS("kubernetes_sd_configs[]", "selectors"),
    K8S_SD_ATTACH_METADATA("kubernetes_sd_configs[]", "attach_metadata"),
    // kubernetes_sd_configs[].namespaces
    K8S_NAMESPACES_OWN_NAMESPACE("kubernetes_sd_configs[].namespaces", "own_namespace"),
    K8S_NAMESPACES_NAMES("kubernetes_sd_configs[].namespaces", "names"),
    // kubernetes_sd_configs[].selectors[]
    K8S_SELECTOR_ROLE("kubernetes_sd_configs[].selectors[]", "role"),
    K8S_SELECTOR_LABEL("kubernetes_sd_configs[].selectors[]", "label"),
    K8S_SELECTOR_FIELD("kubernetes_sd_configs[].selectors[]", "field"),
    // kubernetes_sd_configs[].attach_metadata
    K8S_ATTACH_NODE("kubernetes_sd_configs[].attach_metadata", "node"),
    K8S_ATTACH_NAMESPACE(
            "kubernetes_sd_configs[].attach_metadata", "namespace", since(3, 6).orRefuse()),
    // Service discovery.
    SD_STATIC_CONFIGS("", "static_configs"),
    SD_DNS_SD_CONFIGS("", "dns_sd_configs"),
    SD_HTTP_SD_CONFIGS("", "http_sd_configs"),
    SD_FILE_SD_CONFIGS("", "file_sd_configs"),
    SD_KUBERNETES_SD_CONFIGS("", "kubernetes_sd_configs");

    private final String path;
    private final String key;
    // A record of values, and so immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Gate gate;

    ConfigField(String path, String key) {
        this(path, key, Gate.ALWAYS);
    }

    ConfigField(String path, String key, Gate gate) {
        this.path = path;
        this.key = key;
        this.gate = gate;
    }

    /** Returns the section that it stands in, such as {@code scrape_configs[]}; empty text where many have it. */
    public String section() {
        return path;
    }

    /** Returns the newest name of the field. */
    public String key() {
        return key;
    }

    /** Returns the name that the field has in this release. */
    public String key(PrometheusVersion version) {
        return gate.hasOldName(version) ? gate.oldName() : key;
    }

    /** Returns which releases have it. */
    public Gate gate() {
        return gate;
    }

    /** Returns the field's place for users: {@code scrape_configs[].job_name}; just its name where many have it. */
    @Override
    public String toString() {
        return path.isEmpty() ? key : path + "." + key;
    }
}
