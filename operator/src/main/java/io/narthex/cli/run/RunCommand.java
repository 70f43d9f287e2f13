package io.narthex.cli.run;

import io.narthex.access.IdentityFile;
import io.narthex.access.LocalAccess;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.Platforms;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.config.value.Checked;
import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.compiler.yaml.ResourceReader;
import io.narthex.process.Outcome;
import io.narthex.process.PortCheck;
import io.narthex.process.ProgramLookup;
import io.narthex.process.PrometheusProgram;
import io.narthex.process.Promtool;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.TargetQuery;
import io.narthex.reconcile.QueryParser;
import io.narthex.reconcile.ServerParser;
import io.narthex.reconcile.local.LocalOperator;
import io.narthex.reconcile.local.Pipeline;
import io.narthex.reconcile.local.PromtoolParser;
import io.narthex.reconcile.local.RunningServer;
import io.narthex.reconcile.local.ServerChoice;
import io.narthex.rollout.MonotonicClock;
import io.narthex.rollout.Pace;
import io.narthex.rollout.process.Rollout;
import io.narthex.source.directory.FolderSnapshot;
import io.narthex.source.directory.FolderSource;
import io.narthex.source.directory.FolderWatcher;
import io.narthex.status.ServerStatus;
import io.narthex.status.StatusReader;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex run}. */
@Command(
        name = "run",
        description = {
            "Run the Prometheus that a folder declares, until Ctrl-C.",
            "Every change is compiled, applied and verified; what is refused leaves the last good configuration running.",
            "The table of jobs ends with how many Alertmanagers Prometheus has discovered, where some are declared."
        })
public final class RunCommand implements Callable<Integer> {

    /** How often the targets are looked at while nothing changes. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** How long another run's Prometheus gets to close its database. */
    private static final Duration ORPHAN_LIMIT = Duration.ofMinutes(5);

    /** How long the running Prometheus may take to parse what changed, and promtool. */
    private static final Duration PARSER_LIMIT = Duration.ofSeconds(2);

    private static final Duration PROMTOOL_LIMIT = Duration.ofSeconds(5);

    private final Terminal terminal;
    private final Clock clock;
    /** For all that waits. */
    private final InstantSource timer;

