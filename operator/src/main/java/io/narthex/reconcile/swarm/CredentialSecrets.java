package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.model.SecretValue;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.Release;
import io.narthex.rollout.swarm.SecretRef;
import io.narthex.rollout.swarm.SwarmNames;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Docker secrets that hold one server's credentials whose content Narthex knows: one for each content. Docker tells
 * nobody the content of a secret, so its name holds a digest of it, {@linkplain DigestKey with a key}.
 *
 * <p>For one thread.
 */
final class CredentialSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialSecrets.class);

    private static final String ROLE = "credential";
    private static final int DIGITS = 16;

    private final DockerClient docker;
    private final SwarmNames names;
    private final DigestKey key;
    /** Those made since the snapshot, by name. */
    private final Map<String, SecretRef> made = new TreeMap<>();

    CredentialSecrets(DockerClient docker, SwarmNames names, DigestKey key) {
        this.docker = docker;
        this.names = names;
        this.key = key;
    }

    /** Returns the secret that holds a credential; makes it where it isn't there. */
    SecretRef of(SwarmSnapshot swarm, SecretValue value) throws InterruptedException {
        // Releases before the key named secrets so. One that is mounted stays, since another would restart Prometheus.
        Optional<SecretRef> unkeyed = find(swarm, Release.digest(value));
        if (unkeyed.isPresent()) {
            return unkeyed.get();
        }
        String digest = key.digest(value.reveal());
        Optional<SecretRef> there = find(swarm, digest);
        if (there.isPresent()) {
            // From now on the snapshots tell, also that somebody removed it.
            made.remove(name(digest));
            return there.get();
        }
        SecretRef known = made.get(name(digest));
        if (known != null) {
            return known;
        }
        SecretRef fresh = new SecretRef(
                docker.create(
                        Kinds.SECRETS, names.secret(name(digest), ROLE, Map.of(), value.reveal()), Optional.empty()),
                name(digest));
        made.put(fresh.name(), fresh);
        return fresh;
    }

    /** Removes the secrets of earlier contents. Docker keeps one that a task still uses; it is tried again. */
    void removeOthers(SwarmSnapshot swarm, Collection<SecretRef> used) throws InterruptedException {
        Set<String> kept = used.stream().map(SecretRef::id).collect(Collectors.toSet());
        for (JsonNode secret : swarm.secrets()) {
            if (names.isOurs(secret, ROLE) && !kept.contains(SwarmSnapshot.id(secret))) {
                try {
                    docker.delete(Kinds.SECRETS, SwarmSnapshot.id(secret));
                    made.remove(SwarmSnapshot.name(secret));
                } catch (DockerException e) {
                    LOG.debug("{}: {}", SwarmSnapshot.name(secret), e.words());
                }
            }
        }
    }

    private Optional<SecretRef> find(SwarmSnapshot swarm, String digest) {
        return swarm.named(Kinds.SECRETS, name(digest))
                .filter(secret -> names.isOurs(secret, ROLE))
                .map(secret -> new SecretRef(SwarmSnapshot.id(secret), SwarmSnapshot.name(secret)));
    }

    private String name(String digest) {
        return names.base() + "-" + digest.substring(0, DIGITS);
    }
}
