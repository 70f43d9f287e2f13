package io.narthex.cli.check;

import io.narthex.cli.input.Urls;
import io.narthex.cli.print.Count;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.Failure;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Expression;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.process.Outcome;
import io.narthex.process.ProgramLookup;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.Promtool;
import io.narthex.prometheus.Answer;
import io.narthex.prometheus.BuildInfo;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.reconcile.QueryKnowledge;
import io.narthex.reconcile.QueryParser;
import io.narthex.reconcile.ServerParser;
import io.narthex.reconcile.local.PromtoolParser;
import io.narthex.reconcile.local.RunningServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Checks PromQL for a look at a folder: by a running Prometheus, else by a promtool. Looks for one when the first
 * expression comes, and remembers what nobody could say.
 */
public final class LintParser {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Who parses. */
    private record Found(String name, PrometheusVersion version, QueryParser parser) {}

    private final Map<String, String> environment;
    private final InstantSource clock;
    private final Optional<String> url;
    private final Optional<String> program;
    private final Optional<Path> stateFolder;
    private final BiFunction<Path, RunningServer, PrometheusEndpoint> way;

    private @Nullable Found found;
    private boolean searched;
    private String unavailable = "";
    private final Set<String> unknown = new TreeSet<>();

    /**
     * Makes one that hasn't looked for anything yet.
     *
     * @param environment the environment's variables
     * @param clock tells the time
     * @param url the running Prometheus that the user names
     * @param program the program that the user names
     * @param stateFolder the state folder of a run on the input; empty where there can be none
     * @param way says how to come to the Prometheus of the run on a state folder
     */
    public LintParser(
            Map<String, String> environment,
            InstantSource clock,
            Optional<String> url,
            Optional<String> program,
            Optional<Path> stateFolder,
            BiFunction<Path, RunningServer, PrometheusEndpoint> way) {
        this.environment = environment;
        this.clock = clock;
        this.url = url;
        this.program = program;
        this.stateFolder = stateFolder;
        this.way = way;
    }

    /** Makes one that knows of no run, such as for resources of a cluster. */
    public static LintParser withoutRun(
            Map<String, String> environment, InstantSource clock, Optional<String> url, Optional<String> program) {
        return new LintParser(environment, clock, url, program, Optional.empty(), (folder, run) -> {
            throw new IllegalStateException("there is no run");
        });
    }

    /**
     * Compiles, with the expressions checked as far as somebody is at hand who can.
     *
     * @param named whether the user names the release to compile for; else it is that of whoever parses
     * @throws Failure where what the user names for it can't be used
     */
    public Compilation compile(
            Compiler compiler, Inventory inventory, ResourceKey server, CompileOptions options, boolean named) {
        Set<ResourceKey> ruleSets = new LinkedHashSet<>();
        inventory.ruleSets().forEach(ruleSet -> ruleSets.add(ruleSet.key()));
        Map<String, QueryVerdict> known = new HashMap<>();
        QueryParser parser = (texts, trees, wanted) -> {
            Found who = find();
            if (who != null) {
                known.putAll(who.parser()
                        .parse(
                                texts,
                                trees,
                                named
                                        ? wanted
                                        : new QueryParser.Server(who.version(), wanted.features(), Optional.empty())));
            }
            return known;
        };
        Compilation compilation = new QueryKnowledge(parser, clock)
                .compile(compiler, inventory, server, options, ruleSets, Optional.empty());
        for (Expression expression : compilation.expressions()) {
            QueryVerdict verdict = known.get(expression.text());
            if (verdict == null || verdict instanceof QueryVerdict.Unanswered) {
                unknown.add(expression.text());
            }
        }
        return compilation;
    }

    /** Returns who was asked; empty where nobody was, or there was nothing to ask. */
    public String name() {
        return found == null ? "" : found.name();
    }

    /** Returns what the user should know: that some expressions aren't checked, and why. */
    public Optional<String> note() {
        if (unknown.isEmpty()) {
            return Optional.empty();
        }
        String why = found == null
                ? unavailable + "; name a Prometheus with a promtool beside it by --prometheus, or one that runs by"
                        + " --url"
                : found.name() + " can't speak for the release or the features asked for, or didn't answer";
        return Optional.of(
                "the PromQL of " + Count.of(unknown.size(), "expression") + " isn't checked: " + Visible.of(why));
    }

    private @Nullable Found find() throws InterruptedException {
        if (!searched) {
            searched = true;
            found = url.isPresent() ? named(url.get()) : byRun().orElse(null);
            if (found == null) {
                found = promtool();
            }
        }
        return found;
    }

    private Found named(String text) {
        return switch (running(Urls.prometheus(text))) {
            case Answer.Ok<Found>(Found running) -> running;
            case Answer.Failure<Found> failure ->
                throw Failure.environment(
                        "the Prometheus at " + text + " can't be asked: " + failure.reason(),
                        "start it, or leave --url out");
        };
    }

    private Optional<Found> byRun() {
        return program.isPresent()
                ? Optional.empty()
                : stateFolder.flatMap(folder -> RunningServer.find(folder)
                        .flatMap(run -> running(way.apply(folder, run)).toOptional()));
    }

    private Answer<Found> running(PrometheusEndpoint endpoint) {
        try (PrometheusClient client = new PrometheusClient(endpoint, ServerParser.LIMITS)) {
            return client.buildInfo().map(build -> found(endpoint, build));
        }
    }

    private Found found(PrometheusEndpoint endpoint, BuildInfo build) {
        ServerParser parser = new ServerParser(endpoint, LIMIT, clock);
        return new Found("Prometheus " + build.text() + " at " + endpoint.base(), build.version(), parser);
    }

    private @Nullable Found promtool() throws InterruptedException {
        switch (new ProgramLookup(environment).find(program)) {
            case Outcome.Failed<PrometheusProgram>(Diagnostic problem) -> {
                if (program.isPresent()) {
                    throw Failure.environment(problem.code().id() + ": " + problem.message(), problem.remedy());
                }
                unavailable = problem.message();
            }
            case Outcome.Done<PrometheusProgram>(PrometheusProgram at) -> {
                Optional<Promtool> beside = Promtool.beside(at);
                if (beside.isPresent()) {
                    return new Found(
                            "promtool " + at.versionText(), at.version(), new PromtoolParser(beside.get(), LIMIT));
                }
                unavailable = "there is no promtool beside " + at.path();
            }
        }
        return null;
    }
}
