package io.narthex.cli.kubectl;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.cli.cluster.ClusterAccess;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Failure;
import io.narthex.kubernetes.ApiServerWords;
import io.narthex.source.kubernetes.ClusterReader.KindUnknownException;
import io.narthex.source.kubernetes.KubernetesClients;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster and namespace are meant, in kubectl's own words. */
final class ClusterOptions {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int ANSWER_MILLIS = 20_000;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The file that says how to come to the cluster. Default: $KUBECONFIG, else ~/.kube/config.")
    private @Nullable String kubeconfig;

    @Option(names = "--context", paramLabel = "NAME", description = "Its context. Default: the current one.")
    private @Nullable String context;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "The namespace meant. Default: the context's, else default.")
    private @Nullable String namespace;

    /** Asks a cluster something, as one of its users. */
    interface Question<T> {
        T ask(KubernetesClient client, String namespace) throws KindUnknownException;
    }

    /**
     * Asks the cluster that is meant.
     *
     * @throws Failure where it can't be asked, or refuses to answer
     */
    <T> T ask(Question<T> question) {
        Config config = config();
        String server = config.getMasterUrl();
        try (KubernetesClient client = KubernetesClients.of(config)) {
            return question.ask(
                    client,
                    Optional.ofNullable(namespace)
                            .or(() -> Optional.ofNullable(config.getNamespace()))
                            .orElse("default"));
        } catch (KindUnknownException e) {
            throw Failure.environment(
                    e.getMessage() + " (" + server + ")",
                    "install Narthex's definitions: kubectl apply --server-side --force-conflicts -f crds/");
        } catch (KubernetesClientException e) {
            throw switch (e.getCode()) {
                case 401 ->
                    Failure.environment(
                            server + " doesn't know you (401)",
                            "log in anew, or name another kubeconfig by --kubeconfig or --context");
                case 403 -> Failure.environment(server + " says no: " + words(e), "ask for the right to it");
                case 0, -1 ->
                    Failure.environment(
                            server + " can't be reached: " + words(e), "name the cluster by --kubeconfig or --context");
                default -> Failure.environment(server + " can't answer: " + words(e), "try again later");
            };
        }
    }

    private Config config() {
        Config found = new ClusterAccess(System.getenv()).find(kubeconfig, context);
        return new ConfigBuilder(found)
                .withConnectionTimeout(CONNECT_MILLIS)
                .withRequestTimeout(ANSWER_MILLIS)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static String words(KubernetesClientException e) {
        return Visible.of(ApiServerWords.said(e));
    }
}
