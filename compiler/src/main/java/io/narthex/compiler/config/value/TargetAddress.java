package io.narthex.compiler.config.value;

import static io.narthex.compiler.config.value.Quoting.quote;

import java.util.OptionalInt;

/**
 * A target as the label {@code __address__} holds it: a host, mostly with a port (Prometheus documentation,
 * "Configuration", "host").
 *
 * @param host a DNS name, an IPv4 address, or an IPv6 address without its brackets
 * @param port from 1 to 65535; empty for the scheme's own, 80 or 443
 */
public record TargetAddress(String host, OptionalInt port) {

    /** What a field of this type allows, for messages. */
    public static final String ALLOWED = "host:port, such as 127.0.0.1:9100, db.example.invalid:9187 or [::1]:9100";

    private static final int LONGEST_HOST = 253;

    /** Reads an address. A URL, a path or credentials in it are refused. */
    public static Checked<TargetAddress> parse(String text) {
        if (text.isEmpty()) {
            return Checked.refused("a target must not be empty", ALLOWED, "");
        }
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            String rest = text.substring(scheme + 3);
            int slash = rest.indexOf('/');
            String host = slash < 0 ? rest : rest.substring(0, slash);
            return Checked.refused(
                    "the target " + quote(withoutUser(text)) + " is a URL",
                    ALLOWED,
                    "write " + withoutUser(host) + " and put scheme and path into their own fields");
        }
        if (text.indexOf('/') >= 0) {
            return Checked.refused(
                    "the target " + quote(text) + " holds a path",
                    ALLOWED,
                    "write " + text.substring(0, text.indexOf('/')) + " and put the path into its own field");
        }
        if (text.indexOf('@') >= 0) {
            return Checked.refused("a target holds a user or password before @", ALLOWED, "put them into a secret");
        }
        String host;
        String port;
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0) {
                return Checked.refused("the target " + quote(text) + " lacks the closing ]", ALLOWED, "");
            }
            host = text.substring(1, close);
            port = text.substring(close + 1);
            if (!isIpv6(host) || !(port.isEmpty() || port.startsWith(":"))) {
                return Checked.refused(
                        "the target " + quote(text) + " is not an IPv6 address in brackets", ALLOWED, "");
            }
            port = port.isEmpty() ? "" : port.substring(1);
            if (port.isEmpty() && text.endsWith(":")) {
                return badPort(text, port);
            }
        } else {
            int colon = text.indexOf(':');
            if (colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
                return Checked.refused(
                        "the target " + quote(text) + " has several colons",
                        ALLOWED,
                        isIpv6(text) ? "put the IPv6 address in brackets: [" + text + "]:PORT" : "");
            }
            host = colon < 0 ? text : text.substring(0, colon);
            port = colon < 0 ? "" : text.substring(colon + 1);
            if (colon >= 0 && port.isEmpty()) {
                return badPort(text, port);
            }
            if (!isHost(host)) {
                return Checked.refused("the target " + quote(text) + " has no valid host", ALLOWED, "");
            }
        }
        if (port.isEmpty()) {
            return Checked.of(new TargetAddress(host, OptionalInt.empty()));
        }
        if (!isPort(port)) {
            return badPort(text, port);
        }
        return Checked.of(new TargetAddress(host, OptionalInt.of(Integer.parseInt(port))));
    }

    private static Checked<TargetAddress> badPort(String text, String port) {
        return Checked.refused(
                "the target " + quote(text) + " has the invalid port " + quote(port), "a port from 1 to 65535", "");
    }

    static String withoutUser(String text) {
        int at = text.lastIndexOf('@');
        int scheme = text.indexOf("://");
        return at < 0 ? text : (scheme < 0 ? "" : text.substring(0, scheme + 3)) + text.substring(at + 1);
    }

    static boolean isPort(String port) {
        if (port.length() > 5 || !Ascii.isNumber(port)) {
            return false;
        }
        int number = Integer.parseInt(port);
        return number >= 1 && number <= 65535;
    }

    /** Returns whether this is a DNS name or an IPv4 address; underscores are allowed, as Docker's names have them. */
    static boolean isHost(String host) {
        if (host.isEmpty() || host.length() > LONGEST_HOST) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean word = Ascii.isLetterOrDigit(c) || c == '_';
            boolean inner = c == '-' || (c == '.' && i > 0 && host.charAt(i - 1) != '.');
            if (!word && !inner) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether this is an IPv6 address, perhaps with a zone ({@code fe80::1%eth0}). */
    static boolean isIpv6(String host) {
        int zone = host.indexOf('%');
        if (zone >= 0 && !isHost(host.substring(zone + 1))) {
            return false;
        }
        String address = zone < 0 ? host : host.substring(0, zone);
        int gap = address.indexOf("::");
        if (gap >= 0 && address.indexOf("::", gap + 1) >= 0) {
            return false;
        }
        String[] parts = address.split(":", -1);
        int groups = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.isEmpty()) {
                boolean ofGap = gap >= 0 && (i == 0 ? gap == 0 : i == parts.length - 1 ? address.endsWith("::") : true);
                if (!ofGap) {
                    return false;
                }
            } else if (part.indexOf('.') >= 0) {
                if (i != parts.length - 1 || !isIpv4(part)) {
                    return false;
                }
                groups += 2;
            } else if (part.length() > 4 || !part.chars().allMatch(Ascii::isHex)) {
                return false;
            } else {
                groups++;
            }
        }
        return parts.length > 2 && (gap < 0 ? groups == 8 : groups < 8);
    }

    private static boolean isIpv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (part.length() > 3 || !Ascii.isNumber(part) || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }

    /** Returns the address as Prometheus takes it. */
    @Override
    public String toString() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port.isPresent() ? shown + ":" + port.getAsInt() : shown;
    }
}
