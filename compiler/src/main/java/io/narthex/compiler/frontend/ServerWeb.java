package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Web;
import io.narthex.api.v1alpha1.WebTls;
import io.narthex.api.v1alpha1.WebUser;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.Finding;
import io.narthex.compiler.config.Rendered;
import io.narthex.compiler.config.WebConfig;
import io.narthex.compiler.config.WebHttpConfig;
import io.narthex.compiler.config.WebTlsConfig;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server's {@code web.yml}: who may come in, over which TLS, and the headers of its answers. */
final class ServerWeb {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[abxy]?\\$\\d{2}\\$[./A-Za-z0-9]{53}");
    /** What the web server takes (exporter-toolkit, {@code web/handler.go}); with an empty set, any value. */
    private static final Map<String, Set<String>> WEB_HEADERS = new TreeMap<>(Map.of(
            "X-Frame-Options", new TreeSet<>(List.of("deny", "sameorigin")),
            "X-Content-Type-Options", Set.of("nosniff"),
            "X-XSS-Protection", Set.of(),
            "Strict-Transport-Security", Set.of(),
            "Content-Security-Policy", Set.of()));
    /** Where the clients' authorities lie, joined by Narthex. */
    private static final String CLIENT_CA = "client-ca.pem";

    private final Declared<PrometheusServerSpec> server;
    private final Inventory inventory;
    private final CompileOptions options;
    private final Report report;
    private final Texts texts;
    private final Credentials credentials;

    ServerWeb(
            Declared<PrometheusServerSpec> server,
            Inventory inventory,
            CompileOptions options,
            Report report,
            Texts texts,
            Credentials credentials) {
        this.server = server;
        this.inventory = inventory;
        this.options = options;
        this.report = report;
        this.texts = texts;
        this.credentials = credentials;
    }

    /** Returns {@code web.yml}, if the server needs one; what it names beside Secrets goes to {@code generated}. */
    Optional<SecretValue> config(Dialect dialect, Map<String, SecretValue> generated) {
        Web web = server.spec().web();
        if (web == null) {
            return Optional.empty();
        }
        FieldPath at = SPEC.field("web");
        WebTls tls = web.tls();
        if (tls == null && web.users().isEmpty() && web.headers().isEmpty() && web.http2() == null) {
            return Optional.empty();
        }
        WebTlsConfig tlsConfig = tls == null ? null : webTls(tls, at.field("tls"), generated);
        Map<String, String> users = new TreeMap<>();
        for (int i = 0; i < web.users().size(); i++) {
            WebUser user = web.users().get(i);
            user(user, at.field("users").index(i, user.name()), users);
        }
        if (!users.isEmpty()) {
            options.operator().ifPresent(operator -> users.put(operator.user(), text(operator.passwordHash())));
        }
        WebHttpConfig http = web.http2() == null && web.headers().isEmpty()
                ? null
                : new WebHttpConfig(web.http2(), headers(web.headers(), at.field("headers")));
        Rendered rendered = dialect.render(new WebConfig(tlsConfig, http, users));
        for (Finding finding : rendered.findings()) {
            report.addAll(List.of(finding.toDiagnostic(server.key(), at, server.source())));
        }
        return Optional.of(SecretValue.of(rendered.bytes()));
    }

