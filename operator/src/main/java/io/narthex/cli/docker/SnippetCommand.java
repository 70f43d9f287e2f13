package io.narthex.cli.docker;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.cli.input.DockerOptions;
import io.narthex.cli.input.InstanceName;
import io.narthex.cli.page.OperatorClient;
import io.narthex.cli.page.SnippetPage;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.reconcile.swarm.NewToken;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex snippet}. */
@Command(
        name = "snippet",
        description = {
            "Print what belongs into the prometheus.yml of a PrometheusServer of the mode External,"
                    + " for the operator of the Swarm in whose container this is.",
            "It holds no credential: comments say which files it names, and where they come from."
                    + " narthex status says whether the server has loaded it."
        })
public final class SnippetCommand implements Callable<Integer> {

    /** The file that holds the token with which the server asks for targets. */
    private static final String TOKEN = "discovery.token";

    private final Terminal terminal;

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVER",
            description = "The server, as NAME or NAMESPACE/NAME. Default: the only one.")
    private @Nullable String server;

    @Option(
            names = "--file",
            paramLabel = "PATH",
            description = "Print this file that the snippet names, such as a rule file, in place of the snippet.")
    private @Nullable String file;

    @Option(
            names = "--new-token",
            description = "Make a further token with which the server asks for targets, and print it alone:"
                    + " for a server outside of the Swarm, which can't mount the Docker secret. It is shown this once.")
    private boolean newToken;

    @Option(
            names = "--operator",
            paramLabel = "URL",
            description = "Where the operator is. Default: ${DEFAULT-VALUE}.",
            defaultValue = OperatorClient.HERE)
    private String operator;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "With --new-token: the operator's instance. Default: what the operator says.")
    private @Nullable String instance;

    @Mixin
    private DockerOptions docker;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public SnippetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        if (newToken && file != null) {
            throw Failure.usage("--new-token and --file exclude each other", "leave one out");
        }
        if (instance != null) {
            InstanceName.of(instance);
        }
        JsonNode document = new OperatorClient(operator)
                .get(SnippetPage.PATH, SnippetPage.KIND)
                .orElseThrow(() -> Failure.environment(
                        "no operator answers at " + operator,
                        "run this in the operator's container, or name it as --operator http://HOST:9480"));
        JsonNode snippet = choose(document);
        if (newToken) {
            token(snippet, instance(document), output);
        } else if (file != null) {
            output.print(text(snippet, file));
        } else if (output.isText()) {
            header(snippet).forEach(output::line);
            output.print(snippet.path("stanza").asText());
        } else {
            output.json(snippet);
        }
        return ExitCode.OK.number();
    }

    private JsonNode choose(JsonNode document) {
        List<JsonNode> all = new ArrayList<>();
        document.path("snippets").forEach(all::add);
        String names = all.stream().map(SnippetCommand::name).collect(Collectors.joining(", "));
        if (document.path("platform").asText().equals("compose")) {
            throw Failure.environment(
                    "there is nothing to paste beside docker compose: Prometheus reads the files that Narthex writes",
                    "start Prometheus with --config.file=FOLDER/config/prometheus.yml, FOLDER being the volume that"
                            + " both mount");
        }
        if (document.has("waitsFor")) {
            throw Failure.environment(
                    "this operator waits: " + document.path("waitsFor").asText() + " works", "ask that one");
        }
        if (all.isEmpty()) {
            throw Failure.environment(
                    "the operator has no PrometheusServer of the mode External that can be compiled",
                    "declare one, as docs/swarm.md shows; narthex status says what is wrong with those declared");
        }
        if (server == null) {
            if (all.size() > 1) {
                throw Failure.usage("there are several servers: " + names, "name one of them");
            }
            return all.getFirst();
        }
        List<JsonNode> named = all.stream()
                .filter(one ->
                        name(one).equals(server) || one.path("name").asText().equals(server))
                .toList();
        if (named.size() != 1) {
            throw Failure.usage(
                    (named.isEmpty() ? "there is no server " : "there are several servers ") + server
                            + " of the mode External",
                    "name one of " + names);
        }
        return named.getFirst();
    }

    private static String name(JsonNode snippet) {
        return snippet.path("namespace").asText() + "/" + snippet.path("name").asText();
    }

    private static String text(JsonNode snippet, String file) {
        JsonNode text = snippet.path("files").path(file);
        if (!text.isTextual()) {
            List<String> names = new ArrayList<>();
            snippet.path("files").fieldNames().forEachRemaining(names::add);
            throw Failure.usage(
                    "--file " + file + " is none of the files of the snippet",
                    names.isEmpty() ? "it names none that can be printed" : "name one of " + String.join(", ", names));
        }
        return text.asText();
    }

    /** Comments of YAML, so that all that is printed can be pasted. */
    private static List<String> header(JsonNode snippet) {
        List<String> lines = new ArrayList<>();
        String name = name(snippet);
        lines.add("PrometheusServer " + name + ", generation "
                + snippet.path("generation").asText() + ", for Prometheus "
                + snippet.path("version").asText());
        lines.add("Put these sections into prometheus.yml; where one is there already, add to its list. Then reload");
        lines.add("Prometheus, by SIGHUP or POST /-/reload. narthex status says whether it has loaded them.");
        List<String> files = new ArrayList<>();
        snippet.path("secrets").properties().forEach(secret -> {
            String path = secret.getKey();
            String outside = path.equals(TOKEN)
                    ? "narthex snippet " + name + " --new-token"
                    : "write the credential there yourself";
            files.add(path + ": mount the Docker secret " + secret.getValue().asText()
                    + " there; outside of the Swarm: " + outside);
        });
        snippet.path("files")
                .fieldNames()
                .forEachRemaining(path -> files.add(path + ": narthex snippet " + name + " --file " + path));
        snippet.path("credentials")
                .forEach(path -> files.add(path.asText() + ": the credential, which you put there yourself"));
        if (!files.isEmpty()) {
            lines.add("Files that they name, beside prometheus.yml where the path is relative:");
            files.forEach(line -> lines.add("  " + line));
        }
        return lines.stream().map(line -> "# " + Visible.of(line)).toList();
    }

    /** A token of another instance than the operator's would be none. */
    private String instance(JsonNode document) {
        return InstanceName.of(
                instance != null ? instance : document.path("instance").asText("narthex"));
    }

    private void token(JsonNode snippet, String owner, Output output) throws InterruptedException {
        ResourceKey key = ResourceKey.ofServer(
                snippet.path("namespace").asText(), snippet.path("name").asText());
        try (DockerClient client = new DockerClient(docker.host(terminal))) {
            NewToken token = NewToken.make(client, owner, key, new SecureRandom());
            output.note("kept as the Docker secret " + token.secret() + "; it is valid until docker secret rm "
                    + token.secret());
            output.print(token.text() + "\n");
        } catch (DockerException e) {
            throw Failure.environment(e.words(), "name a manager of the Swarm by --docker-host or DOCKER_HOST");
        } catch (IOException e) {
            // The client is closed either way.
        }
    }
}
