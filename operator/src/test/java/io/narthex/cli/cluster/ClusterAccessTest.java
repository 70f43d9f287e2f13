package io.narthex.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.narthex.cli.Main;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.process.TestPrometheus;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mistake in how a cluster is named is told as what it is: which variable or file, what stands there, what may. */
class ClusterAccessTest {

    private static final String SERVER = "https://127.0.0.1:1";

    @TempDir
    Path folder;

    private static String kubeconfig(String current, String cluster, String user) {
        return """
                apiVersion: v1
                kind: Config
                current-context: %s
                clusters: [{name: k, cluster: {%s}}]
                users: [{name: u, user: {%s}}]
                contexts: [{name: c, context: {cluster: k, user: u}}, {name: lost, context: {cluster: away, user: u}}]
                """.formatted(current, cluster, user);
    }

    private static String cluster(String more) {
        return "server: '" + SERVER + "'" + more;
    }

    static Stream<Arguments> files() {
        return Stream.of(
                arguments("clusters: [\n  bad: {{", "is no kubeconfig: line 2, column 10: "),
                arguments("clusters: 5", "is no kubeconfig: its fields have another form"),
                arguments("", "has no current-context"),
                arguments(
                        kubeconfig("missing", cluster(""), ""),
                        "has no context missing, which its current-context names"),
                arguments(kubeconfig("lost", cluster(""), ""), "has no cluster away, which its context lost names"),
                arguments(kubeconfig("c", "server: '::'", ""), ": clusters[k].cluster.server is \"::\", no URL"),
                arguments(kubeconfig("c", "", ""), ": clusters[k].cluster.server is missing"),
                arguments(
                        kubeconfig("c", cluster(", certificate-authority-data: '%%%'"), ""),
                        ": clusters[k].cluster.certificate-authority-data isn't base64"),
                arguments(
                        kubeconfig("c", cluster(", certificate-authority-data: aGVsbG8="), ""),
                        ": clusters[k].cluster.certificate-authority-data holds no certificate in PEM"),
                arguments(
                        kubeconfig("c", cluster(", certificate-authority: nowhere.crt"), ""),
                        ": clusters[k].cluster.certificate-authority names nowhere.crt, which isn't there"),
                arguments(
                        kubeconfig("c", cluster(""), "client-certificate-data: c2VjcmV0"),
                        ": users[u].user.client-certificate-data holds no certificate in PEM"),
                arguments(
                        kubeconfig("c", cluster(""), "client-key-data: c2VjcmV0"),
                        ": users[u].user.client-key-data holds no private key in PEM"),
                arguments(
                        kubeconfig("c", cluster(""), "tokenFile: nowhere"),
                        ": users[u].user.tokenFile names nowhere, which isn't there"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void aKubeconfigThatCannotBeUsedIsNamed(String content, String words) throws IOException {
        Path file = Files.writeString(folder.resolve("config"), content);

        Failure byVariable = failure(Map.of("KUBECONFIG", file.toString()), null, null);
        Failure byOption = failure(Map.of(), file.toString(), null);

        assertThat(byVariable.message()).startsWith("the kubeconfig " + file).contains(words);
        assertThat(byVariable.message()).doesNotContain("secret", "c2VjcmV0", "hello", "aGVsbG8");
        assertThat(byVariable.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(byVariable.remedy()).isNotEmpty();
        assertThat(byOption.message()).isEqualTo(byVariable.message());
    }

    static Stream<Arguments> variables() {
        return Stream.of(
                arguments(Map.of("KUBERNETES_MASTER", "::"), "KUBERNETES_MASTER is \"::\", no URL; allowed: such as"),
                arguments(pod("10.0.0.1", "abc"), "KUBERNETES_SERVICE_PORT is \"abc\", no port; allowed: 1 to 65535"),
                arguments(pod("10.0.0.1", "70000"), "KUBERNETES_SERVICE_PORT is \"70000\", no port"),
                arguments(pod("10.0.0.1", ""), "KUBERNETES_SERVICE_PORT is empty, no port"),
                arguments(pod("a b", "443"), "KUBERNETES_SERVICE_HOST is \"a b\", no host"),
                arguments(
                        Map.of("KUBERNETES_REQUEST_TIMEOUT", "10s"),
                        "KUBERNETES_REQUEST_TIMEOUT is \"10s\", no number; allowed: a whole number"),
                arguments(
                        Map.of("KUBERNETES_CERTS_CA_FILE", "/nowhere"),
                        "KUBERNETES_CERTS_CA_FILE names /nowhere, which isn't there"),
                arguments(
                        Map.of("KUBERNETES_CERTS_CLIENT_KEY_DATA", "c2VjcmV0"),
                        "KUBERNETES_CERTS_CLIENT_KEY_DATA holds no private key in PEM"),
                arguments(
                        Map.of("KUBERNETES_TLS_VERSIONS", "TLSv9"),
                        "KUBERNETES_TLS_VERSIONS is \"TLSv9\", no list of TLS versions; allowed: TLSv1.3"),
                arguments(Map.of("KUBECONFIG", "/nowhere"), "KUBECONFIG names /nowhere, and nothing is there"),
                arguments(Map.of(), "no cluster is named: there is no kubeconfig, and this is no pod"));
    }

    private static Map<String, String> pod(String host, String port) {
        return Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", port);
    }

    @ParameterizedTest
    @MethodSource("variables")
    void aVariableThatCannotBeUsedIsNamed(Map<String, String> variables, String words) {
        Failure failure = failure(variables, null, null);

        assertThat(failure.message()).startsWith(words);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(failure.remedy()).isNotEmpty();
    }

    private Failure failure(Map<String, String> variables, @Nullable String kubeconfig, @Nullable String context) {
        Map<String, String> environment = new HashMap<>(variables);
        // None of this machine's.
        environment.putIfAbsent("HOME", folder.toString());
        return catchThrowableOfType(Failure.class, () -> new ClusterAccess(environment).find(kubeconfig, context));
    }

    @Test
    void aContextThatNoFileHasIsAMistakeOfTheCommandLine() throws IOException {
        Path file = Files.writeString(folder.resolve("config"), kubeconfig("c", cluster(""), ""));

        Failure failure = failure(Map.of(), file.toString(), "other");

        assertThat(failure.message()).isEqualTo("the kubeconfig " + file + " has no context other");
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    }

    /** As kubectl has it: the first word counts, and what isn't there is passed over. */
    @Test
    void severalFilesCountAsOne() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "current-context: c\n");
        Path second = Files.writeString(folder.resolve("second"), kubeconfig("missing", cluster(""), ""));
        String list = String.join(
                File.pathSeparator, folder.resolve("nowhere").toString(), first.toString(), second.toString());

        assertThat(new ClusterAccess(Map.of("KUBECONFIG", list)).find(null, null))
                .isNotNull();
    }

    /** What a user sees, of each command's process. */
    @ParameterizedTest
    @MethodSource("commands")
    void aProcessEndsWithTheEnvironmentsCode(List<String> command) throws Exception {
        Path file = Files.writeString(folder.resolve("config"), "clusters: [\n");
        assertThat(run(command, Map.of("KUBECONFIG", file.toString())))
                .startsWith("3 narthex: the kubeconfig " + file + " is no kubeconfig: line 2, column 1: ")
                .contains("= help: ")
                .doesNotContain("Exception", "bug");
        assertThat(run(command, pod("10.0.0.1", "abc")))
                .startsWith("3 narthex: KUBERNETES_SERVICE_PORT is \"abc\", no port; allowed: 1 to 65535")
                .contains("= help: ")
                .doesNotContain("Exception", "bug");
    }

    static Stream<List<String>> commands() {
        return Stream.of(List.of("operator"), List.of("kubectl", "status"));
    }

    private String run(List<String> arguments, Map<String, String> variables) throws Exception {
        List<String> command = new ArrayList<>(TestPrometheus.java(Main.class));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBE"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + text;
    }
}
