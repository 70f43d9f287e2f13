package io.narthex.cli.cluster;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Cluster;
import io.fabric8.kubernetes.api.model.Config;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.cli.input.Input;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Looks whether kubeconfig files say how to come to a cluster, before the client does: that one passes over what it can't
 * use, and asks another cluster then, or none. Several files count as one, of which the first word counts.
 */
final class Kubeconfigs {

    private static final String REMEDY = "kubectl config view shows what kubectl makes of it";

    private final Map<String, Entry<Cluster>> clusters = new LinkedHashMap<>();
    private final Map<String, Entry<AuthInfo>> users = new LinkedHashMap<>();
    private final Map<String, Entry<Context>> contexts = new LinkedHashMap<>();
    private final List<Path> files;
    private Optional<String> current = Optional.empty();

    private record Entry<T>(Path file, T value) {}

    private Kubeconfigs(List<Path> files) {
        this.files = files;
    }

    /**
     * Checks what is used of these files.
     *
     * @param files at least one, all of them there
     * @param context the context that is meant; null for the current one
     * @throws Failure where it can't be used
     */
    static void check(List<Path> files, @Nullable String context) {
        Kubeconfigs all = new Kubeconfigs(files);
        files.forEach(all::read);
        all.check(context);
    }

    private void read(Path file) {
        Config config;
        try {
            config = new KubernetesSerialization().unmarshal(Files.readString(file), Config.class);
        } catch (CharacterCodingException e) {
            throw Failure.environment("the kubeconfig " + file + " is no text in UTF-8", REMEDY);
        } catch (IOException e) {
            throw Failure.environment(
                    "the kubeconfig " + file + " can't be read: "
                            + (Files.isDirectory(file)
                                    ? "it is a folder"
                                    : Files.isReadable(file) ? e.getMessage() : "permission denied"),
                    "name another one by --kubeconfig or KUBECONFIG");
        } catch (RuntimeException e) {
            throw Failure.environment("the kubeconfig " + file + " is no kubeconfig: " + words(e), REMEDY);
        }
        if (config == null) {
            return;
        }
        config.getClusters().forEach(one -> clusters.putIfAbsent(one.getName(), new Entry<>(file, one.getCluster())));
        config.getUsers().forEach(one -> users.putIfAbsent(one.getName(), new Entry<>(file, one.getUser())));
        for (NamedContext one : config.getContexts()) {
            contexts.putIfAbsent(one.getName(), new Entry<>(file, one.getContext()));
        }
        current =
                current.or(() -> Optional.ofNullable(config.getCurrentContext()).filter(name -> !name.isEmpty()));
    }

