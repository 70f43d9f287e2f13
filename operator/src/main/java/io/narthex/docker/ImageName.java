package io.narthex.docker;

/**
 * An image as it is asked for.
 *
 * @param text such as {@code quay.io/prometheus/prometheus:v3.16.0}, perhaps with a digest
 */
public record ImageName(String text) {

    /** The registry of images that name none. */
    public static final String DOCKER_HUB = "docker.io";

    /** Returns the image without a digest. */
    public String withoutDigest() {
        return text.replaceFirst("@.*$", "");
    }

    /** Returns whether it names a digest, and so means the same for ever. */
    public boolean hasDigest() {
        return text.contains("@");
    }

    /**
     * Returns the host, perhaps with a port, of the registry that has it (source: distribution/reference, {@code
     * splitDockerDomain}).
     */
    public String registry() {
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        return named && !first.equals("index.docker.io") ? first : DOCKER_HUB;
    }
}
