package io.narthex.rollout.swarm;

import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.docker.RegistryLogins;
import java.util.Optional;

/**
 * How a server's image is had.
 *
 * @param resolve when the digest of its tag is looked up
 * @param secret the Docker secret with the registries' logins; empty for none
 * @param logins what stands in it
 */
public record ImageRules(ResolveImage resolve, Optional<String> secret, RegistryLogins logins) {}
