package io.narthex.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.IdentityFile.Content;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** The identity is made once, kept for its user alone, and made anew where it can't be trusted any more. */
class IdentityFileTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private IdentityFile file() {
        return at(NOW);
    }

    private IdentityFile at(Instant now) {
        return new IdentityFile(folder, new SecureRandom(), InstantSource.fixed(now));
    }

    private Path path() {
        return folder.resolve(IdentityFile.NAME);
    }

    private static String password(Identity identity) {
        return new String(identity.password().reveal(), StandardCharsets.UTF_8);
    }

    private static String hash(Identity identity) {
        return new String(identity.known().passwordHash().reveal(), StandardCharsets.UTF_8);
    }

    @Test
    void isMadeOnceAndThenTheSame() throws Exception {
        assertThat(file().read()).isInstanceOf(Content.Missing.class);
        IdentityFile.Obtained first = file().obtain();
        byte[] bytes = Files.readAllBytes(path());
        IdentityFile.Obtained second = file().obtain();

        assertThat(first.note()).isEmpty();
        assertThat(second).isEqualTo(first);
        assertThat(file().read()).isEqualTo(new Content.Usable(first.identity()));
        assertThat(Files.readAllBytes(path())).isEqualTo(bytes);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void isAnotherAfterItWasDeleted() throws Exception {
        Identity first = file().obtain().identity();
        Files.delete(path());
        Identity second = file().obtain().identity();

        assertThat(password(second)).isNotEqualTo(password(first));
        assertThat(hash(second)).isNotEqualTo(hash(first));
        assertThat(second.known().certificate()).isNotEqualTo(first.known().certificate());
        assertThat(second.known().certificateName()).isNotEqualTo(first.known().certificateName());
    }

    @Test
    void itsPasswordIsOf256BitsAndItsHashIsTheSmallestBcrypt() throws Exception {
        Identity identity = file().obtain().identity();

        assertThat(Base64.getUrlDecoder().decode(password(identity))).hasSize(32);
        assertThat(hash(identity)).startsWith("$2b$04$");
        assertThat(BCrypt.checkpw(password(identity), hash(identity))).isTrue();
    }

    @Test
    void itsCertificateVouchesForItselfAlone() throws Exception {
        Identity identity = file().obtain().identity();
        X509Certificate certificate = identity.clientCertificate().parsed();

        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactly(List.of(6, identity.known().certificateName()));
        assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
        assertThat(certificate.getNotAfter().toInstant()).isAfter(NOW.plus(Duration.ofDays(3000)));
    }

    @Test
    void nothingSecretIsPrinted() throws Exception {
        IdentityFile.Obtained obtained = file().obtain();

        assertThat(obtained.toString()
                        + file().read()
                        + obtained.identity().clientCertificate()
                        + obtained.identity().credentials())
                .doesNotContain(password(obtained.identity()))
                .doesNotContain(hash(obtained.identity()))
                .doesNotContain("PRIVATE KEY");
    }

    static Stream<Arguments> damages() {
        Stream<Arguments> fields = Stream.of("user", "password", "passwordHash", "certificate", "privateKey")
                .map(field -> Arguments.of(
                        "is damaged: it lacks " + field, (Consumer<ObjectNode>) root -> root.remove(field)));
        return Stream.concat(
                fields,
                Stream.of(
                        Arguments.of(
                                "is damaged: its password and the password's hash don't match",
                                (Consumer<ObjectNode>) root -> root.put("password", "another")),
                        Arguments.of(
                                "is damaged: its password and the password's hash don't match",
                                (Consumer<ObjectNode>) root -> root.put("passwordHash", "$2b$04$short")),
                        Arguments.of("is damaged: its user isn't narthex-operator", (Consumer<ObjectNode>)
                                root -> root.put("user", "admin")),
                        Arguments.of("is damaged: its certificate and private key aren't a pair", (Consumer<ObjectNode>)
                                root -> root.put("privateKey", "-----BEGIN PRIVATE KEY-----\nAAAA\n")),
                        Arguments.of("is damaged: its certificate and private key aren't a pair", (Consumer<ObjectNode>)
                                root -> root.put("certificate", "none")),
                        Arguments.of("is of another release of Narthex", (Consumer<ObjectNode>)
                                root -> root.put("schemaVersion", 2))));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void isMadeAnewWhereItWasChanged(String reason, Consumer<ObjectNode> damage) throws Exception {
        Identity first = file().obtain().identity();
        ObjectNode root = (ObjectNode) JSON.readTree(Files.readAllBytes(path()));
        damage.accept(root);
        Files.write(path(), JSON.writeValueAsBytes(root));

        assertRenewed(first, reason);
    }

    @Test
    void isMadeAnewWhereItIsNoJson() throws Exception {
        Identity first = file().obtain().identity();
        Files.writeString(path(), "{\"password\": s3cret");

        assertRenewed(first, "is damaged: it isn't JSON");
    }

    @Test
    void isMadeAnewWhereOthersCouldReadIt() throws Exception {
        Identity first = file().obtain().identity();
        Files.setPosixFilePermissions(path(), PosixFilePermissions.fromString("rw-r-----"));

        assertRenewed(first, "was open to other users of this machine");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
    }

    @Test
    void isMadeAnewWhereItIsALinkAndLeavesWhatThatLeadsTo() throws Exception {
        Identity first = file().obtain().identity();
        Path elsewhere = Files.move(path(), folder.resolve("elsewhere"));
        Files.createSymbolicLink(path(), elsewhere);
        byte[] before = Files.readAllBytes(elsewhere);

        assertRenewed(first, "is no plain file");
        assertThat(Files.readAllBytes(elsewhere)).isEqualTo(before);
    }

    @Test
    void isMadeAnewBeforeItsCertificateEnds() throws Exception {
        Identity first = file().obtain().identity();
        IdentityFile.Obtained later = at(NOW.plus(Duration.ofDays(3500))).obtain();

        assertThat(later.note().orElseThrow().message()).endsWith("holds a certificate that ends soon");
        assertThat(later.identity()).isNotEqualTo(first);
    }

    @Test
    void whatIsInTheWayIsNotDeleted() throws Exception {
        Files.createDirectories(path().resolve("something"));

        assertThatThrownBy(() -> file().obtain()).isInstanceOf(IOException.class);
        assertThat(path().resolve("something")).isDirectory();
    }

    private void assertRenewed(Identity first, String reason) throws IOException {
        assertThat(file().read()).isEqualTo(new Content.Unusable(reason));
        IdentityFile.Obtained obtained = file().obtain();
        assertThat(obtained.note()).hasValueSatisfying(note -> {
            assertThat(note.code()).isEqualTo(DiagnosticCode.OPERATOR_IDENTITY_RENEWED);
            assertThat(note.message()).contains(path().toString()).endsWith(reason);
        });
        assertThat(password(obtained.identity())).isNotEqualTo(password(first));
        assertThat(file().obtain()).isEqualTo(new IdentityFile.Obtained(obtained.identity(), Optional.empty()));
    }
}
