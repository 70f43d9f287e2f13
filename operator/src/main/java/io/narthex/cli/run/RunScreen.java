package io.narthex.cli.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.print.AlertmanagerLine;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.FileLines;
import io.narthex.cli.print.JobTable;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.LiveLines;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.Version;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.model.Severity;
import io.narthex.process.PrometheusProgram;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import io.narthex.status.JobStatus;
import io.narthex.status.ServerStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What {@code narthex run} prints: lines of what happens, and below them on a terminal a table of jobs that is drawn
 * anew; lines alone elsewhere; a document a line with {@code -o json}.
 */
public final class RunScreen {

    /** The events of the stream that {@code -o json} prints. */
    public static final Set<String> EVENTS = Set.of(
            "started", "ready", "loaded", "diagnostic", "diagnostics", "refused", "state", "targets", "stopping");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /** Stands among the names of jobs, of which none is empty. */
    private static final String ALERTMANAGERS = "";

    private final Output output;
    private final Clock clock;
    private final Path root;
    private final boolean live;

    // Guarded by this.
    private final LiveLines table;
    private Map<String, String> told = Map.of();

    public RunScreen(Output output, Clock clock, Path root) {
        this.output = output;
        this.clock = clock;
        this.root = root;
        this.live = output.isLive() && !output.quiet();
        this.table = new LiveLines(output.terminal());
    }

    /** Returns the URL by which this machine reaches a server. */
    String url(ServerAddress address) {
        return PrometheusEndpoint.local(address, Trust.defaults(), Credentials.none())
                .base()
                .toString();
    }

    synchronized void header(PrometheusProgram program, Path state) {
        if (output.isText()) {
            output.aside("narthex " + Version.text() + "  prometheus " + program.versionText() + " (" + program.path()
                    + ")  state " + shown(state));
        } else {
            emit(event("started")
                    .put("narthex", Version.text())
                    .put("prometheus", program.versionText())
                    .put("program", program.path().toString())
                    .put("state", state.toString()));
        }
    }

