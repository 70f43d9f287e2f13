package io.narthex.cli.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.check.Compiled;
import io.narthex.cli.check.Layouts;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.ResourceName;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.input.Visits;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.JobEntry;
import io.narthex.compiler.model.Origin;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.TargetQuery;
import io.narthex.reconcile.Intake;
import io.narthex.reconcile.local.RunningServer;
import io.narthex.reconcile.local.ServerChoice;
import io.narthex.status.JobStatus;
import io.narthex.status.ScrapeError;
import io.narthex.status.ServerStatus;
import io.narthex.status.StatusReader;
import io.narthex.status.TargetStatus;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells what became of one resource of a folder, and how its targets are where the folder is run. */
public final class ResourceStory implements ResourceExplanation {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    public ResourceStory(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    /** All there is to say; the jobs' status is empty where nothing runs. */
    private record Story(
            Declared<?> resource,
            Compilation compilation,
            List<JobEntry> jobs,
            List<Diagnostic> problems,
            Optional<ServerStatus> running) {}

    @Override
    public ExitCode print(Output output, String subject, String folder) {
        Input input = Input.read(terminal, clock, folder);
        ServerChoice.Chosen chosen = new ServerChoice(Optional.empty())
                .choose(Intake.inventoryOf(input.snapshot()), input.snapshot().diagnostics());
        Declared<?> resource = find(chosen.inventory(), subject);
        Path state = StateFolders.of(Input.path(folder));
        Optional<RunningServer> run = RunningServer.find(state);
        PrometheusVersion version = run.flatMap(server -> PrometheusVersion.parse(server.version()))
                .or(() -> Compiled.versionOf(chosen.inventory(), chosen.server()))
                .orElse(PrometheusVersion.NEWEST_KNOWN);
        Compilation compilation =
                compiler.get().compile(chosen.inventory(), chosen.server(), input.options(version, Layouts.in(state)));
        List<JobEntry> jobs = compilation.jobs(resource.key());
        Story story = new Story(
                resource,
                compilation,
                jobs,
                compilation.diagnostics(resource.key()),
                run.map(server ->
                        status(server, Visits.access(state, clock, output).endpoint(server.url()), compilation)));
        if (output.isText()) {
            text(story, output);
        } else {
            output.json(document(story));
        }
        return ExitCode.OK;
    }

    private static Declared<?> find(Inventory inventory, String subject) {
        ResourceName name = ResourceName.parse(subject);
        return inventory
                .resources()
                .values()
                .filter(resource -> name.means(resource.key()))
                .min((a, b) -> a.key().compareTo(b.key()))
                .orElseThrow(() -> Failure.no(
                        "there is no valid " + subject + " in the folder", "narthex lint says what is wrong with it"));
    }

    private ServerStatus status(RunningServer server, PrometheusEndpoint endpoint, Compilation compilation) {
        try (PrometheusClient client = new PrometheusClient(endpoint, ClientLimits.DEFAULT)) {
            return new StatusReader(client, server.url().toString(), clock)
                    .read(
                            Optional.empty(),
                            Optional.of(server.generation()),
                            // Of what isn't loaded, or not any more, nothing can be said.
                            compilation
                                    .bundle()
                                    .filter(bundle -> bundle.generation().equals(server.generation()))
                                    .map(Bundle::jobs),
                            TargetQuery.OVERVIEW);
        }
    }

    private static void text(Story story, Output output) {
        Declared<?> resource = story.resource();
        output.line(resource.key()
                + where(resource, FieldPath.ROOT).map(at -> "   " + at).orElse(""));
        output.line("  taken by   "
                + (story.compilation().selects(resource.key())
                        ? story.compilation().server().toString()
                        : resource.key().equals(story.compilation().server())
                                ? "itself"
                                : "nobody: " + story.compilation().server() + " doesn't select it"));
        for (JobEntry job : story.jobs()) {
            output.line("  job        " + Visible.of(job.name()) + "  ->  "
                    + (job.label().isEmpty() ? "job from the target" : "job=\"" + Visible.of(job.label()) + "\"")
                    + ", every " + job.interval().toMillis() / 1000.0 + " s");
            story.running().ifPresent(status -> targets(status, job, output));
            for (Origin origin : story.compilation().origins(job.name())) {
                output.line("  config     " + Visible.of(job.file() + ":" + origin.line() + "  " + origin.text())
                        + origin.resource()
                                .map(key -> "  <- " + origin.field() + " ("
                                        + (key.equals(resource.key())
                                                ? where(resource, origin.field())
                                                        .orElse(key.toString())
                                                : key.toString())
                                        + ")")
                                .orElse(""));
            }
        }
        for (Diagnostic problem : story.problems()) {
            output.line("  " + problem.severity().name().toLowerCase(Locale.ROOT) + "      "
                    + problem.code().id() + " " + Visible.of(problem.message()));
        }
    }

    private static Optional<JobStatus> statusOf(ServerStatus status, JobEntry job) {
        return status.jobs().stream()
                .filter(one -> one.name().equals(job.name()))
                .findFirst();
    }

    private static void targets(ServerStatus status, JobEntry job, Output output) {
        Optional<JobStatus> found = statusOf(status, job);
        if (found.isEmpty()) {
            output.line("  targets    not running in this version");
            return;
        }
        output.line("  targets    " + found.get().up() + " up, " + found.get().down() + " down"
                + (found.get().unknown() > 0 ? ", " + found.get().unknown() + " not scraped yet" : ""));
        found.get().problem().ifPresent(problem -> hint(problem, output));
        for (TargetStatus target : found.get().targets()) {
            target.error().ifPresent(error -> {
                output.line("    down     " + Visible.of(target.instance()) + "  " + Visible.of(error.brief()));
                hint(error, output);
            });
        }
    }

    private static void hint(ScrapeError error, Output output) {
        output.line("             " + Visible.of(error.hint()) + "; see narthex explain "
                + error.code().id());
    }

    private static Optional<String> where(Declared<?> resource, FieldPath field) {
        return resource.source().locate(field).map((Position at) -> Visible.of(at.file()) + ":" + at.line());
    }

    private static ObjectNode document(Story story) {
        ObjectNode document = Json.document("explanation");
        document.set("resource", Json.of(story.resource().key()));
        document.put("selected", story.compilation().selects(story.resource().key()));
        document.set("server", Json.of(story.compilation().server()));
        ArrayNode jobs = document.putArray("jobs");
        for (JobEntry job : story.jobs()) {
            ObjectNode node = jobs.addObject()
                    .put("name", job.name())
                    .put("job", job.label())
                    .put("file", job.file())
                    .put("intervalSeconds", job.interval().toMillis() / 1000.0);
            story.running()
                    .flatMap(status -> statusOf(status, job))
                    .ifPresent(status -> node.put("up", status.up())
                            .put("down", status.down())
                            .put("unknown", status.unknown()));
            ArrayNode origins = node.putArray("config");
            for (Origin origin : story.compilation().origins(job.name())) {
                ObjectNode line = origins.addObject().put("line", origin.line()).put("text", origin.text());
                origin.resource()
                        .ifPresent(key -> line.put("field", origin.field().toString()));
            }
        }
        Json.putDiagnostics(document, story.problems());
        return document;
    }
}
