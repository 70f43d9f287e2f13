package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.util.List;
import java.util.Locale;

/**
 * An absolute URL of http or https, or of a proxy, without credentials: they would stand readable in the configuration.
 *
 * @param text the URL as written
 * @param scheme {@code http} or {@code https}; of a proxy also {@code socks5}
 * @param authority the host, in brackets for IPv6, and the port if one is written
 * @param path the path with its leading slash; may be empty
 * @param query what follows the question mark, without it; may be empty
 */
public record HttpUrl(String text, String scheme, String authority, String path, String query) {

    /** What a field of this type allows, for messages. */
    public static final String ALLOWED = "a URL such as https://example.invalid:9090/path";

    private static final String BARE = "!#$%&'()*+,-./:;=?@_~[]";

    /** Reads a URL; a fragment, spaces and characters that a URL must escape are refused. */
    public static Checked<HttpUrl> parse(String text) {
        return parse(text, List.of("http", "https"));
    }

    /** Reads the URL of a proxy, which can also be one of SOCKS 5 (Go, net/http, Transport.Proxy). */
    public static Checked<HttpUrl> parseProxy(String text) {
        return parse(text, List.of("http", "https", "socks5"));
    }

    private static Checked<HttpUrl> parse(String text, List<String> schemes) {
        if (text.isEmpty()) {
            return Checked.refused("a URL must not be empty", ALLOWED, "");
        }
        int colon = text.indexOf("://");
        String scheme = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
        if (colon < 0) {
            return Checked.refused(
                    "the URL " + quote(TargetAddress.withoutUser(text)) + " has no scheme",
                    ALLOWED,
                    "begin it with http:// or https://");
        }
        if (!schemes.contains(scheme)) {
            return Checked.refused(
                    "the URL " + quote(TargetAddress.withoutUser(text)) + " has the scheme " + quote(scheme),
                    String.join(", ", schemes),
                    "");
        }
        int start = colon + 3;
        int end = start;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String authority = text.substring(start, end);
        if (authority.indexOf('@') >= 0) {
            return Checked.refused(
                    "the URL of " + quote(authority.substring(authority.lastIndexOf('@') + 1))
                            + " holds a user or password",
                    "a URL without user and password",
                    "put them into a secret and refer to it");
        }
        if (text.indexOf('#', end) >= 0) {
            return Checked.refused(
                    "the URL " + quote(text) + " has a fragment", ALLOWED, "remove what begins with the #");
        }
        for (int i = end; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean right = c == '%'
                    ? isHex(text, i + 1) && isHex(text, i + 2)
                    : Ascii.isLetterOrDigit(c) || BARE.indexOf(c) >= 0;
            if (!right) {
                return Checked.refused(
                        "the URL " + quote(text) + " has the character " + quote(text.substring(i, i + 1))
                                + " at position " + (i + 1) + ", which must be escaped",
                        ALLOWED,
                        "write it as %XX, such as %20 for a space");
            }
        }
        String host = authority;
        Checked<TargetAddress> address = TargetAddress.parse(authority);
        if (authority.isEmpty()) {
            return Checked.refused("the URL " + quote(text) + " has no host", ALLOWED, "");
        }
        if (address instanceof Checked.Invalid<TargetAddress>) {
            return Checked.refused(
                    "the URL " + quote(text) + " has the invalid host or port " + quote(host), ALLOWED, "");
        }
        int question = text.indexOf('?', end);
        String path = text.substring(end, question < 0 ? text.length() : question);
        String query = question < 0 ? "" : text.substring(question + 1);
        return Checked.of(new HttpUrl(text, scheme, authority, path, query));
    }

    private static boolean isHex(String text, int at) {
        return at < text.length() && Ascii.isHex(text.charAt(at));
    }

    /** Returns the host and port that it leads to. */
    public TargetAddress address() {
        return TargetAddress.parse(authority).orThrow();
    }

    @Override
    public String toString() {
        return text;
    }
}
