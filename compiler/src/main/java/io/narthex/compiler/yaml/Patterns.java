package io.narthex.compiler.yaml;

import java.util.Map;

/** Says in words what the regular expressions of the schemas ask for. */
final class Patterns {

    /**
     * A form of text.
     *
     * @param name what a text of the form is, with its article
     * @param allowed the form, with examples
     * @param remedy what to do about a text that hasn't it; may be empty
     */
    record Words(String name, String allowed, String remedy) {}

    private static final Map<String, Words> KNOWN = Map.ofEntries(
            Map.entry(
                    "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
                    new Words(
                            "a duration",
                            "whole numbers with y, w, d, h, m, s, ms, the largest first",
                            "write it like 30s, 5m or 1h30m")),
            Map.entry(
                    "^(0|[0-9]+(\\.[0-9]+)?([KMGTPE]i?)?B)$",
                    new Words("a size", "a number with B, KB, MB, GB, TB, PB, EB", "write it like 512MB or 10GB")),
            Map.entry(
                    "^[0-9]+(\\.[0-9]+)?(m|k|[KMGTPE]i|[MGTPE])?$",
                    new Words(
                            "a quantity", "a number with m, k, M, G, T, Ki, Mi, Gi, Ti", "write it like 50Gi or 500m")),
            Map.entry(
                    "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
                    new Words("a name", "a-z, 0-9 and, between them, -", "use lower-case letters, digits and dashes")),
            Map.entry(
                    "^[a-zA-Z0-9]([a-zA-Z0-9_.-]*[a-zA-Z0-9])?$",
                    new Words("a name", "letters, digits and, between them, - _ .", "")),
            Map.entry(
                    "^https?://[^\\s/?#]+.*$",
                    new Words("a URL", "http://HOST... or https://HOST...", "start it with http:// or https://")),
            Map.entry(
                    "^https?://[^\\s/?#]+/?$",
                    new Words(
                            "the URL of a host", "http://HOST:PORT or https://HOST:PORT", "leave path and query out")),
            Map.entry("^/", new Words("an absolute path", "a path that starts with /", "start it with /")),
            Map.entry(
                    "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
                    new Words("the name of a header", "letters, digits and - without blanks", "")),
            Map.entry(
                    "^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?$",
                    new Words("a release", "three numbers with dots", "write it like 3.5.0")),
            Map.entry(
                    "^(https?|socks5)://[^\\s/?#]+.*$",
                    new Words("the URL of a proxy", "http://, https:// or socks5:// and a host", "")),
            Map.entry(
                    "^(unix|tcp|https?)://.+$",
                    new Words(
                            "the address of a Docker daemon",
                            "unix://PATH, tcp://HOST:PORT, http:// or https://",
                            "write it like unix:///var/run/docker.sock")),
            Map.entry(
                    "^[^*]*(\\*[^/]*)?\\.(json|yml|yaml|JSON|YML|YAML)$",
                    new Words(
                            "a path of target files",
                            "a path that ends in .json, .yml or .yaml, with one * at most, in its last part",
                            "")),
            Map.entry("^[0-9A-Za-z.:%_-]+$", new Words("an address", "a host name or an IP address", "")),
            Map.entry("^TLS_[A-Z0-9_]+$", new Words("a cipher suite", "a name that starts with TLS_", "")),
            Map.entry("^[A-Za-z0-9]+$", new Words("a curve", "letters and digits", "write it like X25519")),
            Map.entry("^[^:]+$", new Words("a user name", "no colon", "")),
            Map.entry("^[a-z0-9-]+$", new Words("the name of a feature", "a-z, 0-9 and -", "")),
            Map.entry(
                    "^[a-z][a-z0-9_]*$",
                    new Words("the name of a service discovery", "a-z, 0-9 and _", "write it like digitalocean")),
            Map.entry("^[^\\s]+$", new Words("one word", "no blanks", "delete the blanks")));

    private Patterns() {}

    /** Returns what {@code expression} asks for in words; the expression itself where it has none. */
    static Words words(String expression) {
        Words known = KNOWN.get(expression);
        return known != null ? known : new Words("of the form that is asked for here", "a match of " + expression, "");
    }
}
