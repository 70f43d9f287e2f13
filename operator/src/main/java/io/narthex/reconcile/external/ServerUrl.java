package io.narthex.reconcile.external;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of a server as its resource names it. The names of a Swarm's services have underscores, which Docker's DNS
 * resolves and {@link URI} doesn't take for a host (RFC 2396, section 3.2.2).
 */
public final class ServerUrl {

    private static final Pattern PARTS =
            Pattern.compile("(https?)://(\\[[^\\]]*\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?(/[^?#]*)?");

    private ServerUrl() {}

    /** Returns the host; empty text where the URL has none, or holds what it mustn't. */
    public static String host(String url) {
        Matcher parts = PARTS.matcher(url);
        return parts.matches() ? parts.group(2) : "";
    }

    /**
     * Returns the URL as it can be dialled: with an address where the host's name is one that only Docker's DNS takes.
     *
     * @throws IllegalArgumentException where it is no URL of a host
     * @throws UnknownHostException where that host isn't known here
     */
    static URI dialled(String url) throws UnknownHostException {
        Matcher parts = PARTS.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no URL of a host");
        }
        URI uri = URI.create(url);
        if (uri.getHost() != null || parts.group(1).equals("https")) {
            return uri;
        }
        String address = InetAddress.getAllByName(parts.group(2))[0].getHostAddress();
        String port = parts.group(3) == null ? "" : parts.group(3);
        String path = parts.group(4) == null ? "" : parts.group(4);
        return URI.create("http://" + (address.contains(":") ? "[" + address + "]" : address) + port + path);
    }
}
