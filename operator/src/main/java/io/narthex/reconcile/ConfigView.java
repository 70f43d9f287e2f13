package io.narthex.reconcile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.OperatorIdentity;
import io.narthex.compiler.model.SecretValue;
import io.narthex.rollout.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What a configuration means, whichever files it is spread over: the basis of a comparison.
 *
 * @param jobs the scrape jobs by {@code job_name}
 * @param ruleGroups the groups of rules, by {@code file: group}
 * @param settings the sections of {@code prometheus.yml} other than those, each key by its dotted path
 * @param flags the command line flags by name, without their dashes
 * @param files digests of what all other files mean, by path
 */
public record ConfigView(
        SortedMap<String, Map<String, Object>> jobs,
        SortedMap<String, Object> ruleGroups,
        SortedMap<String, Object> settings,
        SortedMap<String, String> flags,
        SortedMap<String, String> files) {

    /** That of a server that isn't there. */
    public static final ConfigView EMPTY =
            new ConfigView(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /** Sections that only say where the rest lies, or that are compared by what they hold. */
    private static final List<String> PLUMBING = List.of("scrape_configs", "scrape_config_files", "rule_files");

    /** Begins the names of settings of the web configuration, which are read at start only. */
    public static final String WEB_SETTINGS = "web.";

    /** The web configuration, which is a credential where it holds hashes of passwords. */
    private static final String WEB = "web.yml";

    /** A file that isn't YAML of Prometheus's shape. */
    public static final class NotAConfigException extends Exception {
        private static final long serialVersionUID = 1;

        NotAConfigException(String file, String reason) {
            super(file + ": " + reason);
        }
    }

    /** Returns what a compiled bundle means. */
    public static ConfigView of(Bundle bundle) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        contents.put(bundle.index().path(), bundle.index().content());
        for (BundleFile file : bundle.files().values()) {
            contents.put(file.path(), file.content());
        }
        SecretValue web = bundle.credentials().get(WEB);
        if (web != null) {
            contents.put(WEB, web.reveal());
        }
        try {
            return of(contents, bundle.index().path(), bundle.flags());
        } catch (NotAConfigException e) {
            throw new IllegalStateException("the compiler wrote what can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * Returns what the files of a folder mean.
     *
     * @param contents all files by path
     * @param index which of them is {@code prometheus.yml}
     * @param flags the command line
     * @throws NotAConfigException where a file isn't YAML of Prometheus's shape
     */
    public static ConfigView of(SortedMap<String, byte[]> contents, String index, List<String> flags)
            throws NotAConfigException {
        SortedMap<String, Map<String, Object>> jobs = new TreeMap<>();
        SortedMap<String, Object> groups = new TreeMap<>();
        SortedMap<String, Object> settings = new TreeMap<>();
        SortedMap<String, String> files = new TreeMap<>();
        for (Map.Entry<String, byte[]> entry : contents.entrySet()) {
            String path = entry.getKey();
            Map<String, Object> root = parse(path, entry.getValue());
            addJobs(path, root, jobs);
            addGroups(path, root, groups);
            if (path.equals(index)) {
                root.forEach((section, value) -> {
                    if (!PLUMBING.contains(section)) {
                        flatten(section, value, settings);
                    }
                });
            } else if (!root.containsKey("scrape_configs") && !root.containsKey("groups")) {
                if (path.equals(WEB)) {
                    addReadAtStart(root, settings);
                }
                files.put(path, digest(path.equals(WEB) ? withoutOperator(root) : root));
            }
        }
        return new ConfigView(jobs, groups, settings, flagsByName(flags), files);
    }

    private static String digest(Map<String, Object> root) {
        return Release.digest(SecretValue.of(canonical(root)));
    }

    /** What of a web configuration Prometheus reads at its start only. */
    private static void addReadAtStart(Map<String, Object> web, Map<String, Object> settings) {
        if (web.get("tls_server_config") != null) {
            settings.put(WEB_SETTINGS + "tls", true);
        }
        Map<String, Object> http = asMapping(web.get("http_server_config"));
        if (http != null && http.get("http2") != null) {
            settings.put(WEB_SETTINGS + "http2", http.get("http2"));
        }
    }

    /** Returns a web configuration as its author knows it: without the users that Narthex adds. */
    private static Map<String, Object> withoutOperator(Map<String, Object> web) {
        Map<String, Object> users = asMapping(web.get("basic_auth_users"));
        if (users == null) {
            return web;
        }
        users.keySet().removeIf(user -> user.startsWith(OperatorIdentity.RESERVED_PREFIX));
        Map<String, Object> declared = new LinkedHashMap<>(web);
        declared.put("basic_auth_users", users);
        return declared;
    }

    private static Map<String, Object> parse(String path, byte[] content) throws NotAConfigException {
        Object root;
        try {
            root = new Load(LoadSettings.builder().setCodePointLimit(64 << 20).build())
                    .loadFromString(new String(content, UTF_8));
        } catch (YamlEngineException e) {
            throw new NotAConfigException(path, "not YAML");
        }
        if (root == null) {
            return Map.of();
        }
        Map<String, Object> mapping = asMapping(root);
        if (mapping == null) {
            throw new NotAConfigException(path, "not a mapping");
        }
        return mapping;
    }

    private static void addJobs(String path, Map<String, Object> root, Map<String, Map<String, Object>> jobs)
            throws NotAConfigException {
        for (Object job : listOf(root.get("scrape_configs"))) {
            Map<String, Object> config = asMapping(job);
            if (config == null || !(config.get("job_name") instanceof String name)) {
                throw new NotAConfigException(path, "a scrape config without a job_name");
            }
            Map<String, Object> rest = new LinkedHashMap<>(config);
            rest.remove("job_name");
            jobs.put(name, rest);
        }
    }

    private static void addGroups(String path, Map<String, Object> root, Map<String, Object> groups)
            throws NotAConfigException {
        String file = path.replaceFirst("\\.ya?ml$", "");
        for (Object group : listOf(root.get("groups"))) {
            Map<String, Object> config = asMapping(group);
            if (config == null || !(config.get("name") instanceof String name)) {
                throw new NotAConfigException(path, "a rule group without a name");
            }
            groups.put(file + ": " + name, config);
        }
    }

    private static List<?> listOf(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static @Nullable Map<String, Object> asMapping(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return null;
        }
        Map<String, Object> mapping = new LinkedHashMap<>();
        map.forEach((key, element) -> mapping.put(String.valueOf(key), element));
        return mapping;
    }

    private static void flatten(String path, @Nullable Object value, Map<String, Object> into) {
        Map<String, Object> mapping = asMapping(value);
        if (mapping == null || mapping.isEmpty()) {
            if (value != null) {
                into.put(path, value);
            }
        } else {
            mapping.forEach((key, element) -> flatten(path + "." + key, element, into));
        }
    }

    private static SortedMap<String, String> flagsByName(List<String> flags) {
        SortedMap<String, String> byName = new TreeMap<>();
        for (String flag : flags) {
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals < 0 ? "" : flag.substring(equals + 1);
            // A flag given several times is a list.
            byName.merge(name, value, (a, b) -> a + "," + b);
        }
        return byName;
    }

    /** Returns a value as text, the same for values that mean the same. */
    static String canonical(@Nullable Object value) {
        Map<String, Object> mapping = asMapping(value);
        if (mapping != null) {
            StringBuilder text = new StringBuilder("{");
            new TreeMap<>(mapping)
                    .forEach((key, element) -> text.append(text.length() > 1 ? ", " : "")
                            .append(key)
                            .append(": ")
                            .append(canonical(element)));
            return text.append('}').toString();
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ConfigView::canonical).toList().toString();
        }
        return String.valueOf(value);
    }
}
