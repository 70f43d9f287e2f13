package io.narthex.compiler.template;

import io.narthex.compiler.model.PrometheusVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The functions that templates of rules can call: those of Go ({@code text/template}, "Functions") and those of Prometheus
 * (the sources, {@code template/template.go}, whose changes its CHANGELOG lists).
 */
final class TemplateFunctions {

    private static final Set<String> ALWAYS = Set.of(
            // Go's own.
            "and",
            "call",
            "eq",
            "ge",
            "gt",
            "html",
            "index",
            "js",
            "le",
            "len",
            "lt",
            "ne",
            "not",
            "or",
            "print",
            "printf",
            "println",
            "slice",
            "urlquery",
            // Prometheus's.
            "args",
            "externalURL",
            "first",
            "graphLink",
            "humanize",
            "humanize1024",
            "humanizeDuration",
            "humanizePercentage",
            "humanizeTimestamp",
            "label",
            "match",
            "parseDuration",
            "pathPrefix",
            "query",
            "reReplaceAll",
            "safeHtml",
            "sortByLabel",
            "stripDomain",
            "stripPort",
            "strvalue",
            "tableLink",
            "title",
            "toLower",
            "toTime",
            "toUpper",
            "value");

    private static final Map<String, PrometheusVersion> SINCE = Map.of(
            "now", new PrometheusVersion(3, 6, 0),
            "toDuration", new PrometheusVersion(3, 6, 0),
            "urlQueryEscape", new PrometheusVersion(3, 8, 0));

    private TemplateFunctions() {}

    /** Returns whether a release has the function. */
    static boolean has(String function, PrometheusVersion release) {
        PrometheusVersion since = SINCE.get(function);
        return since == null ? ALWAYS.contains(function) : release.compareTo(since) >= 0;
    }

    /** Returns the first release that has the function; empty where all supported ones have it, or none. */
    static Optional<PrometheusVersion> since(String function) {
        return Optional.ofNullable(SINCE.get(function));
    }

    /** Returns the names of a release's functions, in alphabetical order. */
    static Set<String> of(PrometheusVersion release) {
        TreeSet<String> names = new TreeSet<>(ALWAYS);
        SINCE.keySet().stream().filter(name -> has(name, release)).forEach(names::add);
        return names;
    }
}
