package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The logins of a {@code config.json} as {@code docker login} writes it (docker/cli, {@code
 * cli/config/configfile/file.go}), in the form in which Docker's API takes them. Prints none of them.
 */
public final class RegistryLogins {

    /** Nobody's. */
    public static final RegistryLogins NONE = new RegistryLogins(Map.of(), Set.of());

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HUB_KEY = "index.docker.io";

    private final Map<String, String> headers;
    /** The hosts of which the file says only that somebody logged in. */
    private final Set<String> keptElsewhere;

    private RegistryLogins(Map<String, String> headers, Set<String> keptElsewhere) {
        this.headers = Map.copyOf(headers);
        this.keptElsewhere = Set.copyOf(keptElsewhere);
    }

    /** A file holds no logins that can be used. */
    public static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String reason) {
            super(reason, null, false, false);
        }

        /** Returns why, a phrase without anything of the file's passwords. */
        public String reason() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Returns the logins of a file.
     *
     * @throws Unusable where it isn't such a file, is damaged, or keeps all its passwords elsewhere
     */
    public static RegistryLogins parse(byte[] file) throws Unusable {
        JsonNode root;
        try {
            root = JSON.readTree(file);
        } catch (IOException e) {
            // Its message quotes the file.
            throw new Unusable("isn't JSON; docker login writes such a file, ~/.docker/config.json");
        }
        JsonNode auths = root.path("auths");
        if (!auths.isObject() || auths.isEmpty()) {
            throw new Unusable("has no login below auths; docker login writes some into ~/.docker/config.json");
        }
        Map<String, String> headers = new TreeMap<>();
        Map<String, String> elsewhere = new TreeMap<>();
        for (Map.Entry<String, JsonNode> login : auths.properties()) {
            String key = login.getKey();
            header(key, login.getValue())
                    .ifPresentOrElse(header -> headers.put(host(key), header), () -> elsewhere.put(host(key), key));
        }
        if (headers.isEmpty()) {
            throw new Unusable("has no password for " + String.join(", ", elsewhere.values())
                    + ", which a program of the machine keeps (credsStore); write it into auth, in base64");
        }
        return new RegistryLogins(headers, elsewhere.keySet());
    }

    /** Returns the header; empty for an entry without a password, as a docker logout leaves one of another registry, too. */
    private static Optional<String> header(String key, JsonNode login) throws Unusable {
        ObjectNode header = JSON.createObjectNode();
        String user = login.path("username").asText();
        String password = login.path("password").asText();
        if (!login.path("auth").asText().isEmpty()) {
            String both = decoded(key, login.path("auth").asText());
            int colon = both.indexOf(':');
            if (colon <= 0) {
                throw new Unusable("has for " + key + " an auth that is no user and password in base64");
            }
            user = both.substring(0, colon);
            // Docker has always cut off zero bytes here.
            password = both.substring(colon + 1).replaceAll("\0+$", "");
        }
        String identity = login.path("identitytoken").asText();
        String token = login.path("registrytoken").asText();
        if (user.isEmpty() && identity.isEmpty() && token.isEmpty()) {
            return Optional.empty();
        }
        put(header, "username", user);
        put(header, "password", password);
        put(header, "identitytoken", identity);
        put(header, "registrytoken", token);
        header.put("serveraddress", key);
        return Optional.of(
                Base64.getUrlEncoder().encodeToString(header.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static String decoded(String key, String auth) throws Unusable {
        try {
            return new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Unusable("has for " + key + " an auth that is no base64");
        }
    }

    private static void put(ObjectNode header, String field, String value) {
        if (!value.isEmpty()) {
            header.put(field, value);
        }
    }

    /** Keys are hosts, for some registries with a scheme and a path. */
    private static String host(String key) {
        String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
        return host.equals(HUB_KEY) ? ImageName.DOCKER_HUB : host;
    }

    /** Returns what Docker's header {@code X-Registry-Auth} is to say for an image; empty without a login for its registry. */
    public Optional<String> header(ImageName image) {
        return Optional.ofNullable(headers.get(image.registry()));
    }

    /** Returns whether somebody logged in at an image's registry whose password the file doesn't hold. */
    public boolean isKeptElsewhere(ImageName image) {
        return keptElsewhere.contains(image.registry()) && header(image).isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RegistryLogins logins
                && headers.equals(logins.headers)
                && keptElsewhere.equals(logins.keptElsewhere);
    }

    @Override
    public int hashCode() {
        return Objects.hash(headers, keptElsewhere);
    }

    @Override
    public String toString() {
        return "logins of " + new TreeMap<>(headers).keySet();
    }
}
