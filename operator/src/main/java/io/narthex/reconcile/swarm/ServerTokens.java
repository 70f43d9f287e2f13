package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.SecretValue;
import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SecretRef;
import io.narthex.rollout.swarm.SwarmNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The secrets that are made for one server: the token with which its Prometheus asks for targets, and credentials that
 * Narthex knows the content of. Docker tells nobody the content of a secret, so a token's digest is kept as a label of it,
 * which is all that it takes to know it again.
 *
 * <p>For one thread.
 */
final class ServerTokens {

    private static final String DIGEST = "io.narthex.sha256";
    private static final String STAND_IN = "the Docker secret ";

    private final DockerClient docker;
    private final SwarmNames names;
    private final RandomGenerator random;
    private Optional<Token> token = Optional.empty();
    private final Map<String, SecretRef> made = new TreeMap<>();

    /**
     * A server's token.
     *
     * @param secret the secret that holds it
     * @param digest its SHA-256, in hexadecimal
     */
    record Token(SecretRef secret, String digest) {

        /** Returns what stands in its place where its content would: a name of the secret. */
        SecretValue standIn() {
            return SecretValue.of(STAND_IN + secret.id());
        }

        boolean isSame(String presented) {
            return MessageDigest.isEqual(
                    digest.getBytes(StandardCharsets.US_ASCII),
                    sha256(presented).getBytes(StandardCharsets.US_ASCII));
        }
    }

    ServerTokens(DockerClient docker, SwarmNames names, RandomGenerator random) {
        this.docker = docker;
        this.names = names;
        this.random = random;
    }

    /** Returns whether a secret of this server's tokens holds this one: there may be several, from {@code --new-token}. */
    boolean isKnown(SwarmSnapshot swarm, String presented) {
        byte[] digest = sha256(presented).getBytes(StandardCharsets.US_ASCII);
        return swarm.secrets().stream()
                .filter(secret -> names.isOurs(secret, "token"))
                .flatMap(secret -> SwarmSnapshot.label(secret, DIGEST).stream())
                .anyMatch(known -> MessageDigest.isEqual(known.getBytes(StandardCharsets.US_ASCII), digest));
    }

    /** Returns the token; makes one where there is none. */
    Token token(SwarmSnapshot swarm) throws InterruptedException {
        Optional<Token> there = swarm.secrets().stream()
                .filter(secret -> names.isOurs(secret, "token"))
                .flatMap(secret -> SwarmSnapshot.label(secret, DIGEST)
                        .map(digest ->
                                new Token(new SecretRef(SwarmSnapshot.id(secret), SwarmSnapshot.name(secret)), digest))
                        .stream())
                .findFirst();
        if (there.isPresent()) {
            token = there;
            return there.get();
        }
        if (token.isPresent()
                && docker.find(Kinds.SECRETS, token.get().secret().id()).isPresent()) {
            return token.get();
        }
        Token fresh = make(text());
        token = Optional.of(fresh);
        return fresh;
    }

    /** Returns a new token, which nobody knows. */
    String text() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Makes a secret of a token. */
    Token make(String text) throws InterruptedException {
        String digest = sha256(text);
        SecretRef secret = make(
                names.base() + "-token-" + digest.substring(0, 8),
                "token",
                digest,
                text.getBytes(StandardCharsets.US_ASCII));
        return new Token(secret, digest);
    }

    /** Returns the secret that holds a credential; makes it where it isn't there. */
    SecretRef credential(SwarmSnapshot swarm, String digest, SecretValue value) throws InterruptedException {
        String name = names.base() + "-" + digest.substring(0, 16);
        SecretRef known = made.get(name);
        Optional<JsonNode> there = swarm.named(Kinds.SECRETS, name);
        if (there.isPresent()) {
            return new SecretRef(SwarmSnapshot.id(there.get()), name);
        }
        if (known != null) {
            return known;
        }
        SecretRef fresh = make(name, "credential", digest, value.reveal());
        made.put(name, fresh);
        return fresh;
    }

    private SecretRef make(String name, String role, String digest, byte[] content) throws InterruptedException {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name);
        ObjectNode labels = spec.putObject("Labels");
        names.labels(role).forEach(labels::put);
        labels.put(DIGEST, digest);
        spec.put("Data", Base64.getEncoder().encodeToString(content));
        return new SecretRef(docker.create(Kinds.SECRETS, spec, Optional.empty()), name);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
