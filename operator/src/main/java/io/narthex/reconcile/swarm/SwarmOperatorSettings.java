package io.narthex.reconcile.swarm;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an operator of a Swarm works.
 *
 * @param instance its name, by which it knows its objects
 * @param imageRepository where Prometheus's images come from
 * @param resources a folder of resources, beside those of configs; empty for none
 * @param host the name of the machine or container that it runs on, by which it finds its own task
 * @param port the port at which it serves targets
 * @param advertised where Prometheus reaches it, in place of its service's name; empty for that
 * @param poll how often tasks are asked for while nothing happens
 * @param secrets the folder in which the Docker secrets lie that are mounted into the operator's own service
 */
public record SwarmOperatorSettings(
        String instance,
        String imageRepository,
        Optional<Path> resources,
        String host,
        int port,
        Optional<URI> advertised,
        Duration poll,
        Path secrets) {

    /**
     * Returns where Prometheus asks for targets; empty where that isn't known. The service's own name would take IPVS, its
     * tasks' name doesn't.
     *
     * @param self the operator's own task; empty where it is none
     */
    Optional<String> urlOf(Optional<OwnTask> self) {
        return advertised
                .map(URI::toString)
                .or(() -> self.map(task -> "http://tasks." + task.serviceName() + ":" + port));
    }
}
