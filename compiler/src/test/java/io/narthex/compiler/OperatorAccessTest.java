package io.narthex.compiler;

import static io.narthex.compiler.Yaml.compile;
import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.options;
import static io.narthex.compiler.Yaml.resource;
import static io.narthex.compiler.Yaml.secret;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import io.narthex.testing.SelfSigned;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that doesn't let in everybody lets Narthex in, and otherwise whom it did before. */
class OperatorAccessTest {

    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234";
    private static final String ALICES = "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ98765";
    private static final SelfSigned SERVER = SelfSigned.make();
    private static final SelfSigned CLIENTS = SelfSigned.make();
    private static final OperatorIdentity OPERATOR = new OperatorIdentity(
            "narthex-operator", SecretValue.of(HASH), SelfSigned.make().certificate(), "urn:uuid:1");

    private static final String USERS =
            "users: [{name: alice, passwordHash: {secretRef: {name: web, key: alice}}}]\n".indent(2);
    private static final String TLS = """
            tls:
              cert: {secretRef: {name: web, key: tls.crt}}
              key: {secretRef: {name: web, key: tls.key}}
            """.indent(2);
    private static final String CLIENT_CA = "clientCa: {secretRef: {name: web, key: ca.crt}}\n".indent(4);

    private static Inventory server(String web) {
        Inventory inventory = inventory(resource("PrometheusServer", "main", "web:\n" + web));
        inventory = secret(inventory, "web", "alice", ALICES);
        inventory = secret(inventory, "web", "tls.crt", SERVER.certificate());
        inventory = secret(inventory, "web", "tls.key", SERVER.key());
        return secret(inventory, "web", "ca.crt", CLIENTS.certificate());
    }

    private static Bundle bundle(Inventory inventory, Optional<OperatorIdentity> operator) {
        CompileOptions plain = options("3.16.0");
        Compilation compilation = Compiler.create()
                .compile(
                        inventory,
                        DefaultServer.KEY,
                        operator.map(plain::withOperator).orElse(plain));
        assertThat(compilation.diagnostics()).isEmpty();
        return compilation.bundle().orElseThrow();
    }

    private static Bundle bundle(String web) {
        return bundle(server(web), Optional.of(OPERATOR));
    }

    private static String credential(Bundle bundle, String path) {
        return new String(
                Objects.requireNonNull(bundle.credentials().get(path), path).reveal(), UTF_8);
    }

    @Test
    void itsUserJoinsTheDeclaredOnes() {
        assertThat(credential(bundle(USERS), "web.yml"))
                .contains("alice: \"" + ALICES + "\"\n")
                .contains("narthex-operator: \"" + HASH + "\"\n");
    }

    @Test
    void itsUserIsNoReasonToRestart() {
        Bundle with = bundle(USERS);
        Bundle without = bundle(server(USERS), Optional.empty());

        assertThat(credential(without, "web.yml")).doesNotContain("narthex-operator");
        assertThat(with.restartKey()).isEqualTo(without.restartKey());
        assertThat(with.generation()).isEqualTo(without.generation());
    }

    @Test
    void whereNobodyIsAskedForANameItHasNone() {
        Bundle headers = bundle("headers: {X-Frame-Options: deny}\n".indent(2));

        assertThat(headers.credentials()).isEmpty();
        assertThat(new String(
                        Objects.requireNonNull(headers.files().get("web.yml")).content(), UTF_8))
                .doesNotContain("basic_auth_users");
        Bundle without = bundle(server(TLS), Optional.empty());
        assertThat(bundle(TLS).generation()).isEqualTo(without.generation());
        assertThat(bundle(TLS).credentials()).isEqualTo(without.credentials());
    }

    @Test
    void itsCertificateJoinsTheClientsAuthorities() {
        Bundle bundle = bundle(TLS + CLIENT_CA);

        assertThat(credential(bundle, "client-ca.pem"))
                .isEqualTo(CLIENTS.certificate().strip() + "\n" + OPERATOR.certificate());
        assertThat(new String(
                        Objects.requireNonNull(bundle.files().get("web.yml")).content(), UTF_8))
                .contains("client_ca_file: client-ca.pem\n")
                .contains("client_auth_type: RequireAndVerifyClientCert\n")
                .doesNotContain("client_allowed_sans");
    }

    @Test
    void itsNameIsAllowedWhereNamesAre() {
        Bundle bundle = bundle(TLS + CLIENT_CA + "clientAllowedSans: [alice.invalid]\n".indent(4));

        assertThat(new String(
                        Objects.requireNonNull(bundle.files().get("web.yml")).content(), UTF_8))
                .contains("- alice.invalid\n")
                .contains("- \"urn:uuid:1\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"narthex-operator", "narthex-"})
    void itsNamesAreItsOwn(String name) {
        Compilation compilation = compile(server(USERS.replace("alice,", name + ",")), "3.16.0");

        assertThat(compilation.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code().id()).isEqualTo("NX1510");
            assertThat(diagnostic.field()).hasToString("spec.web.users[" + name + "].name");
        });
        assertThat(compilation.bundle()).isEmpty();
    }

    @Test
    void namesLikeItsOwnAreNot() {
        assertThat(compile(server(USERS.replace("alice,", "narthex,")), "3.16.0")
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void authoritiesThatOnlyPrometheusReadsAreRefused() {
        Inventory inventory = inventory(resource(
                "PrometheusServer",
                "main",
                "tenancy: {allowFileAccess: true}\nweb:\n" + TLS + "clientCa: {file: /etc/clients.crt}\n".indent(4)));
        inventory = secret(inventory, "web", "tls.crt", SERVER.certificate());
        inventory = secret(inventory, "web", "tls.key", SERVER.key());

        assertThat(compile(inventory, "3.16.0").diagnostics())
                .singleElement()
                .satisfies(diagnostic -> assertThat(diagnostic.code().id()).isEqualTo("NX1511"));
    }

    @Test
    void nothingThatIsPrintedHoldsTheHash() {
        assertThat(OPERATOR.toString()).doesNotContain(HASH);
        assertThat(options("3.16.0").withOperator(OPERATOR).toString()).doesNotContain(HASH);
        assertThat(bundle(USERS).toString()).doesNotContain(HASH);
        assertThat(bundle(USERS).credentials().toString()).doesNotContain(HASH);
    }
}
