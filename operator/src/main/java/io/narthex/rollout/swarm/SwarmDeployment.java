package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Bundle;
import io.narthex.prometheus.ServerAccess;
import io.narthex.rollout.Release;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a server becomes in a Swarm.
 *
 * @param bundle what it runs with
 * @param release the same as the engine sees it
 * @param template the service, without what differs between replicas and without files
 * @param secrets the secrets to mount, by path: below the configuration folder, or absolute
 * @param replicas how many services of one task there are
 * @param volume where samples are kept
 * @param constraints what the user demands of the node
 * @param images how the image is had
 * @param access how Narthex comes into its tasks
 */
public record SwarmDeployment(
        Bundle bundle,
        Release release,
        ObjectNode template,
        SortedMap<String, SecretRef> secrets,
        int replicas,
        DataVolume volume,
        List<String> constraints,
        ImageRules images,
        ServerAccess access) {

    public SwarmDeployment {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        constraints = List.copyOf(constraints);
    }

    Version version() {
        return new Version(release, template, secrets);
    }
}
