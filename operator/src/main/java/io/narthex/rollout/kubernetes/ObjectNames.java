package io.narthex.rollout.kubernetes;

import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.model.ResourceKey;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The names of what a PrometheusServer becomes.
 *
 * @param server the server
 * @param base what all names begin with, such as {@code prometheus-main}
 */
public record ObjectNames(ResourceKey server, String base) {

    /** The value of the label {@value #MANAGED_BY} on all that Narthex makes. */
    public static final String NARTHEX = "narthex";
    /** Who looks after an object. */
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    /** Holds {@link #base}. */
    public static final String INSTANCE = "app.kubernetes.io/instance";
    /** Tells the objects of one server apart by their use. */
    public static final String COMPONENT = "app.kubernetes.io/component";
    /** On objects outside the server's namespace: that namespace. */
    public static final String SERVER_NAMESPACE = "monitoring.narthex.io/server-namespace";
    /** On a pod: the restart key of the template that it was made from. */
    public static final String RESTART_KEY = "monitoring.narthex.io/restart-key";
    /** On a pod: how its API is reached, such as {@code http:9090/prefix}. */
    public static final String ENDPOINT = "monitoring.narthex.io/endpoint";
    /** On a pod: changed to have the kubelet look at its volumes. */
    public static final String NUDGE = "monitoring.narthex.io/nudge";

    /** A StatefulSet's pods carry its name and a suffix in a label, which has 63 characters. */
    private static final int LONGEST = 45;

    /** Returns the names for a server. */
    public static ObjectNames of(ResourceKey server) {
        String plain = "prometheus-" + server.name().replace('.', '-');
        boolean same = plain.length() <= LONGEST && server.name().indexOf('.') < 0;
        String digest =
                Digest.of(server.name().getBytes(StandardCharsets.UTF_8)).substring(0, 8);
        return new ObjectNames(
                server, same ? plain : plain.substring(0, Math.min(plain.length(), LONGEST - 9)) + "-" + digest);
    }

    /** Returns the namespace of the server and its objects. */
    public String namespace() {
        return server.namespace();
    }

    /** Returns the name of the StatefulSet, and of the Service that users ask. */
    public String statefulSet() {
        return base;
    }

    /** Returns the name of a pod. */
    public String pod(int ordinal) {
        return base + "-" + ordinal;
    }

    String governingService() {
        return base + "-pods";
    }

    String secret(SecretKind kind, int number) {
        return switch (kind) {
            case PART -> base + "-part-" + SecretKind.digits(number);
            case CREDENTIAL -> base + "-credential-" + number;
            case KEPT -> base + "-kept-" + number;
            case INDEX -> base + "-index";
        };
    }

    /** Returns the name of the Secret that keeps as whom Narthex comes to the server. */
    public String identity() {
        return base + "-operator";
    }

    /** Returns the name of the Secret that keeps what a server runs of resources whose newest versions are refused. */
    public String held() {
        return base + "-held";
    }

    String state() {
        return base + "-state";
    }

    /** Returns a name for an object outside the server's namespace, which no other server has: neither part has a dot. */
    public String elsewhere() {
        return "narthex." + server.namespace() + "." + base;
    }

    /** Returns the labels by which the server's pods are found. */
    public Map<String, String> selector() {
        // In an order: one without becomes another text each time.
        return Collections.unmodifiableMap(
                new TreeMap<>(Map.of("app.kubernetes.io/name", "prometheus", INSTANCE, base, MANAGED_BY, NARTHEX)));
    }

    /** Returns the labels of an object. */
    public Map<String, String> labels(String component) {
        Map<String, String> labels = new TreeMap<>(selector());
        labels.put(COMPONENT, component);
        return labels;
    }
}
