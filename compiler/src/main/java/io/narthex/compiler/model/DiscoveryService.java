package io.narthex.compiler.model;

/**
 * How Prometheus reaches Narthex for the targets that Narthex discovers.
 *
 * @param url where Narthex serves them, without a path and without a slash at the end, such as {@code
 *     http://narthex_operator:9480}; a host that Prometheus resolves in a network that it shares with Narthex
 * @param token what a request must carry as its bearer token; one for each server
 */
public record DiscoveryService(String url, SecretValue token) {}
