package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.AUTH_AMBIGUOUS;
import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;

import io.narthex.api.v1alpha1.Authorization;
import io.narthex.api.v1alpha1.BasicAuth;
import io.narthex.api.v1alpha1.Header;
import io.narthex.api.v1alpha1.HttpAuth;
import io.narthex.api.v1alpha1.HttpClientSettings;
import io.narthex.api.v1alpha1.JwtBearer;
import io.narthex.api.v1alpha1.OAuth2;
import io.narthex.api.v1alpha1.Proxy;
import io.narthex.api.v1alpha1.Tls;
import io.narthex.compiler.config.AuthorizationConfig;
import io.narthex.compiler.config.BasicAuthConfig;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.HeaderConfig;
import io.narthex.compiler.config.HttpClientConfig;
import io.narthex.compiler.config.OAuth2Config;
import io.narthex.compiler.config.ProxyConfig;
import io.narthex.compiler.config.TlsConfig;
import io.narthex.compiler.config.value.HttpUrl;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How Prometheus makes requests: authentication, TLS, proxy, headers, redirects. */
final class HttpClients {

    private final Context context;
    private final Report report;
    private final Credentials credentials;
    private final Texts texts;

    HttpClients(Context context, Report report, Credentials credentials, Texts texts) {
        this.context = context;
        this.report = report;
        this.credentials = credentials;
        this.texts = texts;
    }

    /** Returns whether these settings send a credential along. */
    static boolean sendsCredentials(HttpClientSettings settings) {
        HttpAuth auth = settings.auth();
        Tls tls = settings.tls();
        return (auth != null && (auth.basic() != null || auth.authorization() != null || auth.oauth2() != null))
                || (tls != null && tls.key() != null)
                || settings.headers().stream().anyMatch(header -> header.valueFrom() != null);
    }

    /** Returns the client that {@code settings}, found at {@code at}, ask for. */
    HttpClientConfig client(HttpClientSettings settings, FieldPath at) {
        HttpAuth auth = settings.auth();
        FieldPath authAt = at.field("auth");
        HttpClientConfig.Builder client = HttpClientConfig.builder();
        if (auth != null) {
            oneOf(auth, authAt);
            client.basicAuth(basic(auth.basic(), authAt.field("basic")))
                    .authorization(authorization(auth.authorization(), authAt.field("authorization")))
                    .oauth2(oauth2(auth.oauth2(), authAt.field("oauth2")));
        }
        return client.tls(tls(settings.tls(), at.field("tls")))
                .proxy(proxy(settings.proxy(), at.field("proxy"), sendsCredentials(settings)))
                .followRedirects(settings.followRedirects())
                .enableHttp2(settings.enableHttp2())
                .headers(headers(settings.headers(), at.field("headers")))
                .build();
    }

    /**
     * How remote write or read makes requests.
     *
     * @param http the client
     * @param staticHeaders headers that stand in the section itself
     */
    record Remote(HttpClientConfig http, Map<String, String> staticHeaders) {}

    /**
     * Returns the client of remote write or read. Before all clients could send headers these two could, without
     * secrets: such headers stand in their own place then.
     */
    Remote remote(HttpClientSettings settings, FieldPath at) {
        HttpClientConfig http = client(settings, at);
        if (Dialect.of(context.version()).hasHttpHeaders()
                || settings.headers().stream().anyMatch(header -> header.valueFrom() != null)) {
            return new Remote(http, Map.of());
        }
        Map<String, String> plain = new TreeMap<>();
        http.headers().forEach((name, header) -> header.values().forEach(value -> plain.put(name, value)));
        return new Remote(
                new HttpClientConfig(
                        http.basicAuth(),
                        http.authorization(),
                        http.oauth2(),
                        http.tls(),
                        http.proxy(),
                        http.followRedirects(),
                        http.enableHttp2(),
                        Map.of()),
                plain);
    }

    private void oneOf(HttpAuth auth, FieldPath at) {
        List<String> set = new ArrayList<>();
        if (auth.basic() != null) {
            set.add("basic");
        }
        if (auth.authorization() != null) {
            set.add("authorization");
        }
        if (auth.oauth2() != null) {
            set.add("oauth2");
        }
        if (set.size() > 1) {
            report.add(
                    AUTH_AMBIGUOUS,
                    at,
                    String.join(" and ", set) + " are set together",
                    "one of basic, authorization and oauth2",
                    "keep one of them");
        }
    }

