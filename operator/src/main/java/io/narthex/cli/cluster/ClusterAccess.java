package io.narthex.cli.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.TlsVersion;
import io.narthex.cli.input.Input;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Failure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a command comes to a Kubernetes cluster: by a kubeconfig, by the service account of its pod, or by the client's
 * variables {@code KUBERNETES_*}. All of it is looked at first, so that a mistake is named as what it is.
 */
public final class ClusterAccess {

    private static final String UNSET = "set it to another value, or unset it";

    private static final List<String> NUMBERS = List.of(
            "KUBERNETES_CONNECTION_TIMEOUT",
            "KUBERNETES_REQUEST_TIMEOUT",
            "KUBERNETES_UPLOAD_REQUEST_TIMEOUT",
            "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT",
            "KUBERNETES_REQUEST_RETRY_BACKOFFINTERVAL",
            "KUBERNETES_WATCH_RECONNECTINTERVAL",
            "KUBERNETES_WATCH_RECONNECTLIMIT",
            "KUBERNETES_LOGGING_INTERVAL",
            "KUBERNETES_SCALE_TIMEOUT",
            "KUBERNETES_WEBSOCKET_PING_INTERVAL",
            "KUBERNETES_MAX_CONCURRENT_REQUESTS",
            "KUBERNETES_MAX_CONCURRENT_REQUESTS_PER_HOST");

    private static final List<String> FILES = List.of(
            "KUBERNETES_CERTS_CA_FILE",
            "KUBERNETES_CERTS_CLIENT_FILE",
            "KUBERNETES_CERTS_CLIENT_KEY_FILE",
            "KUBERNETES_TRUSTSTORE_FILE",
            "KUBERNETES_KEYSTORE_FILE");

    /** Whether they are certificates; else they are keys. */
    private static final Map<String, Boolean> PEMS = Map.of(
            "KUBERNETES_CERTS_CA_DATA", true,
            "KUBERNETES_CERTS_CLIENT_DATA", true,
            "KUBERNETES_CERTS_CLIENT_KEY_DATA", false);

    private final Map<String, String> environment;

    /**
     * Makes one.
     *
     * @param environment the variables of this process, which the client reads by itself
     */
    public ClusterAccess(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Returns how to come to the cluster that is meant.
     *
     * @param kubeconfig the file that the command line names; null for none
     * @param context the context that the command line names; null for none
     * @throws Failure where that can't be told
     */
    public Config find(@Nullable String kubeconfig, @Nullable String context) {
        checkVariables();
        List<Path> files = kubeconfig == null ? files() : List.of(named(kubeconfig));
        if (!files.isEmpty()) {
            Kubeconfigs.check(files, context);
        } else if (context != null) {
            throw Failure.usage(
                    "there is no kubeconfig, so no context " + context, "name a kubeconfig by --kubeconfig");
        } else {
            checkPod();
        }
        try {
            return kubeconfig == null
                    ? Config.autoConfigure(context)
                    : Config.fromKubeconfig(context, files.getFirst().toFile());
        } catch (RuntimeException e) {
            throw Failure.environment(
                    "how to come to the cluster can't be told from "
                            + (files.isEmpty()
                                    ? "the variables KUBERNETES_*"
                                    : files + " and the variables KUBERNETES_*")
                            + ": "
                            + Visible.of(String.valueOf(e.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("")),
                    "kubectl config view shows what kubectl makes of it");
        }
    }

    private static Path named(String kubeconfig) {
        Path file = Input.path(kubeconfig);
        if (!Files.exists(file)) {
            throw Failure.environment("there is no kubeconfig " + kubeconfig, "name one by --kubeconfig");
        }
        return file;
    }

    /** Returns the files that the client reads by itself. */
    private List<Path> files() {
        if (variable("KUBERNETES_AUTH_TRYKUBECONFIG").equalsIgnoreCase("false")) {
            return List.of();
        }
        String list = variable("KUBECONFIG");
        if (list.isEmpty()) {
            Path usual = Path.of(variable("HOME").isEmpty() ? System.getProperty("user.home") : variable("HOME"))
                    .resolve(".kube")
                    .resolve("config");
            return Files.isRegularFile(usual) ? List.of(usual) : List.of();
        }
        List<Path> there = Kubeconfigs.listed(list, File.pathSeparator);
        if (there.isEmpty()) {
            throw Failure.environment(
                    "KUBECONFIG names " + Visible.of(list) + ", and nothing is there",
                    "name a kubeconfig, or unset it");
        }
        return there;
    }

    private void checkPod() {
        String host = variable("KUBERNETES_SERVICE_HOST");
        String port = variable("KUBERNETES_SERVICE_PORT");
        if (host.isEmpty() && variable("KUBERNETES_MASTER").isEmpty()) {
            throw Failure.environment(
                    "no cluster is named: there is no kubeconfig, and this is no pod, where KUBERNETES_SERVICE_HOST is set",
                    "name a kubeconfig by KUBECONFIG");
        }
        if (host.isEmpty()) {
            return;
        }
        String bracketed = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        if (!Kubeconfigs.isHttp("https://" + bracketed)) {
            throw wrong("KUBERNETES_SERVICE_HOST", host, "no host", "a name or an address");
        }
        if (number(port).filter(given -> given >= 1 && given <= 65_535).isEmpty()) {
            throw wrong("KUBERNETES_SERVICE_PORT", port, "no port", "1 to 65535");
        }
    }

    private void checkVariables() {
        String master = variable("KUBERNETES_MASTER");
        if (!master.isEmpty() && !Kubeconfigs.isHttp(master.contains("://") ? master : "https://" + master)) {
            throw wrong("KUBERNETES_MASTER", master, "no URL", "such as https://10.0.0.1:6443");
        }
        for (String name : NUMBERS) {
            String value = variable(name);
            if (!value.isEmpty() && number(value).isEmpty()) {
                throw wrong(name, value, "no number", "a whole number");
            }
        }
        for (String name : FILES) {
            String value = variable(name);
            if (!value.isEmpty() && !Files.isReadable(Input.path(value))) {
                throw Failure.environment(
                        name + " names " + Visible.of(value) + ", which "
                                + (Files.exists(Input.path(value)) ? "may not be read" : "isn't there"),
                        UNSET);
            }
        }
        PEMS.forEach((name, certificate) -> {
            String value = variable(name);
            if (!value.isEmpty()) {
                Kubeconfigs.problem(value, certificate).ifPresent(problem -> {
                    throw Failure.environment(name + " " + problem + "; allowed is the base64 of a PEM file", UNSET);
                });
            }
        });
        String versions = variable("KUBERNETES_TLS_VERSIONS");
        List<String> known =
                Arrays.stream(TlsVersion.values()).map(TlsVersion::javaName).toList();
        if (!versions.isEmpty() && !known.containsAll(List.of(versions.split(",", -1)))) {
            throw wrong("KUBERNETES_TLS_VERSIONS", versions, "no list of TLS versions", String.join(",", known));
        }
    }

    private static Failure wrong(String variable, String found, String what, String allowed) {
        return Failure.environment(
                variable + (found.isEmpty() ? " is empty" : " is \"" + Visible.of(found) + '"') + ", " + what
                        + "; allowed: " + allowed,
                UNSET);
    }

    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
