package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What tells one credential of a server from another without telling its content: digests with a key that is made once and
 * kept in a Docker config of its own. Who lists secrets sees digests; without the key nobody can try passwords on them. For
 * one thread.
 */
final class DigestKey {

    private static final String ROLE = "digest-key";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private final DockerClient docker;
    private final SwarmNames names;
    private final RandomGenerator random;
    private @Nullable SecretKeySpec key;

    /**
     * Makes one that asks for nothing yet.
     *
     * @param docker reads and writes; not closed here
     * @param names the names of the server's objects
     * @param random makes the key; must not be guessable
     */
    DigestKey(DockerClient docker, SwarmNames names, RandomGenerator random) {
        this.docker = docker;
        this.names = names;
        this.random = random;
    }

    /** Returns the digest of a content, in hexadecimal. */
    String digest(byte[] content) throws InterruptedException {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            return HexFormat.of().formatHex(mac.doFinal(content));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    private SecretKeySpec key() throws InterruptedException {
        SecretKeySpec known = key;
        if (known == null) {
            known = new SecretKeySpec(obtain(), ALGORITHM);
            key = known;
        }
        return known;
    }

    private byte[] obtain() throws InterruptedException {
        Optional<JsonNode> there = docker.find(Kinds.CONFIGS, name());
        if (there.isPresent()) {
            if (!names.isOurs(there.get(), ROLE)) {
                throw new DockerException(DockerException.Kind.NAME_TAKEN, names.notOurs("config", there.get()));
            }
            byte[] kept = content(there.get());
            if (kept.length == BYTES) {
                return kept;
            }
            docker.delete(Kinds.CONFIGS, SwarmSnapshot.id(there.get()));
        }
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name());
        names.labels(ROLE).forEach(spec.putObject("Labels")::put);
        spec.put("Data", Base64.getEncoder().encodeToString(fresh));
        docker.create(Kinds.CONFIGS, spec, Optional.empty());
        return fresh;
    }

    private static byte[] content(JsonNode config) {
        try {
            return Base64.getDecoder().decode(config.at("/Spec/Data").asText());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private String name() {
        return names.base() + "-digest-key";
    }
}
