package io.narthex.status.kubernetes;

/**
 * The Alertmanagers of a server.
 *
 * @param discovered to how many it sends alerts
 * @param dropped how many other addresses its discovery found that weren't meant
 */
public record AlertmanagerCounts(int discovered, int dropped) {}
