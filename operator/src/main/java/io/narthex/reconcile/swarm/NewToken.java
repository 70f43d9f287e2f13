package io.narthex.reconcile.swarm;

import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.rollout.swarm.SwarmNames;
import java.util.random.RandomGenerator;

/**
 * Makes a further token for a server that somebody else runs outside of the Swarm: Docker tells nobody the content of a
 * secret, so that of the one that is there can't be handed on.
 *
 * @param secret the name of the Docker secret that holds it
 * @param text the token itself
 */
public record NewToken(String secret, String text) {

    /**
     * Makes one, beside those that are there, which stay valid until their secrets are removed.
     *
     * @param docker writes; not closed here
     * @param instance the instance of Narthex that serves the targets
     * @param server the server
     * @param random must not be guessable
     * @throws DockerException where Docker refuses
     */
    public static NewToken make(DockerClient docker, String instance, ResourceKey server, RandomGenerator random)
            throws InterruptedException {
        ServerTokens tokens = new ServerTokens(docker, new SwarmNames(instance, server), random);
        String text = tokens.text();
        return new NewToken(tokens.make(text).secret().name(), text);
    }

    @Override
    public String toString() {
        return "NewToken[" + secret + "]";
    }
}