    private Map<String, String> headers(Map<String, String> headers, FieldPath at) {
        headers.forEach((name, value) -> {
            Set<String> values = WEB_HEADERS.get(name);
            if (values == null) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at.field(name),
                        "the header " + Quoting.quote(name) + " can't be set",
                        String.join(", ", WEB_HEADERS.keySet()),
                        "remove it");
            } else if (!values.isEmpty() && !values.contains(value)) {
                report.add(
                        INVALID_SERVER_VALUE,
                        at.field(name),
                        "the header can't be " + Quoting.quote(value),
                        String.join(" or ", values),
                        "");
            }
        });
        return texts.checkAll(headers, at);
    }

    private WebTlsConfig webTls(WebTls tls, FieldPath at, Map<String, SecretValue> generated) {
        String clientAuth = tls.clientAuth() != null
                ? tls.clientAuth().value()
                : tls.clientCa() != null ? "RequireAndVerifyClientCert" : null;
        String certificate = credentials.certificate(tls.cert(), at.field("cert"));
        String key = credentials.privateKey(tls.key(), at.field("key"));
        credentials.pair(certificate, key, at);
        return WebTlsConfig.builder()
                .certFile(certificate)
                .keyFile(key)
                .clientCaFile(clientCa(tls, at.field("clientCa"), generated))
                .clientAuthType(clientAuth)
                .clientAllowedSans(clientNames(tls, at.field("clientAllowedSans")))
                .minVersion(Enums.tls(tls.minVersion()))
                .maxVersion(Enums.tls(tls.maxVersion()))
                .cipherSuites(texts.checkAll(tls.cipherSuites(), at.field("cipherSuites")))
                .curvePreferences(texts.checkAll(tls.curvePreferences(), at.field("curvePreferences")))
                .build();
    }

    /** Returns the path of the clients' authorities; Narthex's own certificate is one of them, for itself alone. */
    private @Nullable String clientCa(WebTls tls, FieldPath at, Map<String, SecretValue> generated) {
        String declared = credentials.certificate(tls.clientCa(), at);
        if (declared == null) {
            return null;
        }
        SecretId id = credentials.files().get(declared);
        SecretValue authorities = id == null ? null : inventory.secrets().find(id);
        if (authorities == null && id != null && options.platform() == Platform.KUBERNETES) {
            // Whatever is declared there is read; that it is missing is said already.
            return declared;
        }
        if (authorities == null) {
            report.add(
                    DiagnosticCode.CLIENT_CA_NOT_AT_HAND,
                    at.field("file"),
                    "Narthex must be among the clients of the server, and can't add itself to a file",
                    "secretRef",
                    "put the authorities' certificates into a secret and use secretRef");
            return null;
        }
        if (options.operator().isEmpty()) {
            return declared;
        }
        generated.put(
                CLIENT_CA,
                SecretValue.of(text(authorities).stripTrailing()
                        + "\n"
                        + options.operator().get().certificate()));
        return CLIENT_CA;
    }

    private List<String> clientNames(WebTls tls, FieldPath at) {
        List<String> declared = texts.checkAll(tls.clientAllowedSans(), at);
        if (declared.isEmpty() || options.operator().isEmpty()) {
            return declared;
        }
        List<String> names = new ArrayList<>(declared);
        names.add(options.operator().get().certificateName());
        return names;
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8);
    }

    private void user(WebUser user, FieldPath at, Map<String, String> users) {
        if (user.name().startsWith(OperatorIdentity.RESERVED_PREFIX)) {
            report.add(
                    DiagnosticCode.USER_NAME_RESERVED,
                    at.field("name"),
                    "names that begin with " + OperatorIdentity.RESERVED_PREFIX + " are for Narthex's own users",
                    "another name",
                    "rename the user");
            return;
        }
        FieldPath hashAt = at.field("passwordHash");
        if (user.passwordHash().secretRef() == null) {
            report.add(
                    DiagnosticCode.CREDENTIAL_UNCLEAR,
                    hashAt,
                    "the hash of a password must stand in a secret",
                    "secretRef",
                    "use secretRef");
            return;
        }
        SecretId id = credentials.known(user.passwordHash().secretRef(), hashAt.field("secretRef"));
        SecretValue value = id == null ? null : inventory.secrets().find(id);
        if (value == null) {
            return;
        }
        String hash = text(value).strip();
        if (!BCRYPT.matcher(hash).matches()) {
            report.add(
                    DiagnosticCode.PASSWORD_HASH_INVALID,
                    hashAt,
                    "the secret holds no bcrypt hash",
                    "a hash such as htpasswd prints",
                    "write what `htpasswd -nBC 10 " + user.name() + "` prints after the colon");
            return;
        }
        if (users.put(String.valueOf(texts.check(user.name(), at.field("name"))), hash) != null) {
            report.add(
                    DiagnosticCode.DUPLICATE_NAME,
                    at.field("name"),
                    "two users have the same name",
                    "each name once",
                    "remove one of them");
        }
    }
}
