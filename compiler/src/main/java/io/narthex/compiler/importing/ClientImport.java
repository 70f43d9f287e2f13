package io.narthex.compiler.importing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.yaml.YamlTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How requests are made: users, passwords and trust. Passwords never stand in the YAML that is written. */
final class ClientImport {

    /** The fields that are understood here. */
    static final Set<String> FIELDS =
            Set.of("basic_auth", "authorization", "bearer_token", "bearer_token_file", "tls_config", "proxy_url");

    /** Where Docker mounts secrets. */
    private static final String MOUNTED = "/run/secrets/";

    private static final Set<String> BASIC =
            Set.of("username", "username_file", "username_ref", "password", "password_file", "password_ref");
    private static final Set<String> AUTHORIZATION =
            Set.of("type", "credentials", "credentials_file", "credentials_ref");
    private static final String SECRET_NAME = "[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,200}[a-zA-Z0-9])?";

    private final Fields fields;
    private final ImportReport report;
    private final Resources resources;

    ClientImport(Fields fields, ImportReport report, Resources resources) {
        this.fields = fields;
        this.report = report;
        this.resources = resources;
    }

    /** Looks for fields that Prometheus would refuse. */
    void check(Map<String, YamlTree> section) {
        section(section, "basic_auth").ifPresent(one -> fields.of(one, "basic_auth", BASIC, ""));
        section(section, "authorization").ifPresent(one -> fields.of(one, "authorization", AUTHORIZATION, ""));
        section(section, "tls_config")
                .ifPresent(one -> fields.of(
                        one,
                        "tls_config",
                        ConfigKeys.of("tls_config", "ca", "cert", "key", "ca_ref", "cert_ref", "key_ref"),
                        ""));
    }

    boolean hasCredentials(Map<String, YamlTree> section) {
        return section.keySet().stream()
                .anyMatch(key -> FIELDS.contains(key) && !key.equals("tls_config") && !key.equals("proxy_url"));
    }

    /** Returns what of this can't be said by a resource; empty where all can. */
    Optional<String> hindrance(Map<String, YamlTree> section) {
        for (String url : List.of("url", "proxy_url")) {
            if (section(section, url).filter(ClientImport::holdsUser).isPresent()) {
                return Optional.of("its " + url + " holds a user or password");
            }
        }
        for (Map.Entry<String, String> file :
                List.of(Map.entry("basic_auth", "password_file"), Map.entry("authorization", "credentials_file"))) {
            Optional<String> path = section(section, file.getKey())
                    .flatMap(one -> one.get(file.getValue()))
                    .flatMap(YamlTree::text);
            if (path.isPresent() && secretAt(path.get()).isEmpty()) {
                report.notMapped("the file " + path.get(), "Narthex doesn't mount it; make it a secret");
                return Optional.of(file.getValue() + " is no Docker secret");
            }
        }
        if (section.containsKey("bearer_token_file")
                && text(section, "bearer_token_file")
                        .flatMap(ClientImport::secretAt)
                        .isEmpty()) {
            report.notMapped(
                    "the file " + text(section, "bearer_token_file").orElse(""),
                    "Narthex doesn't mount it; make it a secret");
            return Optional.of("bearer_token_file is no Docker secret");
        }
        if (section(section, "basic_auth")
                .flatMap(one -> one.get("username_file"))
                .isPresent()) {
            return Optional.of("it sets username_file");
        }
        for (String key :
                List.of("ca", "cert", "key", "ca_file", "cert_file", "key_file", "ca_ref", "cert_ref", "key_ref")) {
            if (section(section, "tls_config").flatMap(one -> one.get(key)).isPresent()) {
                return Optional.of("it sets tls_config." + key);
            }
        }
        return section.containsKey("proxy_url") && hasCredentials(section)
                ? Optional.of("it sends credentials through a proxy")
                : Optional.empty();
    }

    /** Puts how requests are made into {@code to}; credentials under {@code name}. */
    void put(Map<String, YamlTree> section, ObjectNode to, String name) {
        section(section, "basic_auth").ifPresent(basic -> {
            ObjectNode into = to.withObject("/auth").putObject("basic");
            basic.get("username").flatMap(YamlTree::text).ifPresent(user -> into.put("username", user));
            credential(basic, "password", name).ifPresent(source -> into.set("password", source));
        });
        section(section, "authorization").ifPresent(authorization -> {
            ObjectNode into = to.withObject("/auth").putObject("authorization");
            authorization.get("type").flatMap(YamlTree::text).ifPresent(type -> into.put("type", type));
            credential(authorization, "credentials", name).ifPresent(source -> into.set("credentials", source));
        });
        text(section, "bearer_token")
                .map(token -> resources.secret(name, "token", token))
                .or(() -> text(section, "bearer_token_file")
                        .flatMap(ClientImport::secretAt)
                        .map(secret -> Resources.reference(secret, "token")))
                .ifPresent(source ->
                        to.withObject("/auth").putObject("authorization").set("credentials", source));
        section(section, "tls_config").ifPresent(tls -> {
            ObjectNode into = to.putObject("tls");
            tls.get("server_name").flatMap(YamlTree::text).ifPresent(server -> into.put("serverName", server));
            tls.get("insecure_skip_verify").ifPresent(skip -> into.set("insecureSkipVerify", skip.json()));
            for (Map.Entry<String, String> version :
                    List.of(Map.entry("min_version", "minVersion"), Map.entry("max_version", "maxVersion"))) {
                tls.get(version.getKey()).flatMap(YamlTree::text).ifPresent(text -> into.put(version.getValue(), text));
            }
        });
        text(section, "proxy_url").ifPresent(url -> to.putObject("proxy").put("url", url));
    }

    /** Returns whether a URL has a user before its host, which no resource may have. */
    static boolean holdsUser(YamlTree url) {
        return url.text().filter(text -> text.matches("[^/?#]*//[^/?#]*@.*")).isPresent();
    }

    private Optional<ObjectNode> credential(YamlTree section, String key, String name) {
        Optional<String> inline = section.get(key).flatMap(YamlTree::text);
        if (inline.isPresent()) {
            report.differs(
                    "a password of " + name, "kept in .secrets/" + name + "/" + key + ", readable for you alone");
            return Optional.of(resources.secret(name, key, inline.get()));
        }
        Optional<String> file =
                section.get(key + "_file").flatMap(YamlTree::text).flatMap(ClientImport::secretAt);
        file.ifPresent(secret -> report.same("the Docker secret " + secret, "secretRef of " + name));
        return file.map(secret -> Resources.reference(secret, key));
    }

    private static Optional<String> secretAt(String path) {
        return path.startsWith(MOUNTED) && path.substring(MOUNTED.length()).matches(SECRET_NAME)
                ? Optional.of(path.substring(MOUNTED.length()))
                : Optional.empty();
    }

    private static Optional<YamlTree> section(Map<String, YamlTree> fields, String name) {
        return Optional.ofNullable(fields.get(name));
    }

    private static Optional<String> text(Map<String, YamlTree> fields, String name) {
        return section(fields, name).flatMap(YamlTree::text);
    }
}
