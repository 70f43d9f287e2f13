package io.narthex.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.ClientCertificate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * The file {@value #NAME} of a state folder, which keeps the {@link Identity} from run to run, so that no restart of
 * Narthex changes what Prometheus reads. Whoever deletes it gets another identity with the next run.
 */
public final class IdentityFile {

    /** The file's name. */
    public static final String NAME = "operator.json";

    private static final int SCHEMA_VERSION = 1;
    private static final int MOST_BYTES = 64 * 1024;
    /** A certificate that ends sooner is replaced, so that none ends during a run. */
    private static final Duration LEAST_VALIDITY = Duration.ofDays(365);

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** What the file holds. */
    public sealed interface Content {

        /**
         * An identity.
         *
         * @param identity which one
         */
        record Usable(Identity identity) implements Content {}

        /** Nothing: there is no such file. */
        record Missing() implements Content {}

        /**
         * Something that can't be used.
         *
         * @param reason why, a phrase without a secret
         */
        record Unusable(String reason) implements Content {}
    }

    /**
     * The identity of a run.
     *
     * @param identity the identity
     * @param note what the user should know of how it was had; empty for nothing
     */
    public record Obtained(Identity identity, Optional<Diagnostic> note) {}

    private final Path file;
    private final IdentityMaker maker;
    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Names the file; touches nothing.
     *
     * @param stateFolder the folder that it lies in
     * @param random makes what nobody is to guess
     * @param clock tells the time
     */
    public IdentityFile(Path stateFolder, SecureRandom random, InstantSource clock) {
        this.file = stateFolder.resolve(NAME);
        this.maker = new IdentityMaker(random, clock);
        this.clock = clock;
    }

    /**
     * Returns the identity that the file keeps; makes one where there is none, or one that can't be used. To be called
     * by the one run that owns the state folder.
     *
     * @throws IOException where the file can't be written
     */
    public Obtained obtain() throws IOException {
        return switch (read()) {
            case Content.Usable(Identity identity) -> new Obtained(identity, Optional.empty());
            case Content.Missing() -> new Obtained(renewed(), Optional.empty());
            case Content.Unusable(String reason) ->
                new Obtained(
                        renewed(),
                        Optional.of(new Diagnostic(
                                DiagnosticCode.OPERATOR_IDENTITY_RENEWED,
                                DiagnosticCode.OPERATOR_IDENTITY_RENEWED.severity(),
                                Optional.empty(),
                                FieldPath.ROOT,
                                Optional.empty(),
                                "Narthex made itself another user and certificate, since " + file + " " + reason,
                                "",
                                "leave the file to Narthex; delete it to have another made")));
        };
    }

    private Identity renewed() throws IOException {
        Identity identity = maker.make();
        write(identity);
        return identity;
    }

    /** Returns what the file holds; never throws for what a user or another program did to it. */
    public Content read() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Content.Missing();
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Content.Unusable("is no plain file");
            }
            if (isPosix() && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                return new Content.Unusable("was open to other users of this machine");
            }
            if (Files.size(file) > MOST_BYTES) {
                return new Content.Unusable("is damaged: it is too large");
            }
            return identity(json.readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            return new Content.Unusable("is damaged: it isn't JSON");
        } catch (FileSystemException e) {
            return new Content.Unusable("can't be read" + (e.getReason() == null ? "" : ": " + e.getReason()));
        } catch (IOException e) {
            return new Content.Unusable("can't be read");
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private Content identity(JsonNode root) {
        if (root.path("schemaVersion").asInt() != SCHEMA_VERSION) {
            return new Content.Unusable("is of another release of Narthex");
        }
        for (String field : List.of("user", "password", "passwordHash", "certificate", "privateKey")) {
            if (!root.path(field).isTextual() || root.path(field).textValue().isEmpty()) {
                return new Content.Unusable("is damaged: it lacks " + field);
            }
        }
        String user = root.path("user").textValue();
        String password = root.path("password").textValue();
        String hash = root.path("passwordHash").textValue();
        if (!user.equals(Identity.USER)) {
            return new Content.Unusable("is damaged: its user isn't " + Identity.USER);
        }
        if (!isHashOf(hash, password)) {
            return new Content.Unusable("is damaged: its password and the password's hash don't match");
        }
        ClientCertificate certificate = new ClientCertificate(
                root.path("certificate").textValue(),
                SecretValue.of(root.path("privateKey").textValue()));
        try {
            X509Certificate parsed = certificate.parsed();
            if (parsed.getNotAfter().toInstant().isBefore(clock.instant().plus(LEAST_VALIDITY))) {
                return new Content.Unusable("holds a certificate that ends soon");
            }
            return new Content.Usable(new Identity(
                    new OperatorIdentity(user, SecretValue.of(hash), certificate.certificate(), name(parsed)),
                    SecretValue.of(password),
                    certificate.privateKey()));
        } catch (IllegalArgumentException | CertificateParsingException e) {
            return new Content.Unusable("is damaged: its certificate and private key aren't a pair");
        }
    }

    private static boolean isHashOf(String hash, String password) {
        try {
            return hash.matches("\\$2b\\$[0-9]{2}\\$[./A-Za-z0-9]{53}") && BCrypt.checkpw(password, hash);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String name(X509Certificate certificate) throws CertificateParsingException {
        if (certificate.getSubjectAlternativeNames() != null) {
            for (List<?> alternative : certificate.getSubjectAlternativeNames()) {
                if (alternative.get(1) instanceof String name && name.startsWith("urn:uuid:")) {
                    return name;
                }
            }
        }
        throw new CertificateParsingException("no name");
    }

    /** Replaces the file at once, by one that only its user could ever read. */
    private void write(Identity identity) throws IOException {
        OperatorIdentity known = identity.known();
        byte[] content = json.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(json.createObjectNode()
                        .put("schemaVersion", SCHEMA_VERSION)
                        .put("user", known.user())
                        .put("password", text(identity.password()))
                        .put("passwordHash", text(known.passwordHash()))
                        .put("certificate", known.certificate())
                        .put("privateKey", text(identity.privateKey())));
        Path fresh = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                isPosix() ? new FileAttribute<?>[] {PRIVATE} : new FileAttribute<?>[0])) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8);
    }
}
