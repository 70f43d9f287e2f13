package io.narthex.reconcile.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.Identity;
import io.narthex.access.IdentityText;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.swarm.SwarmNames;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * As whom Narthex comes to one server that doesn't let in everybody: made once, and kept in a Docker config of its own, so
 * that neither a restart of the operator nor another replica of it changes what Prometheus reads. It isn't a Docker secret
 * since Docker gives the content of one to nobody, the operator included. For one thread.
 */
public final class IdentityConfig {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityConfig.class);
    private static final String ROLE = "identity";

    private final DockerClient docker;
    private final SwarmNames names;
    private final InstantSource clock;
    private final IdentityText text;
    private final SecureRandom random = new SecureRandom();
    private boolean looked;
    private Optional<Identity> known = Optional.empty();

    /**
     * Makes one that asks for nothing yet.
     *
     * @param docker reads and writes; not closed here
     * @param names the names of the server's objects
     * @param clock tells the time
     */
    public IdentityConfig(DockerClient docker, SwarmNames names, InstantSource clock) {
        this.docker = docker;
        this.names = names;
        this.clock = clock;
        this.text = new IdentityText(clock);
    }

    /** Returns the identity; empty where none was made yet. */
    public Optional<Identity> find() throws InterruptedException {
        if (!looked) {
            known = docker.find(Kinds.CONFIGS, names.identity()).flatMap(this::read);
            looked = true;
        }
        return known;
    }

    /** Returns the identity; makes one where there is none, or none that can be used. */
    Identity obtain() throws InterruptedException {
        Optional<Identity> there = find();
        if (there.isPresent()) {
            return there.get();
        }
        Optional<JsonNode> unusable = docker.find(Kinds.CONFIGS, names.identity());
        if (unusable.isPresent()) {
            if (!names.isOurs(unusable.get(), ROLE)) {
                throw new DockerException(DockerException.Kind.NAME_TAKEN, names.notOurs("config", unusable.get()));
            }
            docker.delete(Kinds.CONFIGS, SwarmSnapshot.id(unusable.get()));
        }
        Identity made = IdentityText.make(random, clock);
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", names.identity());
        names.labels(ROLE).forEach(spec.putObject("Labels")::put);
        spec.put("Data", Base64.getEncoder().encodeToString(text.write(made)));
        docker.create(Kinds.CONFIGS, spec, Optional.empty());
        known = Optional.of(made);
        return made;
    }

    private Optional<Identity> read(JsonNode config) {
        if (!names.isOurs(config, ROLE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.read(
                    Base64.getDecoder().decode(config.path("Spec").path("Data").asText())));
        } catch (IdentityText.Unusable e) {
            LOG.warn("The config {} {}; another user is made", names.identity(), e.reason());
        } catch (IllegalArgumentException e) {
            LOG.warn("The config {} is damaged; another user is made", names.identity());
        }
        return Optional.empty();
    }
}
