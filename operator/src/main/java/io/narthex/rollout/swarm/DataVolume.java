package io.narthex.rollout.swarm;

import java.util.Map;
import java.util.Optional;

/**
 * The Docker volume in which a server keeps its samples.
 *
 * @param name the name that the user gave it; empty for one made of the server's name
 * @param driver the volume's driver
 * @param options options of the driver
 * @param node the node that the user pinned it to, by host name or ID; empty to choose one
 * @param existing whether it is there already and must not be made
 * @param allowDataLoss whether another volume may take the place of the one that holds the samples
 */
public record DataVolume(
        Optional<String> name,
        String driver,
        Map<String, String> options,
        Optional<String> node,
        boolean existing,
        boolean allowDataLoss) {

    public DataVolume {
        options = Map.copyOf(options);
    }

    /** Returns whether it exists on one node alone, so that a task elsewhere would find another one of this name. */
    boolean isLocal() {
        return driver.equals("local") && options.isEmpty();
    }

    String name(SwarmNames names, int replica) {
        return names.volume(name.orElseGet(() -> names.volume(0)), replica);
    }
}