    private final Supplier<Compiler> compiler;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE",
            defaultValue = ".",
            description = "What to run. Default: the working directory.")
    private String where;

    @Option(
            names = "--once",
            description = "End once everything is verified, with 1 where it isn't; stop Prometheus then.")
    private boolean once;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description =
                    "With --once: wait so long for every target to be up, such as 60s; end with 1 where one isn't.")
    private @Nullable String wait;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            description = "Where Prometheus listens, in place of what the PrometheusServer says.")
    private @Nullable String listen;

    @Option(names = "--state", paramLabel = "DIR", description = "The state folder. Default: .narthex in DIR.")
    private @Nullable String state;

    @Option(
            names = "--prometheus",
            paramLabel = "FILE",
            description = "The program. Default: $PROMETHEUS, else in $PATH.")
    private @Nullable String prometheus;

    @Option(
            names = "--server",
            paramLabel = "NAME",
            description = "The PrometheusServer meant, where the input declares several.")
    private @Nullable String server;

    @Option(names = "--allow-data-loss", description = "Let a change delete samples, such as a shorter retention.")
    private boolean allowDataLoss;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public RunCommand(Terminal terminal, Clock clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.timer = MonotonicClock.startingAt(clock.instant());
        this.compiler = compiler;
    }

    @Override
    public Integer call() throws InterruptedException {
        Platforms.require("run");
        Output output = options.on(terminal);
        Instant begun = timer.instant();
        Optional<Duration> patience = Optional.ofNullable(wait).map(RunCommand::duration);
        Optional<CompileOptions.Listen> address = Optional.ofNullable(listen).map(RunCommand::address);
        Path root = Input.path(where);
        Path stateFolder = (state == null ? StateFolders.of(root) : Input.path(state))
                .toAbsolutePath()
                .normalize();
        PrometheusProgram program =
                demand(new ProgramLookup(terminal.environment()).find(Optional.ofNullable(prometheus)));
        RunScreen screen = new RunScreen(output, clock, root);

        FolderSource source = new FolderSource(root, new ResourceReader(), clock);
        FolderSnapshot first = source.read();
        Input.demandPresent(where, first);
        // Whether anything can run is known before anything is touched.
        CompileOptions compile = compileOptions(program, stateFolder, address);
        Pipeline.Step plan = pipeline(compile, QueryParser.NONE).take(first);
        Optional<Bundle> planned = plan.compilation().bundle();
        if (planned.isEmpty()) {
            screen.refused(plan.diagnostics());
            return ExitCode.NO.number();
        }
        try (StateFolder folder = demand(StateFolder.open(stateFolder))) {
            Supervisor supervisor = new Supervisor(
                    folder, terminal.environment(), RestartPace.DEFAULT, RandomGenerator.getDefault(), timer);
            demand(supervisor.settle(ORPHAN_LIMIT)).ifPresent(note -> output.note("note: " + note.message()));
            ServerAddress listening = planned.get().address();
            Optional<Diagnostic> inTheWay = PortCheck.problem(listening.host(), listening.port());
            if (inTheWay.isPresent()) {
                throw Failure.environment(
                        inTheWay.get().message(), inTheWay.get().remedy());
            }
            IdentityFile.Obtained obtained = new IdentityFile(folder.root(), new SecureRandom(), clock).obtain();
            obtained.note().ifPresent(note -> screen.diagnostics(List.of(note)));
            screen.header(program, stateFolder);
            LocalAccess access = new LocalAccess(folder.root(), Optional.of(obtained.identity()));
            Pipeline pipeline = pipeline(
                    compileOptions(program, folder.root(), address)
                            .withOperator(obtained.identity().known()),
                    parser(program, access));
            return operate(folder, supervisor, program, pipeline, access, source, screen, begun, patience);
        } catch (IOException e) {
            throw Failure.environment("the state folder " + stateFolder + " can't be used: " + e.getMessage(), "");
        }
    }

    /** The running Prometheus knows best what it takes; before it runs, the promtool beside it does. */
    private QueryParser parser(PrometheusProgram program, LocalAccess access) {
        QueryParser promtool = Promtool.beside(program)
                .<QueryParser>map(found -> new PromtoolParser(found, PROMTOOL_LIMIT))
                .orElse(QueryParser.NONE);
        return new ServerParser(at -> client(access, at, ServerParser.LIMITS), PARSER_LIMIT, timer).or(promtool);
    }

    private Pipeline pipeline(CompileOptions compile, QueryParser parser) {
        return new Pipeline(compiler.get(), new ServerChoice(Optional.ofNullable(server)), compile, parser, timer);
    }

    private CompileOptions compileOptions(
            PrometheusProgram program, Path folder, Optional<CompileOptions.Listen> address) {
        Layout layout = new Layout(
                folder.resolve("config").toString(), folder.resolve("data").toString());
        CompileOptions plain = CompileOptions.local(program.version(), layout)
                .withResourceFolder(Input.resourceFolder(Input.folderOf(Input.path(where))))
                .withAllowDataLoss(allowDataLoss);
        return address.map(at -> plain.withListen(at.host(), at.port())).orElse(plain);
    }

    private int operate(
            StateFolder folder,
            Supervisor supervisor,
            PrometheusProgram program,
            Pipeline pipeline,
            LocalAccess access,
            FolderSource source,
            RunScreen screen,
            Instant begun,
            Optional<Duration> patience)
            throws InterruptedException, IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        RunProgress progress = new RunProgress(screen, begun, timer, folder, program);
        LocalOperator operator = new LocalOperator(
                pipeline,
                listener ->
                        new Rollout(program, folder, supervisor, at -> client(access, at), Pace.LOCAL, timer, listener),
                timer,
                progress);
        FolderWatcher watcher = FolderWatcher.start(source, operator::take);
        Thread hook = Thread.ofPlatform().unstarted(() -> {
            screen.stopping();
            close(watcher, operator, folder);
            stopped.countDown();
        });
        Runtime.getRuntime().addShutdownHook(hook);
        int code = watch(operator, supervisor, access, progress, screen, patience);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came meanwhile: the hook stops everything, and the signal is the exit code.
            stopped.await();
            return code;
        }
        close(watcher, operator, folder);
        return code;
    }

    private static void close(FolderWatcher watcher, LocalOperator operator, StateFolder folder) {
        watcher.close();
        operator.close();
        try {
            RunningServer.remove(folder.root());
        } catch (IOException e) {
            // A note that stays names a process that is gone, and is recognized by that.
        }
    }

    private static PrometheusClient client(LocalAccess access, ServerAddress address) {
        return client(access, address, ClientLimits.DEFAULT);
    }

    private static PrometheusClient client(LocalAccess access, ServerAddress address, ClientLimits limits) {
        return new PrometheusClient(access.endpoint(address), limits);
    }

    /** Shows the targets until the end; returns the exit code of {@code --once}. */
    private int watch(
            LocalOperator operator,
            Supervisor supervisor,
            LocalAccess access,
            RunProgress progress,
            RunScreen screen,
            Optional<Duration> patience)
            throws InterruptedException {
        @Nullable PrometheusClient client = null;
        @Nullable ServerAddress connected = null;
        Instant verifiedAt = Instant.MAX;
        try {
            while (true) {
                boolean verified = progress.awaitVerified(LOOK);
                Optional<Pipeline.Step> step = operator.current();
                Optional<Bundle> bundle =
                        step.flatMap(taken -> taken.compilation().bundle());
                if (once && progress.failed()) {
                    return ExitCode.NO.number();
                }
                if (!verified || bundle.isEmpty()) {
                    continue;
                }
                ServerAddress address = bundle.get().address();
                if (client == null || !address.equals(connected)) {
                    if (client != null) {
                        client.close();
                    }
                    connected = address;
                    client = client(access, address);
                }
                if (verifiedAt.equals(Instant.MAX)) {
                    verifiedAt = timer.instant();
                }
                ServerStatus status = new StatusReader(client, screen.url(address), clock)
                        .read(
                                Optional.of(supervisor.observe()),
                                Optional.of(bundle.get().generation()),
                                Optional.of(bundle.get().jobs()),
                                TargetQuery.OVERVIEW);
                int alertmanagers = step.map(Pipeline.Step::alertmanagers).orElse(0);
                screen.table(status, alertmanagers);
                if (once) {
                    boolean up = status.jobs().stream().allMatch(job -> job.up() == job.total() && job.total() > 0);
                    boolean late =
                            Duration.between(verifiedAt, timer.instant()).compareTo(patience.orElse(Duration.ZERO))
                                    >= 0;
                    if (patience.isEmpty() || up || late) {
                        screen.result(status, alertmanagers);
                        boolean good = progress.clean() && (patience.isEmpty() || up);
                        return (good ? ExitCode.OK : ExitCode.NO).number();
                    }
                }
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            }
        } finally {
            if (client != null) {
                client.close();
            }
        }
    }

    private static <T> T demand(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(T value) -> value;
            case Outcome.Failed<T>(Diagnostic problem) ->
                throw Failure.environment(problem.code().id() + ": " + problem.message(), problem.remedy());
        };
    }

    private static Duration duration(String text) {
        return switch (PrometheusDuration.parse(text)) {
            case Checked.Valid<PrometheusDuration> valid ->
                Duration.ofMillis(valid.value().millis());
            case Checked.Invalid<PrometheusDuration> invalid ->
                throw Failure.usage("--wait " + text + " is no time", "write it as 60s or 2m");
        };
    }

    private static CompileOptions.Listen address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65535) {
                throw new NumberFormatException();
            }
            String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
            return new CompileOptions.Listen(host.isEmpty() ? "0.0.0.0" : host, port);
        } catch (NumberFormatException e) {
            throw Failure.usage("--listen " + text + " is no address", "write it as 127.0.0.1:9090");
        }
    }
}
