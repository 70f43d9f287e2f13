package io.narthex.docker;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a Docker daemon is.
 *
 * @param uri {@code unix:///var/run/docker.sock}, {@code tcp://HOST:PORT}; of no other scheme
 * @param certificates the folder with {@code ca.pem}, {@code cert.pem} and {@code key.pem} by which both sides know each
 *     other; empty for plain TCP, and for a socket
 */
public record DockerHost(URI uri, Optional<Path> certificates) {

    /** Docker's own default. */
    public static final String DEFAULT = "unix:///var/run/docker.sock";

    /**
     * Returns the host that is written as Docker's command line writes it.
     *
     * @param text such as {@code tcp://10.0.0.1:2376}
     * @param certificates see {@link #certificates}
     * @throws IllegalArgumentException for what is no such address, with the reason in words
     */
    public static DockerHost parse(String text, Optional<Path> certificates) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            uri = URI.create("");
        }
        boolean socket = "unix".equals(uri.getScheme())
                && uri.getPath() != null
                && uri.getPath().startsWith("/");
        boolean tcp = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
        if ((!socket && !tcp) || uri.getRawUserInfo() != null) {
            // What stands before an @ may be a password.
            throw new IllegalArgumentException("not the address of a Docker daemon"
                    + (text.contains("@") ? "" : ": " + text) + "; write unix:///PATH or tcp://HOST:PORT");
        }
        return new DockerHost(uri, socket ? Optional.empty() : certificates);
    }

    /** Returns whether it is a socket of the file system. */
    public boolean isSocket() {
        return "unix".equals(uri.getScheme());
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
