package io.narthex.cli.kubectl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.kubectl.ClusterStory.Verdict;
import io.narthex.cli.print.Columns;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Style;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.LiveLines;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.source.kubernetes.ClusterReader;
import io.narthex.source.kubernetes.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code kubectl narthex status}. */
@Command(
        name = "status",
        description = {
            "Say of each PrometheusServer, Monitor and RuleSet whether it works, and why not.",
            "Ends with 3 where a PrometheusServer isn't ready, with 1 under --fail-down where something else isn't."
        })
public final class KubectlStatusCommand implements Callable<Integer> {

    private static final int LOOK_SECONDS = 2;
    private static final String GAP = "  ";

    private final Terminal terminal;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Look at all namespaces, or at those that you may look at.")
    private boolean everywhere;

    @Option(names = "--watch", description = "Go on until Ctrl-C, every two seconds.")
    private boolean watch;

    @Option(names = "--fail-down", description = "End with 1 where a Monitor or RuleSet isn't ready.")
    private boolean failDown;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public KubectlStatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private record Look(String scope, List<ClusterStory> servers, List<ClusterStory> others, List<String> notes) {}

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        return cluster.<Integer>ask((client, namespace) -> {
            LiveLines live = new LiveLines(terminal);
            while (true) {
                ClusterReader reader = new ClusterReader(client);
                ClusterState state = everywhere ? reader.all(namespace) : reader.namespace(namespace);
                Look look = look(everywhere ? "all namespaces" : "namespace " + namespace, state, reader.notes());
                if (!output.isText()) {
                    if (watch) {
                        output.jsonLine(document(look));
                    } else {
                        output.json(document(look));
                    }
                } else if (watch && output.isLive()) {
                    live.replace(text(look, output));
                } else {
                    text(look, output).forEach(output::line);
                }
                if (!watch) {
                    look.notes().forEach(note -> output.note("note: " + note));
                    return code(look).number();
                }
                try {
                    TimeUnit.SECONDS.sleep(LOOK_SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return ExitCode.OK.number();
                }
            }
        });
    }

    private static Look look(String scope, ClusterState state, List<String> notes) {
        Map<Boolean, List<ClusterStory>> stories = ClusterStory.all(state)
                .collect(Collectors.partitioningBy(story -> story.key().isServer()));
        return new Look(scope, stories.getOrDefault(true, List.of()), stories.getOrDefault(false, List.of()), notes);
    }

    private ExitCode code(Look look) {
        if (look.servers().stream().anyMatch(server -> server.verdict() != Verdict.YES)) {
            return ExitCode.ENVIRONMENT;
        }
        return failDown && look.others().stream().anyMatch(other -> other.verdict() != Verdict.YES)
                ? ExitCode.NO
                : ExitCode.OK;
    }

    private List<String> text(Look look, Output output) {
        List<String> lines = new ArrayList<>();
        Style style = output.style();
        int width = output.terminal().width();
        for (ClusterStory server : look.servers()) {
            lines.add(coloured(server, Columns.cut(server(server), width), style));
            if (server.verdict() != Verdict.YES && !server.why().isEmpty()) {
                lines.add(GAP + Visible.of(server.why()));
            }
        }
        if (look.servers().isEmpty() && look.others().isEmpty()) {
            lines.add("Nothing of Narthex's is declared in " + look.scope() + ".");
            return lines;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("RESOURCE", "STATE", "TARGETS", "WHY"));
        look.others().forEach(other -> rows.add(row(other)));
        int[] widths = IntStream.range(0, 3)
                .map(column -> rows.stream()
                        .mapToInt(row -> Columns.of(row.get(column)))
                        .max()
                        .orElse(0))
                .toArray();
        for (int i = 0; i < rows.size() && rows.size() > 1; i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(Columns.pad(rows.get(i).get(column), widths[column]))
                        .append(GAP);
            }
            String whole =
                    Columns.cut(line.append(rows.get(i).get(3)).toString().stripTrailing(), width);
            lines.add(i == 0 ? style.bold(whole) : coloured(look.others().get(i - 1), whole, style));
        }
        return lines;
    }

    private static String coloured(ClusterStory story, String line, Style style) {
        return switch (story.verdict()) {
            case YES -> line;
            case NO -> style.red(line);
            case UNKNOWN -> style.yellow(line);
        };
    }

    private static String server(ClusterStory server) {
        StringBuilder line =
                new StringBuilder(server.key().toString()).append(GAP).append(Visible.of(server.word()));
        var status = server.status();
        if (status.has("version")) {
            line.append(GAP)
                    .append("prometheus ")
                    .append(Visible.of(status.path("version").asText()));
        }
        if (status.has("configGeneration")) {
            line.append(GAP)
                    .append("generation ")
                    .append(Visible.of(status.path("configGeneration").asText()));
        }
        if (status.has("replicas")) {
            line.append(GAP)
                    .append(status.path("readyReplicas").asInt())
                    .append('/')
                    .append(Count.of(status.path("replicas").asInt(), "pod"))
                    .append(" ready");
        }
        if (status.has("jobs")) {
            line.append(GAP).append(Count.of(status.path("jobs").asInt(), "job"));
        }
        server.targets().ifPresent(targets -> line.append(", ").append(targets).append(" targets up"));
        if (status.path("alertmanagers").asInt(1) == 0) {
            line.append(", no Alertmanager discovered");
        }
        return line.toString();
    }

    private static List<String> row(ClusterStory other) {
        return List.of(
                other.key().kind().toLowerCase(Locale.ROOT) + "/" + other.key().namespace() + "/"
                        + other.key().name(),
                Visible.of(other.word()),
                other.targets().orElse(""),
                Visible.of(other.why()));
    }

    private static ObjectNode document(Look look) {
        ObjectNode document = Json.document("clusterStatus").put("scope", look.scope());
        ArrayNode resources = document.putArray("resources");
        for (List<ClusterStory> stories : List.of(look.servers(), look.others())) {
            for (ClusterStory story : stories) {
                ObjectNode node = resources.addObject();
                node.set("resource", Json.of(story.key()));
                node.put("ready", story.verdict() == Verdict.YES)
                        .put("state", story.word())
                        .put("why", story.why());
                node.set("status", story.status().isMissingNode() ? null : story.status());
            }
        }
        look.notes().forEach(document.putArray("notes")::add);
        return document;
    }
}
