package io.narthex.compiler.config;

/**
 * One line of a rendered configuration and what it holds.
 *
 * @param line the line's number in its fragment, from 1
 * @param path the place of what it holds inside the fragment: {@code scrape_interval}, {@code
 *     relabel_configs[0].target_label}, {@code static_configs[0].targets[2]}, {@code params["a.b"][0]}
 * @param text the line without indentation and dashes, such as {@code scrape_interval: 5s}
 */
public record ConfigLine(int line, String path, String text) {}
