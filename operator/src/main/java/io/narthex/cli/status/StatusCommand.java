package io.narthex.cli.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.input.DockerOptions;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.input.Visits;
import io.narthex.cli.page.OperatorClient;
import io.narthex.cli.print.AlertmanagerLine;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.JobTable;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.LiveLines;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.TargetQuery;
import io.narthex.reconcile.local.RunningServer;
import io.narthex.status.JobStatus;
import io.narthex.status.RuleProblem;
import io.narthex.status.ScrapeError;
import io.narthex.status.ServerPhase;
import io.narthex.status.ServerStatus;
import io.narthex.status.StatusReader;
import io.narthex.status.TargetStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex status}. */
@Command(
        name = "status",
        description = {
            "Say job by job how the targets are: of the run in a folder, of any Prometheus,"
                    + " or of the servers of the operator on Docker in whose container this is.",
            "Ends with 3 where the server doesn't serve, or what the operator is to run doesn't run; with 1 under --fail-down where a target is down."
        })
public final class StatusCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Terminal terminal;
    private final InstantSource clock;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The folder that narthex run runs. Default: the working directory.")
    private String folder;

    @Option(names = "--state", paramLabel = "DIR", description = "The run's state folder. Default: .narthex in DIR.")
    private @Nullable String state;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Ask the Prometheus there, such as http://127.0.0.1:9090.")
    private @Nullable String url;

    @Option(
            names = "--operator",
            paramLabel = "URL",
            description =
                    "Ask the operator of a Swarm, or beside docker compose, there. Default: http://127.0.0.1:9480,"
                            + " where neither --url nor a run in DIR is at hand.")
    private @Nullable String operator;

    @Mixin
    private LoginOptions login;

    @Option(names = "--watch", description = "Go on until Ctrl-C, every two seconds.")
    private boolean watch;

    @Option(names = "--fail-down", description = "End with 1 where a target is down.")
    private boolean failDown;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public StatusCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        if (url == null && login.given()) {
            throw Failure.usage(
                    "--user, --password-file, --token-file and --ca-file are for --url",
                    "leave them out: narthex comes to its own run without");
        }
        Path stateFolder = (state == null ? StateFolders.of(Input.path(folder)) : Input.path(state))
                .toAbsolutePath()
                .normalize();
        Optional<RunningServer> run = url == null ? RunningServer.find(stateFolder) : Optional.empty();
        OptionalInt alertmanagers =
                run.map(server -> OptionalInt.of(server.alertmanagers())).orElse(OptionalInt.empty());
        if (run.isEmpty() && url == null) {
            return operatorStatus(stateFolder, output).number();
        }
        PrometheusEndpoint endpoint = run.map(
                        server -> Visits.access(stateFolder, clock, output).endpoint(server.url()))
                .orElseGet(() -> login.endpoint(terminal, String.valueOf(url)));
        try (PrometheusClient client = new PrometheusClient(endpoint, ClientLimits.DEFAULT)) {
            StatusReader reader = new StatusReader(client, endpoint.base().toString(), clock);
            LiveLines live = new LiveLines(terminal);
            while (true) {
                ServerStatus status = reader.readAll(
                        run.map(RunningServer::generation),
                        run.map(RunningServer::jobs).orElse(List.of()),
                        TargetQuery.OVERVIEW);
                if (!output.isText()) {
                    ObjectNode document = document(status, alertmanagers);
                    if (watch) {
                        output.jsonLine(document);
                    } else {
                        output.json(document);
                    }
                } else {
                    List<String> lines = text(status, alertmanagers, output);
                    if (watch && output.isLive()) {
                        live.replace(lines);
                    } else {
                        lines.forEach(output::line);
                    }
                }
                if (!watch) {
                    return code(status).number();
                }
                terminal.out().flush();
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            }
        }
    }

    private ExitCode code(ServerStatus status) {
        if (status.phase() != ServerPhase.READY) {
            return ExitCode.ENVIRONMENT;
        }
        return failDown && status.down() > 0 ? ExitCode.NO : ExitCode.OK;
    }

    private ExitCode operatorStatus(Path stateFolder, Output output) throws InterruptedException {
        OperatorStatus there = new OperatorStatus(
                operator == null ? OperatorClient.HERE : operator, new DockerOptions().host(terminal), clock);
        while (true) {
            Optional<OperatorStatus.Report> report = there.ask();
            if (report.isEmpty() && operator != null) {
                throw Failure.environment(
                        "no operator of a Swarm answers at " + operator, "name it as --operator http://HOST:9480");
            }
            if (report.isEmpty()) {
                throw Failure.environment(
                        "no narthex run is found in " + stateFolder,
                        "start one with: narthex run " + folder + ", or name a Prometheus by --url");
            }
            ExitCode code = report.get().print(output, failDown);
            if (!watch) {
                return code;
            }
            terminal.out().flush();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
        }
    }

    private List<String> text(ServerStatus status, OptionalInt alertmanagers, Output output) {
        List<String> lines = lines(status, alertmanagers, output);
        if (status.phase() == ServerPhase.REFUSED && url != null && !login.hasCredentials()) {
            lines.add("  where it lets in known users only, name one by --user and --password-file");
        }
        return lines;
    }

    /**
     * Returns what is said of a server.
     *
     * @param alertmanagers how many entries of Alertmanagers are declared; empty where that isn't known
     */
    static List<String> lines(ServerStatus status, OptionalInt alertmanagers, Output output) {
        List<String> lines = new ArrayList<>();
        StringBuilder head =
                new StringBuilder(status.phase().words()).append("  ").append(status.url());
        status.version().ifPresent(version -> head.append("  prometheus ").append(Visible.of(version)));
        status.generation().ifPresent(generation -> head.append("  generation ").append(generation));
        status.replayPercent()
                .ifPresent(percent -> head.append("  ").append(percent).append("% replayed"));
        head.append("  ")
                .append(Count.of(status.jobs().size(), "job"))
                .append(", ")
                .append(status.up())
                .append('/')
                .append(Count.of(status.targets(), "target"))
                .append(" up");
        lines.add(head.toString());
        if (!status.reason().isEmpty()) {
            lines.add("  " + Visible.of(status.reason()));
        }
        if (!status.jobs().isEmpty()) {
            lines.addAll(
                    JobTable.lines(status, output.style(), output.terminal().width()));
        }
        if (!status.configLoaded().orElse(true)) {
            lines.add("the last load of the configuration failed");
        }
        AlertmanagerLine.of(status, alertmanagers).ifPresent(lines::add);
        for (RuleProblem problem : status.ruleProblems()) {
            lines.add(Visible.of("rule " + problem.group() + "/" + problem.rule() + ": " + problem.error()));
        }
        status.gaps().forEach(gap -> lines.add(Visible.of("not known: " + gap)));
        return lines;
    }

    static ObjectNode document(ServerStatus status, OptionalInt declared) {
        ObjectNode document = Json.document("status")
                .put("at", status.at().toString())
                .put("url", status.url())
                .put("phase", status.phase().name().toLowerCase(Locale.ROOT))
                .put("reason", status.reason())
                .put("up", status.up())
                .put("down", status.down())
                .put("targets", status.targets())
                .put("ruleGroups", status.ruleGroups());
        status.version().ifPresent(version -> document.put("version", version));
        status.generation().ifPresent(generation -> document.put("generation", generation));
        status.configLoaded().ifPresent(loaded -> document.put("configLoaded", loaded));
        ArrayNode jobs = document.putArray("jobs");
        for (JobStatus job : status.jobs()) {
            ObjectNode node = jobs.addObject()
                    .put("name", job.name())
                    .put("job", job.label())
                    .put("up", job.up())
                    .put("down", job.down())
                    .put("unknown", job.unknown());
            ArrayNode targets = node.putArray("unhealthy");
            for (TargetStatus target : job.targets()) {
                target.error()
                        .ifPresent(error -> put(
                                error,
                                targets.addObject()
                                        .put("instance", target.instance())
                                        .put("url", target.url())));
            }
            job.problem().ifPresent(problem -> put(problem, node.putObject("problem")));
        }
        ArrayNode rules = document.putArray("ruleProblems");
        for (RuleProblem problem : status.ruleProblems()) {
            rules.addObject()
                    .put("group", problem.group())
                    .put("rule", problem.rule())
                    .put("error", problem.error());
        }
        AlertmanagerLine.put(status, declared, document);
        status.gaps().forEach(document.putArray("gaps")::add);
        return document;
    }

    private static void put(ScrapeError error, ObjectNode node) {
        node.put("code", error.code().id())
                .put("error", error.brief())
                .put("hint", error.hint())
                .put("raw", error.raw());
    }
}
