package io.narthex.cli.operator;

/** Where an operator takes care of servers. */
enum Platform {
    /** In a Kubernetes cluster. */
    kubernetes,
    /** In a Docker Swarm. */
    swarm,
    /** Beside docker compose, with the containers of one Docker daemon. */
    compose
}
