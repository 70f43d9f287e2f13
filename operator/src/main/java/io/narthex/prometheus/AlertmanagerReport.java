package io.narthex.prometheus;

/**
 * The Alertmanagers that a server has discovered ({@code /api/v1/alertmanagers}).
 *
 * @param active to how many it sends alerts
 * @param dropped how many further addresses its discovery found that the relabeling of an entry dropped
 */
public record AlertmanagerReport(int active, int dropped) {}
