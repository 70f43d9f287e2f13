package io.narthex.reconcile.swarm;

import io.narthex.compiler.model.SecretValue;
import io.narthex.docker.DockerClient;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.reconcile.RandomToken;
import io.narthex.rollout.swarm.SecretRef;
import io.narthex.rollout.swarm.SwarmNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The secrets that hold the token with which a server's Prometheus asks for targets. Docker tells nobody the content of a
 * secret, so the token's digest is kept as a label of it, which is all that it takes to know it again; 256 random bits are
 * not to be guessed from that.
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
        return RandomToken.make(random);
    }

    /** Makes a secret of a token. */
    Token make(String text) throws InterruptedException {
        String digest = sha256(text);
        String name = names.base() + "-token-" + digest.substring(0, 8);
        String id = docker.create(
                Kinds.SECRETS,
                names.secret(name, "token", Map.of(DIGEST, digest), text.getBytes(StandardCharsets.US_ASCII)),
                Optional.empty());
        return new Token(new SecretRef(id, name), digest);
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
