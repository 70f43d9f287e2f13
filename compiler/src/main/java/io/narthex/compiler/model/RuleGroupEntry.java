package io.narthex.compiler.model;

/**
 * A rule group in a bundle.
 *
 * @param file the path of its file, relative to the configuration folder
 * @param group its name in that file, by which Prometheus knows it
 * @param rules how many rules it has
 */
public record RuleGroupEntry(String file, String group, int rules) {}
