package io.narthex.status;

/**
 * A rule whose last evaluation failed.
 *
 * @param group the rule group's name
 * @param file the file that holds it, as Prometheus names it
 * @param rule the alert's or the recorded metric's name
 * @param error Prometheus's words
 */
public record RuleProblem(String group, String file, String rule, String error) {}
