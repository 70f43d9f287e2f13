package io.narthex.cli.operator;

import io.narthex.cli.terminal.Failure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Reads addresses to listen on. */
final class Addresses {

    private Addresses() {}

    /** Returns the address written as {@code HOST:PORT}, the value of {@code option}. */
    static InetSocketAddress parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (colon >= 0) {
                return new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port);
            }
        } catch (IllegalArgumentException | UnknownHostException e) {
            // It is told below.
        }
        throw Failure.usage(option + " " + text + " is no address and port", "write it as 0.0.0.0:8080");
    }
}
