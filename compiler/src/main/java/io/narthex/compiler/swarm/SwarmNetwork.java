package io.narthex.compiler.swarm;

/**
 * A network of a Swarm (Docker Engine API, {@code GET /networks}).
 *
 * @param id its id
 * @param name its name, such as {@code narthex} or {@code shop_default}
 * @param scope where it exists: {@code swarm} on all nodes, {@code local} on one
 * @param driver what makes it, such as {@code overlay}
 * @param attachable whether containers that are no tasks may join
 * @param ingress whether it is that of the routing mesh, which no service joins by its own wish
 */
public record SwarmNetwork(String id, String name, String scope, String driver, boolean attachable, boolean ingress) {}
