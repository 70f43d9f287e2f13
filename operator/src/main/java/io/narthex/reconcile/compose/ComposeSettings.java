package io.narthex.reconcile.compose;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an operator beside docker compose works.
 *
 * @param resources a folder of resources, which need not be there
 * @param server where Prometheus is, where no PrometheusServer is declared
 * @param host the name of the machine or container that it runs on, by which it finds its own container
 * @param port the port at which it serves targets
 * @param advertised where Prometheus reaches it, in place of its container's name; empty for that
 * @param poll how often containers are asked for while nothing happens
 */
public record ComposeSettings(
        Path resources, URI server, String host, int port, Optional<URI> advertised, Duration poll) {}