    private @Nullable BasicAuthConfig basic(@Nullable BasicAuth basic, FieldPath at) {
        return basic == null
                ? null
                : BasicAuthConfig.builder()
                        .username(texts.check(basic.username(), at.field("username")))
                        .usernameFile(credentials.path(basic.usernameFrom(), at.field("usernameFrom")))
                        .passwordFile(credentials.path(basic.password(), at.field("password")))
                        .build();
    }

    private @Nullable AuthorizationConfig authorization(@Nullable Authorization authorization, FieldPath at) {
        if (authorization == null) {
            return null;
        }
        String type = texts.check(authorization.type(), at.field("type"));
        if (type != null && type.equalsIgnoreCase("basic")) {
            report.add(
                    INVALID_VALUE,
                    at.field("type"),
                    "the type Basic has a field of its own",
                    "another type, such as Bearer",
                    "use auth.basic");
        }
        return new AuthorizationConfig(type, credentials.path(authorization.credentials(), at.field("credentials")));
    }

    private @Nullable OAuth2Config oauth2(@Nullable OAuth2 oauth2, FieldPath at) {
        if (oauth2 == null) {
            return null;
        }
        HttpUrl url = report.value(HttpUrl.parse(oauth2.tokenUrl()), INVALID_VALUE, at.field("tokenUrl"));
        String secret = credentials.path(oauth2.clientSecret(), at.field("clientSecret"));
        JwtBearer jwt = oauth2.jwtBearer();
        if ((oauth2.clientSecret() == null) == (jwt == null)) {
            report.add(
                    AUTH_AMBIGUOUS,
                    at,
                    "clientSecret and jwtBearer are " + (jwt == null ? "both missing" : "both set"),
                    "exactly one of clientSecret and jwtBearer",
                    "");
        }
        if (jwt != null && !Dialect.of(context.version()).hasJwtBearer()) {
            report.add(
                    DiagnosticCode.NEEDED_NOT_IN_VERSION,
                    at.field("jwtBearer"),
                    "Prometheus " + context.version().major() + "."
                            + context.version().minor()
                            + " signs no JWT to get a token with, which can't be left out",
                    "Prometheus 3.8 and later",
                    "run Prometheus 3.8 or later, or use clientSecret");
            return null;
        }
        if (url == null) {
            return null;
        }
        OAuth2Config.Builder config = OAuth2Config.builder()
                .clientId(oauth2.clientId())
                .clientSecretFile(secret)
                .scopes(texts.checkAll(oauth2.scopes(), at.field("scopes")))
                .tokenUrl(url)
                .endpointParams(texts.checkAll(oauth2.endpointParams(), at.field("endpointParams")))
                .tls(tls(oauth2.tls(), at.field("tls")))
                .proxy(proxy(oauth2.proxy(), at.field("proxy"), true));
        texts.check(oauth2.clientId(), at.field("clientId"));
        if (jwt != null) {
            FieldPath jwtAt = at.field("jwtBearer");
            config.clientCertificateKeyFile(credentials.path(jwt.key(), jwtAt.field("key")))
                    .clientCertificateKeyId(texts.check(jwt.keyId(), jwtAt.field("keyId")))
                    .grantType("urn:ietf:params:oauth:grant-type:jwt-bearer")
                    .signatureAlgorithm(
                            jwt.algorithm() == null ? null : jwt.algorithm().value())
                    .issuer(texts.check(jwt.issuer(), jwtAt.field("issuer")))
                    .audience(texts.check(jwt.audience(), jwtAt.field("audience")))
                    .claims(texts.checkAll(jwt.claims(), jwtAt.field("claims")));
        }
        return config.build();
    }