    private static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) && !path.equals(here)
                ? here.relativize(path).toString()
                : path.toString();
    }

    /** Says that nothing can run, and why. */
    synchronized void refused(List<Diagnostic> diagnostics) {
        if (output.isText()) {
            diagnostics(diagnostics);
            long errors = diagnostics.stream()
                    .filter(diagnostic -> diagnostic.severity() == Severity.ERROR)
                    .count();
            output.note("nothing was started: " + Count.of(errors, "error"));
        } else {
            ObjectNode document = event("refused");
            Json.putDiagnostics(document, diagnostics);
            emit(document);
        }
    }

    /** Shows diagnostics in full, on standard error. */
    synchronized void diagnostics(List<Diagnostic> diagnostics) {
        if (output.isText()) {
            var text = output.diagnostics(new FileLines(Optional.empty()));
            table.above(() ->
                    diagnostics.forEach(diagnostic -> output.terminal().err().print(text.block(diagnostic))));
        } else if (!diagnostics.isEmpty()) {
            ObjectNode document = event("diagnostics");
            Json.putDiagnostics(document, diagnostics);
            emit(document);
        }
    }

    synchronized void ready(String url, int jobs, String generation, Duration after) {
        if (output.isText()) {
            say("ready  " + url + "  " + Count.of(jobs, "job") + ", generation " + generation + "  ("
                    + seconds(after, 1) + ")");
        } else {
            emit(event("ready")
                    .put("url", url)
                    .put("jobs", jobs)
                    .put("generation", generation)
                    .put("seconds", after.toMillis() / 1000.0));
        }
    }

    /** Says that a change runs. */
    public synchronized void loaded(String what, String how, String generation, Duration after) {
        if (output.isText()) {
            say(now() + " " + what + " -> " + how + ", verified in " + seconds(after, 2));
        } else {
            emit(event("loaded")
                    .put("change", what)
                    .put("how", how)
                    .put("generation", generation)
                    .put("seconds", after.toMillis() / 1000.0));
        }
    }

    /** Says that something in a changed file is refused. */
    synchronized void refusedChange(Diagnostic diagnostic, Optional<String> running) {
        if (output.isText()) {
            String where = diagnostic
                    .position()
                    .map(position -> file(position.file()) + ":" + position.line())
                    .orElse(diagnostic.resource().map(Object::toString).orElse(""));
            say(now() + " " + where + " " + diagnostic.code().id() + " "
                    + Visible.of(diagnostic.message())
                    + (diagnostic.severity() == Severity.ERROR
                            ? "; refused"
                                    + running.map(is -> ", still running generation " + is)
                                            .orElse("")
                            : ""));
        } else {
            ObjectNode document = event("diagnostic");
            document.set("diagnostic", Json.of(diagnostic));
            running.ifPresent(is -> document.put("running", is));
            emit(document);
        }
    }

    /** Returns a file's path as users of the folder call it. */
    String file(String path) {
        Path file = Path.of(path);
        Path base = root.normalize();
        return file.startsWith(base) && !file.equals(base)
                ? base.relativize(file).toString()
                : path;
    }

    /** Says where the rollout stands, where that is worth a line. */
    synchronized void state(String words, String reason) {
        if (output.isText()) {
            say(now() + " " + words);
        } else {
            emit(event("state").put("reason", reason).put("text", words));
        }
    }

    /**
     * Shows how the targets are, and whether Alertmanagers are discovered.
     *
     * @param declared how many entries of Alertmanagers are declared
     */
    synchronized void table(ServerStatus status, int declared) {
        OptionalInt alertmanagers = OptionalInt.of(declared);
        if (live) {
            table.replace(lines(status, alertmanagers));
            return;
        }
        Map<String, String> now = new TreeMap<>();
        for (JobStatus job : status.jobs()) {
            String error = JobTable.error(job);
            now.put(
                    job.name(),
                    job.title() + " " + job.up() + "/" + job.total() + " up" + (error.isEmpty() ? "" : ": " + error));
        }
        // Until it is known after a load, what was known before is nothing to tell anew.
        String line = status.alertmanagers().isPresent()
                ? AlertmanagerLine.of(status, alertmanagers).orElse("")
                : told.getOrDefault(ALERTMANAGERS, "");
        if (!line.isEmpty()) {
            now.put(ALERTMANAGERS, line);
        }
        if (now.equals(told)) {
            return;
        }
        if (output.isText()) {
            now.forEach((job, words) -> {
                if (!words.equals(told.get(job))) {
                    say(now() + " " + Visible.of(words));
                }
            });
        } else {
            ObjectNode document = event("targets").put("up", status.up()).put("targets", status.targets());
            ArrayNode jobs = document.putArray("jobs");
            for (JobStatus job : status.jobs()) {
                jobs.addObject()
                        .put("name", job.name())
                        .put("job", job.title())
                        .put("up", job.up())
                        .put("targets", job.total())
                        .put("lastError", JobTable.error(job));
            }
            AlertmanagerLine.put(status, alertmanagers, document);
            emit(document);
        }
        told = now;
    }

    /** Prints the table as the result of {@code --once}, where it doesn't stand there already. */
    synchronized void result(ServerStatus status, int declared) {
        if (output.isText() && !live) {
            lines(status, OptionalInt.of(declared)).forEach(output::line);
        }
    }

    private List<String> lines(ServerStatus status, OptionalInt alertmanagers) {
        return Stream.concat(
                        JobTable.lines(status, output.style(), output.terminal().width()).stream(),
                        AlertmanagerLine.of(status, alertmanagers).stream())
                .toList();
    }

    synchronized void stopping() {
        table.clear();
        if (output.isText()) {
            output.note("stopping Prometheus");
        } else {
            emit(event("stopping"));
        }
    }

    private void say(String line) {
        if (output.quiet()) {
            return;
        }
        table.above(() -> output.line(line));
        output.terminal().out().flush();
    }

    private ObjectNode event(String name) {
        if (!EVENTS.contains(name)) {
            throw new IllegalArgumentException(name);
        }
        return Json.document("run").put("event", name).put("at", clock.instant().toString());
    }

    private void emit(ObjectNode document) {
        output.jsonLine(document);
    }

    private String now() {
        return TIME.format(clock.instant().atZone(ZoneId.systemDefault()));
    }

    private static String seconds(Duration duration, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f s", duration.toNanos() / 1e9);
    }
}
