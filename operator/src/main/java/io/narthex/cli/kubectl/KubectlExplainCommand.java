package io.narthex.cli.kubectl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.cli.explain.Manual;
import io.narthex.cli.input.ResourceName;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.TextWrap;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.source.kubernetes.ClusterReader;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubectl narthex explain}. */
@Command(
        name = "explain",
        description = "Tell what became of a resource, server by server; or explain a code, a kind or a field.",
        footer = {
            "%nExamples:",
            "  kubectl narthex explain monitor/server -n shop",
            "  kubectl narthex explain prometheusserver/main -n monitoring",
            "  kubectl narthex explain NX1204"
        })
public final class KubectlExplainCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(
            paramLabel = "SUBJECT",
            description = "A resource (monitor/server), a code (NX1204), a kind or field (monitor.endpoints.interval).")
    private String subject;

    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public KubectlExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Output output = options.on(terminal);
        if (Manual.hasPageOf(subject)) {
            Manual.print(output, subject);
            return ExitCode.OK.number();
        }
        ClusterStory story = cluster.ask((client, namespace) -> {
            ResourceName name = ResourceName.parse(subject);
            String where = name.namespace().orElse(namespace);
            return ClusterStory.all(new ClusterReader(client).namespace(where))
                    .filter(found -> name.means(found.key()))
                    .findFirst()
                    .orElseThrow(() -> Failure.no(
                            "there is no " + subject + " in the namespace " + where,
                            "kubectl narthex status -n " + where + " lists what there is"));
        });
        if (output.isText()) {
            print(story, output);
        } else {
            output.json(document(story));
        }
        return ExitCode.OK.number();
    }

    private static void print(ClusterStory story, Output output) {
        output.line(output.style().bold(story.key().toString()) + "   version "
                + story.object().generation()
                + (story.isBehind()
                        ? ", of which its operator has seen "
                                + story.status().path("observedGeneration").asLong()
                        : ""));
        if (story.isUntold()) {
            output.line("  " + story.why());
            return;
        }
        JsonNode status = story.status();
        conditions(status, "  ", output);
        if (story.key().isServer()) {
            numbers(status, output);
            return;
        }
        for (JsonNode server : status.path("servers")) {
            output.line("  in "
                    + Visible.of("PrometheusServer " + server.path("namespace").asText() + "/"
                            + server.path("name").asText()));
            conditions(server, "    ", output);
            for (JsonNode job : server.path("jobs")) {
                output.line("    job         " + Visible.of(job.path("job").asText()) + "  "
                        + (job.has("targets")
                                ? job.path("targets").path("up").asInt() + "/"
                                        + Count.of(
                                                job.path("targets")
                                                        .path("total")
                                                        .asInt(),
                                                "target") + " up"
                                : "targets not looked at yet"));
                if (job.has("lastError")) {
                    output.line("                "
                            + Visible.of(job.path("lastError").asText()));
                }
            }
            if (server.has("rules")) {
                output.line("    rules       " + Count.of(server.path("groups").asInt(), "group") + ", "
                        + Count.of(server.path("rules").asInt(), "rule"));
            }
            if (server.has("lastError")) {
                output.line(
                        "                " + Visible.of(server.path("lastError").asText()));
            }
        }
    }

    private static void numbers(JsonNode status, Output output) {
        output.line("  takes           " + Count.of(status.path("monitors").asInt(), ApiKinds.MONITOR) + ", "
                + Count.of(status.path("ruleSets").asInt(), ApiKinds.RULE_SET) + " of "
                + (status.path("seesAllNamespaces").asBoolean()
                        ? "all namespaces"
                        : "its own namespace and of those that agree")
                + ", as far as it selects them");
        output.line("  runs            "
                + (status.has("version")
                        ? "prometheus " + Visible.of(status.path("version").asText()) + ", "
                        : "")
                + status.path("readyReplicas").asInt() + "/"
                + Count.of(status.path("replicas").asInt(), "pod") + " ready"
                + (status.has("configGeneration")
                        ? ", generation "
                                + Visible.of(status.path("configGeneration").asText())
                        : ""));
        if (status.has("targets")) {
            output.line("  scrapes         " + Count.of(status.path("jobs").asInt(), "job") + ", "
                    + status.path("targets").path("up").asInt() + "/"
                    + Count.of(status.path("targets").path("total").asInt(), "target") + " up");
        }
        if (status.has("alertmanagers")) {
            output.line("  alerts          "
                    + Count.of(status.path("alertmanagers").asInt(), "Alertmanager") + " discovered");
        }
    }

    private static void conditions(JsonNode holder, String indent, Output output) {
        for (JsonNode condition : holder.path("conditions")) {
            String type = condition.path("type").asText();
            ClusterStory.Verdict verdict = ClusterStory.verdict(condition);
            String message = condition.path("message").asText("");
            String reason = condition.path("reason").asText();
            String says = switch (verdict) {
                case YES -> "yes";
                case NO -> "no, " + reason;
                case UNKNOWN -> "not known, " + reason;
            };
            String line = indent
                    + String.format(Locale.ROOT, "%-15s ", type)
                    + says
                    + (condition.has("lastTransitionTime")
                            ? " since " + condition.path("lastTransitionTime").asText()
                            : "");
            // That nothing progresses is no bad news.
            boolean bad = verdict == ClusterStory.Verdict.NO && !type.equals("Progressing");
            output.line(bad ? output.style().red(Visible.of(line)) : Visible.of(line));
            if (!message.isEmpty()) {
                int width = Math.max(40, output.terminal().width() - indent.length() - 2);
                TextWrap.lines(message, width).forEach(words -> output.line(indent + "  " + Visible.of(words)));
            }
        }
    }

    private static ObjectNode document(ClusterStory story) {
        ObjectNode document = Json.document("clusterResource");
        document.set("resource", Json.of(story.key()));
        document.put("state", story.word())
                .put("why", story.why())
                .put("generation", story.object().generation());
        document.set("status", story.status().isMissingNode() ? null : story.status());
        return document;
    }
}
