package io.narthex.cli.folder;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.cli.check.Compiled;
import io.narthex.cli.check.Layouts;
import io.narthex.cli.check.ServerOptions;
import io.narthex.cli.input.Input;
import io.narthex.cli.input.StateFolders;
import io.narthex.cli.print.Json;
import io.narthex.cli.print.Style;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Output;
import io.narthex.cli.terminal.OutputOptions;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.ServerAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code narthex doctor}. */
@Command(
        name = "doctor",
        description = {
            "Check what narthex run needs: Java, the system, Prometheus, its port, the state folder, limits.",
            "Changes nothing. Ends with 3 where something needed is missing."
        })
public final class DoctorCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final InstantSource clock;
    private final Supplier<Compiler> compiler;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The folder that is to run. Default: the working directory.")
    private String folder;

    @Option(
            names = "--prometheus",
            paramLabel = "FILE",
            description = "The program. Default: $PROMETHEUS, else in $PATH.")
    private @Nullable String prometheus;

    @Option(names = "--state", paramLabel = "DIR", description = "The state folder. Default: .narthex in DIR.")
    private @Nullable String state;

    @Mixin
    private ServerOptions server;

    @Mixin
    private OutputOptions options;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public DoctorCommand(Terminal terminal, InstantSource clock, Supplier<Compiler> compiler) {
        this.terminal = terminal;
        this.clock = clock;
        this.compiler = compiler;
    }

    @Override
    public Integer call() throws InterruptedException {
        Output output = options.on(terminal);
        Path root = Input.path(folder);
        Path stateFolder = state == null ? StateFolders.of(root) : Input.path(state);
        EnvironmentChecks checks = new EnvironmentChecks(terminal.environment());
        List<Finding> findings = new ArrayList<>();
        findings.add(checks.java());
        findings.add(checks.system());
        findings.add(checks.prometheus(Optional.ofNullable(prometheus)));
        Optional<ServerAddress> address = address(root);
        if (address.isPresent()) {
            findings.add(checks.port(address.get().host(), address.get().port()));
        }
        findings.add(checks.stateFolder(stateFolder));
        findings.add(checks.openFiles());
        boolean fit = findings.stream().noneMatch(finding -> finding.grade() == Finding.Grade.FAIL);
        if (output.isText()) {
            findings.forEach(finding -> print(output, finding));
        } else {
            ObjectNode document = Json.document("doctor").put("fit", fit);
            ArrayNode list = document.putArray("findings");
            findings.forEach(finding -> list.addObject()
                    .put("grade", finding.grade().name().toLowerCase(Locale.ROOT))
                    .put("subject", finding.subject())
                    .put("text", finding.text())
                    .put("remedy", finding.remedy()));
            output.json(document);
        }
        return (fit ? ExitCode.OK : ExitCode.ENVIRONMENT).number();
    }

    /** Where the folder's server would listen; empty where it has none that can be compiled. */
    private Optional<ServerAddress> address(Path root) {
        if (!Files.exists(root)) {
            return Optional.empty();
        }
        return Compiled.one(compiler.get(), Input.read(terminal, clock, folder), server, Layouts.USUAL)
                .compilations()
                .getFirst()
                .bundle()
                .map(bundle -> bundle.address());
    }

    private static void print(Output output, Finding finding) {
        Style style = output.style();
        String word = String.format("%-4s", finding.grade().word());
        String colored = switch (finding.grade()) {
            case OK -> style.green(word);
            case WARN -> style.yellow(word);
            case FAIL -> style.red(word);
        };
        output.line(colored + "  " + String.format("%-11s", finding.subject()) + Visible.of(finding.text()));
        if (!finding.remedy().isEmpty()) {
            output.line("      = help: " + Visible.of(finding.remedy()));
        }
    }
}
