package io.narthex.rollout.swarm;

/**
 * A Docker secret that is mounted.
 *
 * @param id its ID, which another content never has
 * @param name its name
 */
public record SecretRef(String id, String name) {}
