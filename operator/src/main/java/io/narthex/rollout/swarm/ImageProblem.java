package io.narthex.rollout.swarm;

import java.util.Locale;

/** Puts into words why a node has no image. */
final class ImageProblem {

    private ImageProblem() {}

    /**
     * Returns what a task's error means.
     *
     * @param error what Swarm says, such as {@code No such image: prom/prometheus:v9}
     * @param image the image as it is asked for
     * @param node the node's host name
     */
    static String words(String error, String image, String node) {
        String lower = error.toLowerCase(Locale.ROOT);
        if (lower.contains("no such image")
                || lower.contains("pull access denied")
                || lower.contains("manifest unknown")) {
            String bare = image.replaceFirst("@.*$", "");
            int slash = bare.indexOf('/');
            String first = slash < 0 ? "" : bare.substring(0, slash);
            boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
            String registry = named ? first : "docker.io";
            return "the node " + node + " has no image " + bare + " and couldn't get it from " + registry
                    + "; check the name and tag, log the operator in to a private registry, or load the image on the node";
        }
        return error;
    }
}
