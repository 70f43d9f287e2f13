package io.narthex.compiler.model;

/**
 * Where Prometheus listens and how its API is reached there.
 *
 * @param host the address listened on, such as {@code 127.0.0.1}; {@code 0.0.0.0} for all
 * @param port the TCP port
 * @param tls whether it speaks HTTPS
 * @param routePrefix what stands before every path: starts with a slash, ends with none; empty for the root
 */
public record ServerAddress(String host, int port, boolean tls, String routePrefix) {}