    /** Returns the trust that {@code tls}, found at {@code at}, asks for. */
    @Nullable
    TlsConfig tls(@Nullable Tls tls, FieldPath at) {
        if (tls == null) {
            return null;
        }
        if ((tls.cert() == null) != (tls.key() == null)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    tls.cert() == null ? "key is set without cert" : "cert is set without key",
                    "both cert and key, or neither",
                    tls.cert() == null ? "add cert" : "add key");
        }
        if (tls.minVersion() != null
                && tls.maxVersion() != null
                && tls.minVersion().compareTo(tls.maxVersion()) > 0) {
            report.add(
                    INVALID_VALUE,
                    at.field("minVersion"),
                    "minVersion " + tls.minVersion() + " is above maxVersion " + tls.maxVersion(),
                    "at most " + tls.maxVersion(),
                    "lower minVersion");
        }
        String certificate = credentials.certificate(tls.cert(), at.field("cert"));
        String key = credentials.privateKey(tls.key(), at.field("key"));
        // Prometheus then scrapes nothing, and says so in its log alone.
        credentials.pair(certificate, key, at);
        return TlsConfig.builder()
                .caFile(credentials.certificate(tls.ca(), at.field("ca")))
                .certFile(certificate)
                .keyFile(key)
                .serverName(texts.check(tls.serverName(), at.field("serverName")))
                .insecureSkipVerify(tls.insecureSkipVerify() ? Boolean.TRUE : null)
                .minVersion(Enums.tls(tls.minVersion()))
                .maxVersion(Enums.tls(tls.maxVersion()))
                .build();
    }

    private ProxyConfig proxy(@Nullable Proxy proxy, FieldPath at, boolean withCredentials) {
        if (proxy == null) {
            return ProxyConfig.NONE;
        }
        HttpUrl url = proxy.url() == null
                ? null
                : report.value(HttpUrl.parseProxy(proxy.url()), INVALID_VALUE, at.field("url"));
        if ((proxy.url() != null && proxy.fromEnvironment()) || (proxy.noProxy() != null && proxy.url() == null)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    proxy.url() == null ? "noProxy is set without url" : "url and fromEnvironment are both set",
                    "url, perhaps with noProxy, or fromEnvironment: true",
                    "");
        }
        if (withCredentials && proxy.url() != null && (context.foreign() || context.platform() != Platform.LOCAL)) {
            report.add(
                    DiagnosticCode.CREDENTIAL_REDIRECTED,
                    at.field("url"),
                    "a proxy would see the credentials that Prometheus sends",
                    "a proxy without credentials, or credentials without a proxy",
                    "remove proxy.url, or the credentials");
        }
        return ProxyConfig.builder()
                .url(url)
                .noProxy(texts.check(proxy.noProxy(), at.field("noProxy")))
                .fromEnvironment(proxy.fromEnvironment() ? Boolean.TRUE : null)
                .build();
    }

    private Map<String, HeaderConfig> headers(List<Header> headers, FieldPath at) {
        Map<String, HeaderConfig> result = new TreeMap<>();
        for (int i = 0; i < headers.size(); i++) {
            Header header = headers.get(i);
            FieldPath field = at.index(i, header.name());
            texts.check(header.name(), field.field("name"));
            String value = texts.check(header.value(), field.field("value"));
            String path = credentials.path(header.valueFrom(), field.field("valueFrom"));
            if ((header.value() == null) == (header.valueFrom() == null)) {
                report.add(
                        INVALID_VALUE,
                        field,
                        "value and valueFrom are both set or both missing",
                        "exactly one of value and valueFrom",
                        "");
            }
            if (RESERVED.contains(header.name().toLowerCase(Locale.ROOT))) {
                report.add(
                        INVALID_VALUE,
                        field.field("name"),
                        "Prometheus sets the header " + header.name() + " itself",
                        "another header",
                        "remove it; for Authorization use auth");
            }
            result.put(
                    header.name(),
                    new HeaderConfig(
                            value == null ? List.of() : List.of(value), path == null ? List.of() : List.of(path)));
        }
        return result;
    }

    /** Prometheus refuses these (its common library, {@code config/headers.go}). */
    private static final Set<String> RESERVED = Set.of(
            "authorization",
            "host",
            "content-encoding",
            "content-length",
            "content-type",
            "user-agent",
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "www-authenticate",
            "accept-encoding",
            "x-prometheus-remote-write-version",
            "x-prometheus-remote-read-version",
            "x-prometheus-scrape-timeout-seconds",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-content-sha256");
}
