package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.SwarmSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The names and labels of the objects that are made for one server.
 *
 * @param instance the instance of Narthex whose objects they are
 * @param server the server
 */
public record SwarmNames(String instance, ResourceKey server) {

    /** The label that says whose an object is; its value is the instance. */
    public static final String OWNER = "io.narthex.owner";

    /** The label of a server's objects; its value is {@code NAMESPACE/NAME}. */
    public static final String SERVER = "io.narthex.server";

    /** The label of a service that names the Docker secret with the logins of its image's registry. */
    static final String REGISTRY_AUTH = "io.narthex.registry-auth";

    /** The label of a server's containers that tells where its API is: {@code https://0.0.0.0:9090/prefix}. */
    static final String LISTENS = "io.narthex.listens";

    /** The label that says what an object is for: {@code server}, {@code file}, {@code state}, {@code credential}. */
    public static final String ROLE = "io.narthex.role";

    /** The label of a file's config that tells the file's path below the configuration folder. */
    static final String PATH = "io.narthex.path";

    /** The label of a file's config that tells the digest of its content. */
    static final String DIGEST = "io.narthex.digest";

    /** The label of a server's containers that tells what they were started with. */
    static final String RESTART_KEY = "io.narthex.restart-key";

    /** A Docker config's or secret's name has at most 64 characters, and ours end with a dash and 16 digits. */
    private static final int LONGEST_BASE = 40;

    private static final int BASE_DIGITS = 8;

    /** A name that could be that of another server's replica, or one that is made different from others. */
    private static final Pattern ALIKE = Pattern.compile(".*-(?:[0-9]+|[0-9a-f]{" + BASE_DIGITS + "})");

    /** Returns the name of the config that keeps as whom Narthex comes to the server. */
    public String identity() {
        return base() + "-identity";
    }

    /**
     * Returns the name of the server's service, and the beginning of the names of its other objects: {@code INSTANCE-NAME},
     * or where that could be another server's, too, {@code INSTANCE-NAMESPACE-NAME-DIGEST}.
     */
    public String base() {
        boolean inDefault = server.namespace().equals("default");
        String name = inDefault ? server.name() : server.namespace() + "-" + server.name();
        String whole = instance + "-" + name.replace('.', '-');
        boolean own = inDefault
                && whole.length() <= LONGEST_BASE
                && name.indexOf('.') < 0
                && !ALIKE.matcher(name).matches();
        return own
                ? whole
                : whole.substring(0, Math.min(whole.length(), LONGEST_BASE - 1 - BASE_DIGITS)) + "-"
                        + digest(server.toString(), BASE_DIGITS);
    }

    /** Returns the name of the service of a replica, from 0: several replicas are as many services. */
    public String service(int replica) {
        return replica == 0 ? base() : base() + "-" + replica;
    }

    /** Returns the name of the volume of a replica, unless the server names it. */
    public String volume(int replica) {
        return service(replica) + "-data";
    }

    /** Returns the name of the volume of a replica where that of the first is {@code first}. */
    String volume(String first, int replica) {
        return first.equals(volume(0)) ? volume(replica) : replica == 0 ? first : first + "-" + replica;
    }

    String state() {
        return base() + "-state";
    }

    String config(String path, String digest) {
        return base() + "-" + digest(path + '\n' + digest, 16);
    }

    /** Returns the labels of an object of a role. */
    public Map<String, String> labels(String role) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(OWNER, instance);
        labels.put(SERVER, server.namespace() + "/" + server.name());
        labels.put(ROLE, role);
        return labels;
    }

    /**
     * Returns what makes a secret of this server.
     *
     * @param name its name
     * @param role what it is for
     * @param further labels beside those of all objects
     * @param content what it holds
     */
    public ObjectNode secret(String name, String role, Map<String, String> further, byte[] content) {
        ObjectNode spec = JsonNodeFactory.instance.objectNode().put("Name", name);
        ObjectNode labels = spec.putObject("Labels");
        labels(role).forEach(labels::put);
        further.forEach(labels::put);
        return spec.put("Data", Base64.getEncoder().encodeToString(content));
    }

    /** Returns whether an object is of this server and role. */
    public boolean isOurs(JsonNode object, String role) {
        return labels(role).entrySet().stream()
                .allMatch(label -> SwarmSnapshot.label(object, label.getKey()).equals(Optional.of(label.getValue())));
    }

    /**
     * Says of an object that has a name of this server's and isn't one of its objects whose it is.
     *
     * @param kind what it is: {@code service}, {@code config}
     */
    public String notOurs(String kind, JsonNode object) {
        Optional<String> owner = SwarmSnapshot.label(object, OWNER);
        Optional<String> whose = SwarmSnapshot.label(object, SERVER);
        String what = "the " + kind + " " + SwarmSnapshot.name(object);
        if (owner.isEmpty()) {
            return what + " isn't Narthex's: it has no label " + OWNER + "; remove it, or rename the " + server.kind();
        }
        if (!owner.get().equals(instance)) {
            return what + " is that of another operator, of the instance " + owner.get()
                    + "; run this one with another --instance";
        }
        return whose.filter(one -> !one.equals(server.namespace() + "/" + server.name()))
                .map(one -> what + " is that of the " + server.kind() + " " + one + "; rename one of the two")
                .orElse(what
                        + " has the name of one of this server's, and the labels of none; remove it, or rename the "
                        + server.kind());
    }

    static String digest(String text, int length) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).substring(0, length);
    }
}