    /** The client's own words are those of a programmer, and may quote the file. */
    private static String words(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException yaml) {
                String where = yaml.getProblemMark()
                        .map(mark -> "line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + ": ")
                        .orElse("");
                return Visible.of(where + yaml.getProblem());
            }
        }
        return "its fields have another form than apiVersion, kind, clusters, users, contexts and current-context"
                + " of a kubeconfig";
    }

    private void check(@Nullable String wanted) {
        String names = files.size() == 1 ? files.getFirst().toString() : files.toString();
        Entry<Context> context = wanted != null
                ? contexts.get(wanted)
                : current.map(contexts::get).orElse(null);
        if (context == null) {
            throw wanted != null
                    ? Failure.usage(
                            "the kubeconfig " + names + " has no context " + wanted,
                            "kubectl config get-contexts lists them")
                    : Failure.environment(
                            "the kubeconfig " + names
                                    + current.map(name -> " has no context " + Visible.of(name)
                                                    + ", which its current-context names")
                                            .orElse(" has no current-context"),
                            contexts.isEmpty()
                                    ? "name another one by --kubeconfig or KUBECONFIG"
                                    : "kubectl config use-context NAME, of: "
                                            + Visible.of(String.join(", ", contexts.keySet())));
        }
        String name = wanted != null ? wanted : current.orElseThrow();
        Entry<Cluster> cluster =
                found(clusters, context, name, "cluster", context.value().getCluster());
        server(cluster, context.value().getCluster());
        String where = "clusters[" + context.value().getCluster() + "].cluster.";
        data(
                cluster.file(),
                where + "certificate-authority-data",
                cluster.value().getCertificateAuthorityData(),
                true);
        file(cluster.file(), where + "certificate-authority", cluster.value().getCertificateAuthority());
        if (context.value().getUser() != null && !context.value().getUser().isEmpty()) {
            Entry<AuthInfo> user =
                    found(users, context, name, "user", context.value().getUser());
            String there = "users[" + context.value().getUser() + "].user.";
            AuthInfo info = user.value();
            if (info != null) {
                data(user.file(), there + "client-certificate-data", info.getClientCertificateData(), true);
                data(user.file(), there + "client-key-data", info.getClientKeyData(), false);
                file(user.file(), there + "client-certificate", info.getClientCertificate());
                file(user.file(), there + "client-key", info.getClientKey());
                file(user.file(), there + "tokenFile", info.getTokenFile());
            }
        }
    }

    private static <T> Entry<T> found(
            Map<String, Entry<T>> all, Entry<Context> context, String contextName, String kind, @Nullable String name) {
        Entry<T> entry = name == null ? null : all.get(name);
        if (entry == null || (entry.value() == null && kind.equals("cluster"))) {
            throw Failure.environment(
                    "the kubeconfig " + context.file() + " has no " + kind + " " + Visible.of(String.valueOf(name))
                            + ", which its context " + Visible.of(contextName) + " names",
                    REMEDY);
        }
        return entry;
    }

    private static void server(Entry<Cluster> cluster, String name) {
        String url = cluster.value().getServer();
        if (!isHttp(url)) {
            throw Failure.environment(
                    "the kubeconfig " + cluster.file() + ": clusters[" + Visible.of(name) + "].cluster.server is "
                            + (url == null ? "missing" : '"' + Visible.of(url) + "\", no URL"),
                    "write an http or https URL, such as https://10.0.0.1:6443");
        }
    }

    /** Returns whether this is an address that a client can ask. */
    static boolean isHttp(@Nullable String url) {
        try {
            URI uri = new URI(String.valueOf(url));
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            return uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void data(Path file, String field, @Nullable String data, boolean certificate) {
        if (data != null && !data.isEmpty()) {
            problem(data, certificate).ifPresent(problem -> {
                throw Failure.environment(
                        "the kubeconfig " + file + ": " + Visible.of(field) + " " + problem,
                        "write the base64 of a PEM file there: base64 -w0 FILE");
            });
        }
    }

    /** Returns what is wrong with a PEM in base64, without saying any of it. */
    static Optional<String> problem(String base64, boolean certificate) {
        byte[] pem;
        try {
            pem = Base64.getMimeDecoder().decode(base64.strip());
            if (!base64.strip().matches("[A-Za-z0-9+/=\\s]*")) {
                return Optional.of("isn't base64");
            }
        } catch (IllegalArgumentException e) {
            return Optional.of("isn't base64");
        }
        if (!certificate) {
            return new String(pem, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY-----")
                    ? Optional.empty()
                    : Optional.of("holds no private key in PEM");
        }
        try {
            return CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem))
                            .isEmpty()
                    ? Optional.of("holds no certificate in PEM")
                    : Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("holds no certificate in PEM");
        }
    }

    private static void file(Path config, String field, @Nullable String named) {
        if (named != null && !named.isEmpty() && !Files.isReadable(resolved(config, named))) {
            throw Failure.environment(
                    "the kubeconfig " + config + ": " + Visible.of(field) + " names " + Visible.of(named) + ", which "
                            + (Files.exists(resolved(config, named)) ? "may not be read" : "isn't there"),
                    "mend the path, which is relative to the kubeconfig's folder");
        }
    }

    private static Path resolved(Path config, String named) {
        Path parent = config.toAbsolutePath().getParent();
        return parent == null ? Path.of(named) : parent.resolve(named);
    }

    /** Returns those of a list of files, as {@code KUBECONFIG} has it, that are there. */
    static List<Path> listed(String list, String separator) {
        List<Path> there = new ArrayList<>();
        for (String name : list.split(Pattern.quote(separator), -1)) {
            if (!name.isBlank() && Files.exists(Input.path(name))) {
                there.add(Input.path(name));
            }
        }
        return there;
    }
}
