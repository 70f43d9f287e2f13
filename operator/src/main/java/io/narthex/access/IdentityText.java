package io.narthex.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import io.narthex.prometheus.ClientCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.security.crypto.bcrypt.BCrypt;

/** The form in which an {@link Identity} is kept, in a file or a Secret. */
public final class IdentityText {

    private static final int SCHEMA_VERSION = 1;
    /** A certificate that ends sooner is replaced, so that none ends during a run. */
    private static final Duration LEAST_VALIDITY = Duration.ofDays(365);

    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();

    /** Makes one that judges certificates by this clock. */
    public IdentityText(InstantSource clock) {
        this.clock = clock;
    }

    /** What is kept can't be used. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String reason) {
            super(reason);
        }

        /** Returns why, a phrase without a secret. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Returns another identity, which nobody can guess. */
    public static Identity make(SecureRandom random, InstantSource clock) {
        return new IdentityMaker(random, clock).make();
    }

    /**
     * Returns the identity that was kept.
     *
     * @throws Unusable where the text is none of ours, is damaged, or its certificate is about to end
     */
    public Identity read(byte[] text) throws Unusable {
        try {
            return identity(json.readTree(text));
        } catch (JsonProcessingException e) {
            // Its message quotes the text.
            throw new Unusable("is damaged: it isn't JSON");
        } catch (IOException e) {
            throw new Unusable("can't be read");
        }
    }

    private Identity identity(JsonNode root) throws Unusable {
        if (root.path("schemaVersion").asInt() != SCHEMA_VERSION) {
            throw new Unusable("is of another release of Narthex");
        }
        for (String field : List.of("user", "password", "passwordHash", "certificate", "privateKey")) {
            if (!root.path(field).isTextual() || root.path(field).textValue().isEmpty()) {
                throw new Unusable("is damaged: it lacks " + field);
            }
        }
        String user = root.path("user").textValue();
        String password = root.path("password").textValue();
        String hash = root.path("passwordHash").textValue();
        if (!user.equals(Identity.USER)) {
            throw new Unusable("is damaged: its user isn't " + Identity.USER);
        }
        if (!isHashOf(hash, password)) {
            throw new Unusable("is damaged: its password and the password's hash don't match");
        }
        ClientCertificate certificate = new ClientCertificate(
                root.path("certificate").textValue(),
                SecretValue.of(root.path("privateKey").textValue()));
        try {
            X509Certificate parsed = certificate.parsed();
            if (parsed.getNotAfter().toInstant().isBefore(clock.instant().plus(LEAST_VALIDITY))) {
                throw new Unusable("holds a certificate that ends soon");
            }
            return new Identity(
                    new OperatorIdentity(user, SecretValue.of(hash), certificate.certificate(), name(parsed)),
                    SecretValue.of(password),
                    certificate.privateKey());
        } catch (IllegalArgumentException | CertificateParsingException e) {
            throw new Unusable("is damaged: its certificate and private key aren't a pair");
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

    /** Returns the text to keep. */
    public byte[] write(Identity identity) {
        OperatorIdentity known = identity.known();
        try {
            return json.writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(json.createObjectNode()
                            .put("schemaVersion", SCHEMA_VERSION)
                            .put("user", known.user())
                            .put("password", text(identity.password()))
                            .put("passwordHash", text(known.passwordHash()))
                            .put("certificate", known.certificate())
                            .put("privateKey", text(identity.privateKey())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    private static String text(SecretValue value) {
        return new String(value.reveal(), StandardCharsets.UTF_8);
    }
}
